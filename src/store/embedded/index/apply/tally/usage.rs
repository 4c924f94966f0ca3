//! How releases are used, while a command runs: sessions, users and events by day.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::releases::Placed;
use crate::model::release::ReleaseId;
use crate::model::session::Exposure;
use crate::model::timeline::{DAY, HOUR};
use crate::protocol::ids::ProjectId;
use crate::store::Result;
use crate::store::embedded::index::keys::Key;
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::release::{DayUse, HealthKind, health_key};
use crate::store::embedded::index::sketch::Sketch;

/// Days that are open: project, day since 1970, release, environment.
#[derive(Default)]
pub(in crate::store::embedded::index::apply) struct Usage(HashMap<Place, OpenDay>);

type Place = (ProjectId, i64, ReleaseId, String);

struct OpenDay {
    hours: DayUse,
    users: Option<Sketch>,
    crashed: Option<Sketch>,
}

impl Usage {
    /// The hour in which `time` (Unix seconds) lies.
    pub(in crate::store::embedded::index::apply) fn hour(
        &mut self,
        project: ProjectId,
        time: i64,
        placed: &Placed,
        overlay: &Overlay<'_>,
    ) -> Result<&mut Exposure> {
        let (_, day) = self.day(project, time, placed, overlay)?;
        Ok(&mut day.hours[(time.rem_euclid(DAY) / HOUR) as usize])
    }

    /// Counts a user of the day in which `time` (Unix seconds) lies, as one of all of them, or of those for whom it
    /// crashed.
    pub(in crate::store::embedded::index::apply) fn user(
        &mut self,
        project: ProjectId,
        time: i64,
        placed: &Placed,
        (kind, user): (HealthKind, &str),
        overlay: &Overlay<'_>,
    ) -> Result<()> {
        let (place, day) = self.day(project, time, placed, overlay)?;
        let sketch = match kind {
            HealthKind::Crashed => &mut day.crashed,
            HealthKind::Users | HealthKind::Use => &mut day.users,
        };
        if sketch.is_none() {
            *sketch = Some(overlay.get(&key(&place, kind))?.unwrap_or_default());
        }
        if let Some(sketch) = sketch {
            sketch.insert(user);
        }
        Ok(())
    }

    fn day(
        &mut self,
        project: ProjectId,
        time: i64,
        placed: &Placed,
        overlay: &Overlay<'_>,
    ) -> Result<(Place, &mut OpenDay)> {
        let environment = placed.environment.clone();
        let place = (project, time.div_euclid(DAY), placed.release, environment);
        let open = match self.0.entry(place.clone()) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(vacant) => vacant.insert(OpenDay {
                hours: overlay.get(&key(&place, HealthKind::Use))?.unwrap_or_default(),
                users: None,
                crashed: None,
            }),
        };
        Ok((place, open))
    }

    /// Writes all rows.
    pub(super) fn write(self, overlay: &mut Overlay<'_>) -> Result<()> {
        for (place, day) in self.0 {
            overlay.put(key(&place, HealthKind::Use), &day.hours)?;
            if let Some(users) = day.users.filter(Sketch::is_changed) {
                overlay.put(key(&place, HealthKind::Users), &users)?;
            }
            if let Some(crashed) = day.crashed.filter(Sketch::is_changed) {
                overlay.put(key(&place, HealthKind::Crashed), &crashed)?;
            }
        }
        Ok(())
    }
}

fn key((project, day, release, environment): &Place, kind: HealthKind) -> Key {
    health_key(*project, *day)
        .number(release.0)
        .bytes(&[kind as u8])
        .bytes(environment.as_bytes())
}
