//! What is kept of each day is as much as its events add up to.

use std::collections::HashMap;

use super::{Report, table};
use crate::model::timeline::DAY;
use crate::store::embedded::index::keys::{Pieces, Table};
use crate::store::embedded::index::rows::KeptRow;
use crate::store::embedded::index::tree::Tree;

/// Payloads and their bytes, by project and day since 1970.
#[derive(Default)]
pub(super) struct Kept(HashMap<(u64, i64), (u64, u64)>);

impl Kept {
    /// The payload of an event is kept that happened at `time` (µs).
    pub(super) fn add(&mut self, project: u64, time: i64, bytes: u32) {
        let day = time.div_euclid(DAY * 1_000_000);
        let (events, sum) = self.0.entry((project, day)).or_default();
        *events += 1;
        *sum += u64::from(bytes);
    }

    /// The rows say the same.
    pub(super) fn check(mut self, tree: &Tree, report: &mut Report) {
        for row in table::<KeptRow>(tree, Table::Kept) {
            let Some((key, row)) = report.check(row) else {
                continue;
            };
            let mut pieces = Pieces::of(&key);
            let (Some(project), Some(day)) = (pieces.number(), pieces.signed()) else {
                continue;
            };
            let found = self.0.remove(&(project, day)).unwrap_or_default();
            if found != (row.events, row.bytes) {
                let says = (row.events, row.bytes);
                report.fault(format!(
                    "day {day} of project {project} says {says:?} payloads and bytes but has {found:?}"
                ));
            }
        }
        for (project, day) in self.0.keys() {
            report.fault(format!("day {day} of project {project} is not counted"));
        }
    }
}
