//! A project while a command runs.

use super::hours::Hours;
use crate::model::ProjectActivity;
use crate::model::event::EventRecord;
use crate::protocol::ids::ProjectId;
use crate::store::Result;
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::overlay::Overlay;

/// A project with what is counted of it.
pub(in crate::store::embedded::index::apply) struct OpenProject {
    id: ProjectId,
    pub(in crate::store::embedded::index::apply) activity: ProjectActivity,
    hours: Hours,
}

impl OpenProject {
    /// The project; none when it was removed.
    pub(super) fn read(id: ProjectId, overlay: &Overlay<'_>) -> Result<Option<Self>> {
        if !overlay.has(&Key::of(Table::Project).number(id.0))? {
            return Ok(None);
        }
        let activity = overlay.get(&Key::of(Table::Activity).number(id.0))?;
        Ok(Some(Self {
            id,
            activity: activity.unwrap_or_default(),
            hours: Hours::default(),
        }))
    }

    /// Counts an event that was kept.
    pub(in crate::store::embedded::index::apply) fn see(&mut self, event: &EventRecord) {
        self.hours.count(event.timestamp);
        self.activity.first_event.get_or_insert(event.received);
        if let Some(environment) = &event.environment
            && !self.activity.environments.contains(environment)
            && self.activity.environments.len() < ProjectActivity::MAX_ENVIRONMENTS
        {
            self.activity.environments.push(environment.clone());
        }
    }

    pub(super) fn write(self, overlay: &mut Overlay<'_>) -> Result<()> {
        overlay.put(Key::of(Table::Activity).number(self.id.0), &self.activity)?;
        self.hours
            .write(&Key::of(Table::ProjectHours).number(self.id.0), overlay)
    }
}
