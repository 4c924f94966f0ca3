//! Clears away what is older than anybody asks for, and what was of a project that is gone.

use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;

use super::outbox;
use crate::model::alert::firing::Cause;
use crate::model::alert::{Delivery, DeliveryId, Firing, FiringId, Happening, HappeningId};
use crate::protocol::ids::ProjectId;
use crate::store::Result;
use crate::store::alerts::RETENTION_DAYS;
use crate::store::embedded::index::alerts::{
    Concern, causes_key, delivery_key, firing_deliveries_key, firing_key, happened_key, happening_key,
};
use crate::store::embedded::index::keys::{Key, Pieces, Table};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::pulse::{end_of, hour_key, pulse_key};
use crate::store::embedded::index::rows;

/// How many rows of a table go in a slice.
const SLICE: usize = 500;
/// How far is looked for something old behind what is of the future: a million rows.
const LOOKS: u32 = 20;
/// For how long all of it is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(RETENTION_DAYS * 24);
/// For how many hours there may be what was received: a day more than it is kept.
const HOURS: i64 = (RETENTION_DAYS + 1) * 24;

/// The moment before which all is to be cleared away at `now`, if there is anything.
pub(in crate::store::embedded::index::apply) fn overdue(
    overlay: &Overlay<'_>,
    now: Timestamp,
) -> Result<Option<Timestamp>> {
    let Ok(before) = now.checked_sub(KEPT) else {
        return Ok(None);
    };
    let is_overdue = !HAPPENINGS.old(1, before, overlay)?.is_empty()
        || !FIRINGS.old(1, before, overlay)?.is_empty()
        || !DELIVERIES.old(1, before, overlay)?.is_empty()
        || first_hour(overlay)?.is_some_and(|hour| end_of(hour) <= before);
    Ok(is_overdue.then_some(before))
}

/// Clears a slice of what is older than `before` away.
pub(in crate::store::embedded::index::apply) fn purge(
    before: Timestamp,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    for happening in HAPPENINGS.old(SLICE, before, overlay)? {
        forget_happening(&happening, overlay);
    }
    for firing in FIRINGS.old(SLICE, before, overlay)? {
        forget_firing(&firing, overlay)?;
    }
    for delivery in DELIVERIES.old(SLICE, before, overlay)? {
        outbox::forget(&delivery, overlay);
    }
    if let Some(hour) = first_hour(overlay)?.filter(|hour| end_of(*hour) <= before) {
        clear(&hour_key(hour), SLICE, overlay)?;
    }
    Ok(())
}

/// Clears a slice of what was of a removed project away. Answers whether it was the last one. Messages on their way stay:
/// they are found to tell of nothing.
pub(in crate::store::embedded::index::apply) fn purge_project(
    project: ProjectId,
    overlay: &mut Overlay<'_>,
) -> Result<bool> {
    let happened = overlay.scan(&Key::of(Table::Happened).number(project.0), SLICE)?;
    for (key, _) in &happened {
        if let Some(id) = last_number(key).map(HappeningId)
            && let Some(happening) = overlay.get::<Happening>(&happening_key(id))?
        {
            forget_happening(&happening, overlay);
        }
    }
    let fired = overlay.scan(&Concern::Project(project).key(), SLICE)?;
    for (key, _) in &fired {
        if let Some(id) = last_number(key).map(FiringId)
            && let Some(firing) = overlay.get::<Firing>(&firing_key(id))?
        {
            forget_firing(&firing, overlay)?;
        }
    }
    let mut room = SLICE;
    if let Some(first) = first_hour(overlay)? {
        for hour in first..first.saturating_add(HOURS) {
            room -= clear(&pulse_key(hour, project), room, overlay)?;
        }
    }
    Ok(happened.len() < SLICE && fired.len() < SLICE && room > 0)
}

/// A table of what is numbered as it came.
struct Numbered<T> {
    table: Table,
    key: fn(u64) -> Key,
    time: fn(&T) -> Timestamp,
}

const HAPPENINGS: Numbered<Happening> = Numbered {
    table: Table::Happening,
    key: |id| happening_key(HappeningId(id)),
    time: |it| it.time,
};
const FIRINGS: Numbered<Firing> = Numbered {
    table: Table::Firing,
    key: |id| firing_key(FiringId(id)),
    time: |it| it.time,
};
const DELIVERIES: Numbered<Delivery> = Numbered {
    table: Table::Delivery,
    key: |id| delivery_key(DeliveryId(id)),
    time: |it| it.created,
};

impl<T: DeserializeOwned> Numbered<T> {
    /// The first rows, at most `limit`, up to the last one that is from before: what came earlier than that is as old,
    /// also where a clock that was ahead said that it is of the future.
    fn old(&self, limit: usize, before: Timestamp, overlay: &Overlay<'_>) -> Result<Vec<T>> {
        let rows = overlay.scan(&Key::of(self.table), limit)?;
        let Some(first) = rows.first().and_then(|(key, _)| last_number(key)) else {
            return Ok(Vec::new());
        };
        let mut found = Vec::with_capacity(rows.len());
        for (_, row) in &rows {
            found.push(rows::decode::<T>(row)?);
        }
        let last = found.iter().rposition(|it| (self.time)(it) < before);
        let hides = match (last, found.first()) {
            (None, Some(front)) if (self.time)(front) > before + KEPT => {
                self.is_old_behind(first, before, overlay)?
            }
            _ => false,
        };
        if !hides {
            found.truncate(last.map_or(0, |last| last + 1));
        }
        Ok(found)
    }

    /// Whether there is something old behind a row: by looks at twice the distance each, so that however many rows are of
    /// the future, they are passed when as many behind them are old.
    fn is_old_behind(&self, first: u64, before: Timestamp, overlay: &Overlay<'_>) -> Result<bool> {
        for doublings in 0..LOOKS {
            let key = (self.key)(first.saturating_add(1 << doublings));
            let row = overlay.get::<T>(&key)?;
            if row.is_some_and(|row| (self.time)(&row) < before) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn forget_happening(happening: &Happening, overlay: &mut Overlay<'_>) {
    let id = happening.id;
    overlay.remove(happened_key(happening.project, happening.time).number(id.0));
    overlay.remove(happening_key(id));
}

fn forget_firing(firing: &Firing, overlay: &mut Overlay<'_>) -> Result<()> {
    let id = firing.id;
    let mut concerns = vec![Concern::Rule(firing.rule), Concern::Project(firing.project)];
    for (_, row) in overlay.scan(&causes_key(id), Firing::MAX_CAUSES)? {
        concerns.extend(rows::decode::<Cause>(&row)?.issue.map(Concern::Issue));
    }
    for concern in concerns {
        overlay.remove(concern.key().number(id.0));
    }
    overlay.remove_all(&causes_key(id))?;
    overlay.remove_all(&firing_deliveries_key(id))?;
    overlay.remove(firing_key(id));
    Ok(())
}

/// The first hour in which something was received.
fn first_hour(overlay: &Overlay<'_>) -> Result<Option<i64>> {
    let first = overlay.scan(&Key::of(Table::Pulse), 1)?;
    Ok(first.first().and_then(|(key, _)| Pieces::of(key).signed()))
}

/// Removes the first `limit` rows that begin with `prefix`. Answers how many there were.
fn clear(prefix: &Key, limit: usize, overlay: &mut Overlay<'_>) -> Result<usize> {
    let slice = overlay.scan(prefix, limit)?;
    for (key, _) in &slice {
        let end = key.get(prefix.as_ref().len()..).unwrap_or_default();
        overlay.remove(prefix.clone().bytes(end));
    }
    Ok(slice.len())
}

/// The number at the end of a key.
fn last_number(key: &[u8]) -> Option<u64> {
    key.last_chunk().map(|number| u64::from_be_bytes(*number))
}
