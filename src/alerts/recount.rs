//! What rules that are new or changed have counted of the past: read in slices, since a day of a busy installation takes
//! longer than an alert may wait.

use std::collections::{BTreeMap, BTreeSet};

use super::engine::{Counts, Rules};
use super::live::More;
use super::received::Received;
use crate::model::alert::{Minute, RuleId};
use crate::protocol::ids::ProjectId;
use crate::store::{Alerts, Result};

/// Minutes of a project that are read in one go: as many as are read at once anyway.
const SLICE: i64 = 60;

/// Counts that are on their way to where the others are.
pub(super) struct Recount {
    rules: Rules,
    /// What was counted so far.
    pub(super) counts: Counts,
    /// For each project the next minute.
    next: BTreeMap<ProjectId, (Minute, Received)>,
}

impl Recount {
    /// What `rules` count in `projects` from `first` on.
    pub(super) fn new(rules: Rules, projects: impl Iterator<Item = ProjectId>, first: Minute) -> Self {
        let next = projects.map(|project| (project, (first, Received::new(project))));
        Self {
            rules,
            counts: Counts::default(),
            next: next.collect(),
        }
    }

    /// Which rules these are.
    pub(super) fn ids(&self) -> BTreeSet<RuleId> {
        self.rules.said().map(|rule| rule.id).collect()
    }

    /// Counts a little more, at most up to `last`, and says whether there is more to count until then.
    pub(super) async fn slice(&mut self, alerts: &dyn Alerts, last: Minute) -> Result<More> {
        let behind = self.next.iter_mut().find(|(_, (next, _))| *next <= last);
        let Some((project, (next, received))) = behind else {
            return Ok(More::No);
        };
        let end = Minute(last.0.min(next.0 + SLICE - 1));
        while *next <= end {
            let pulses = received.minute(alerts, *next, last).await?;
            self.counts.add(&self.rules, *project, &pulses);
            *next = Minute(next.0 + 1);
        }
        Ok(More::Yes)
    }
}
