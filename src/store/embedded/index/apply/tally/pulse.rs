//! What was received minute by minute, while a command runs.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jiff::Timestamp;

use crate::model::IssueId;
use crate::model::alert::Minute;
use crate::model::event::EventRecord;
use crate::model::session::{SessionCounts, SessionReport};
use crate::protocol::ids::ProjectId;
use crate::store::Result;
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::pulse::{PulseRow, hour_of, pulse_key};

/// Rows that are open: hour received, project, issue.
#[derive(Default)]
pub(in crate::store::embedded::index::apply) struct Pulses(HashMap<(i64, ProjectId, IssueId), PulseRow>);

impl Pulses {
    /// Counts an event of an issue.
    pub(super) fn event(&mut self, event: &EventRecord, issue: IssueId, overlay: &Overlay<'_>) -> Result<()> {
        self.row(event.project, issue, event.received, overlay)?
            .event(event);
        Ok(())
    }

    /// Counts what a report taught of sessions.
    pub(in crate::store::embedded::index::apply) fn sessions(
        &mut self,
        report: &SessionReport,
        learned: &SessionCounts,
        overlay: &Overlay<'_>,
    ) -> Result<()> {
        if *learned == SessionCounts::default() {
            return Ok(());
        }
        self.row(report.project, PulseRow::SESSIONS, report.received, overlay)?
            .sessions(report.received, report.environment.as_deref(), learned);
        Ok(())
    }

    fn row(
        &mut self,
        project: ProjectId,
        issue: IssueId,
        received: Timestamp,
        overlay: &Overlay<'_>,
    ) -> Result<&mut PulseRow> {
        let hour = hour_of(Minute::of(received));
        match self.0.entry((hour, project, issue)) {
            Entry::Occupied(open) => Ok(open.into_mut()),
            Entry::Vacant(vacant) => {
                let row = overlay.get(&pulse_key(hour, project).number(issue.0))?;
                Ok(vacant.insert(row.unwrap_or_default()))
            }
        }
    }

    /// Writes all rows.
    pub(super) fn write(self, overlay: &mut Overlay<'_>) -> Result<()> {
        for ((hour, project, issue), row) in self.0 {
            overlay.put(pulse_key(hour, project).number(issue.0), &row)?;
        }
        Ok(())
    }
}
