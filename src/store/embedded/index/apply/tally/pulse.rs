//! What was received minute by minute, while a command runs. A minute that alerts were judged by does not change any more:
//! what comes late (its disk was slow) is counted in the first one that is still open.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jiff::Timestamp;

use crate::model::IssueId;
use crate::model::alert::Minute;
use crate::model::event::EventRecord;
use crate::model::session::{SessionCounts, SessionReport};
use crate::protocol::ids::ProjectId;
use crate::store::embedded::index::alerts::progress_key;
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::pulse::{PulseRow, hour_of, pulse_key};
use crate::store::{Progress, Result};

/// The most minutes that something may come late: what is judged further ahead was judged by a wrong clock.
const MOST_LATE: i64 = 10;

/// Rows that are open.
#[derive(Default)]
pub(in crate::store::embedded::index::apply) struct Pulses {
    /// By hour, project, issue.
    rows: HashMap<(i64, ProjectId, IssueId), PulseRow>,
    /// How far alerts are, when that was read: no command changes both.
    progress: Option<Progress>,
}

impl Pulses {
    /// Counts an event of an issue.
    pub(super) fn event(&mut self, event: &EventRecord, issue: IssueId, overlay: &Overlay<'_>) -> Result<()> {
        let minute = self.minute(event.received, overlay)?;
        self.row(event.project, issue, minute, overlay)?
            .event(minute, event);
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
        let minute = self.minute(report.received, overlay)?;
        self.row(report.project, PulseRow::SESSIONS, minute, overlay)?
            .sessions(minute, report.environment.as_deref(), learned);
        Ok(())
    }

    /// In which minute something is counted.
    fn minute(&mut self, received: Timestamp, overlay: &Overlay<'_>) -> Result<Minute> {
        let progress = match &mut self.progress {
            Some(progress) => progress,
            unread => unread.insert(overlay.get(&progress_key())?.unwrap_or_default()),
        };
        let minute = Minute::of(received);
        let late = progress.minute.map_or(0, |judged| judged.0 - minute.0 + 1);
        Ok(Minute(
            minute.0
                + Some(late)
                    .filter(|late| (1..=MOST_LATE).contains(late))
                    .unwrap_or(0),
        ))
    }

    fn row(
        &mut self,
        project: ProjectId,
        issue: IssueId,
        minute: Minute,
        overlay: &Overlay<'_>,
    ) -> Result<&mut PulseRow> {
        let hour = hour_of(minute);
        match self.rows.entry((hour, project, issue)) {
            Entry::Occupied(open) => Ok(open.into_mut()),
            Entry::Vacant(vacant) => {
                let row = overlay.get(&pulse_key(hour, project).number(issue.0))?;
                Ok(vacant.insert(row.unwrap_or_default()))
            }
        }
    }

    /// Writes all rows.
    pub(super) fn write(self, overlay: &mut Overlay<'_>) -> Result<()> {
        for ((hour, project, issue), row) in self.rows {
            overlay.put(pulse_key(hour, project).number(issue.0), &row)?;
        }
        Ok(())
    }
}
