//! What was received of a project, read an hour at a time and handed out minute by minute.

use std::iter::Peekable;
use std::vec::IntoIter;

use crate::model::alert::{Minute, Pulse};
use crate::protocol::ids::ProjectId;
use crate::store::{Alerts, Result};

/// What was received of a project.
pub(super) struct Received {
    project: ProjectId,
    read: Peekable<IntoIter<Pulse>>,
    /// The last minute that was read.
    until: Option<Minute>,
}

impl Received {
    pub(super) fn new(project: ProjectId) -> Self {
        Self {
            project,
            read: Vec::new().into_iter().peekable(),
            until: None,
        }
    }

    /// What was received in `minute`. Minutes are asked for in order; up to `last` nothing changes any more, so that
    /// it may be read now.
    pub(super) async fn minute(
        &mut self,
        alerts: &dyn Alerts,
        minute: Minute,
        last: Minute,
    ) -> Result<Vec<Pulse>> {
        if self.until.is_none_or(|until| until < minute) {
            let hour = Minute(minute.0.div_euclid(60) * 60 + 59);
            let until = hour.min(last).max(minute);
            let read = alerts.pulse(self.project, minute, until).await?;
            self.read = read.into_iter().peekable();
            self.until = Some(until);
        }
        let mut found = Vec::new();
        while let Some(pulse) = self.read.next_if(|pulse| pulse.minute <= minute) {
            found.push(pulse);
        }
        Ok(found)
    }
}
