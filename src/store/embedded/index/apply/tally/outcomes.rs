//! Outcomes while a command runs.

use std::collections::HashMap;

use super::hours::day_and_hour;
use crate::model::{Outcome, OutcomeCount};
use crate::protocol::category::DataCategory;
use crate::protocol::ids::ProjectId;
use crate::store::Result;
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::{DayHours, ReasonHours};

/// What is to be added: by row the reason, the hour and how many.
#[derive(Default)]
pub(super) struct Outcomes(HashMap<OutcomeKey, Vec<(String, usize, u64)>>);

/// Project, day, category, outcome: a row.
type OutcomeKey = (ProjectId, i64, DataCategory, Outcome);

impl Outcomes {
    /// Counts items.
    pub(super) fn count(&mut self, count: &OutcomeCount) {
        let (day, hour) = day_and_hour(count.time);
        let reasons = self
            .0
            .entry((count.project, day, count.category, count.outcome))
            .or_default();
        match reasons
            .iter_mut()
            .find(|(reason, at, _)| *reason == count.reason && *at == hour)
        {
            Some((_, _, quantity)) => *quantity += count.quantity,
            None => reasons.push((count.reason.clone(), hour, count.quantity)),
        }
    }

    /// Adds to the rows.
    pub(super) fn write(self, overlay: &mut Overlay<'_>) -> Result<()> {
        for ((project, day, category, outcome), counts) in self.0 {
            let name = format!("{}/{}", category.as_str(), outcome.name());
            let key = Key::of(Table::Outcomes)
                .number(project.0)
                .signed(day)
                .bytes(name.as_bytes());
            let mut row: ReasonHours = overlay.get(&key)?.unwrap_or_default();
            for (reason, hour, quantity) in counts {
                if !row.iter().any(|(known, _)| *known == reason) {
                    row.push((reason.clone(), DayHours::default()));
                }
                if let Some((_, hours)) = row.iter_mut().find(|(known, _)| *known == reason) {
                    hours[hour] += quantity;
                }
            }
            overlay.put(key, &row)?;
        }
        Ok(())
    }
}
