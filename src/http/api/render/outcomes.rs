//! Outcomes, summed up as the client groups them.

use std::collections::BTreeMap;

use crate::http::api::period::Span;
use crate::http::api::shape::{Counts, OutcomeGroup, Outcomes, Series};
use crate::model::OutcomeRow;
use crate::model::timeline::{Timeline, at};

/// Something that outcomes can be told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http::api) enum Grouping {
    Outcome,
    Category,
    Reason,
    Project,
}

impl Grouping {
    const ALL: [Self; 4] = [Self::Outcome, Self::Category, Self::Reason, Self::Project];

    /// The grouping with this name.
    pub(in crate::http::api) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grouping| grouping.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Category => "category",
            Self::Reason => "reason",
            Self::Project => "project",
        }
    }

    fn of(self, row: &OutcomeRow) -> String {
        match self {
            Self::Outcome => row.outcome.name().to_owned(),
            Self::Category => row.category.to_string(),
            Self::Reason => row.reason.clone(),
            Self::Project => row.project.to_string(),
        }
    }
}

/// The rows that are asked for, by group; `received` was counted before outcomes were chosen among.
pub(in crate::http::api) fn outcomes(
    rows: &[OutcomeRow],
    by: &[Grouping],
    span: &Span,
    received: u64,
    pending: u64,
) -> Outcomes {
    let series = |hours: &[(i64, u64)]| Timeline::new(hours, span.range, span.step).buckets;
    let mut groups: BTreeMap<BTreeMap<&'static str, String>, Vec<u64>> = BTreeMap::new();
    for row in rows {
        let group = by
            .iter()
            .map(|grouping| (grouping.name(), grouping.of(row)))
            .collect();
        let counts = series(&row.hours).into_iter().map(|(_, count)| count);
        match groups.get_mut(&group) {
            Some(sums) => sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count),
            None => drop(groups.insert(group, counts.collect())),
        }
    }
    let group = |(by, counts): (_, Vec<u64>)| OutcomeGroup {
        by,
        totals: Counts {
            quantity: counts.iter().sum(),
        },
        series: Series { quantity: counts },
    };
    Outcomes {
        start: span.range.start,
        end: span.range.end,
        intervals: series(&[]).into_iter().map(|(second, _)| at(second)).collect(),
        groups: groups.into_iter().map(group).collect(),
        received: received + pending,
        pending,
    }
}
