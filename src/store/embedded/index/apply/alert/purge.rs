//! Clears away what is older than anybody asks for, and what was of a project that is gone.

use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;

use super::outbox;
use crate::model::alert::firing::Cause;
use crate::model::alert::{Delivery, Firing, FiringId, Happening, HappeningId};
use crate::protocol::ids::ProjectId;
use crate::store::Result;
use crate::store::alerts::RETENTION_DAYS;
use crate::store::embedded::index::alerts::{
    Concern, causes_key, firing_deliveries_key, firing_key, happened_key, happening_key,
};
use crate::store::embedded::index::keys::{Key, Pieces, Table};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::pulse::{end_of, hour_key, pulse_key};
use crate::store::embedded::index::rows;

/// How many rows of a table go in a slice.
const SLICE: usize = 500;
/// For how many hours there may be what was received: a day more than it is kept.
const HOURS: i64 = (RETENTION_DAYS + 1) * 24;

/// The moment before which all is to be cleared away at `now`, if there is anything.
pub(in crate::store::embedded::index::apply) fn overdue(
    overlay: &Overlay<'_>,
    now: Timestamp,
) -> Result<Option<Timestamp>> {
    let Ok(before) = now.checked_sub(SignedDuration::from_hours(RETENTION_DAYS * 24)) else {
        return Ok(None);
    };
    let is_overdue = !old(Table::Happening, 1, overlay, |it: &Happening| it.time < before)?.is_empty()
        || !old(Table::Firing, 1, overlay, |it: &Firing| it.time < before)?.is_empty()
        || !old(Table::Delivery, 1, overlay, |it: &Delivery| it.created < before)?.is_empty()
        || first_hour(overlay)?.is_some_and(|hour| end_of(hour) <= before);
    Ok(is_overdue.then_some(before))
}

/// Clears a slice of what is older than `before` away.
pub(in crate::store::embedded::index::apply) fn purge(
    before: Timestamp,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    for happening in old(Table::Happening, SLICE, overlay, |it: &Happening| {
        it.time < before
    })? {
        forget_happening(&happening, overlay);
    }
    for firing in old(Table::Firing, SLICE, overlay, |it: &Firing| it.time < before)? {
        forget_firing(&firing, overlay)?;
    }
    for delivery in old(Table::Delivery, SLICE, overlay, |it: &Delivery| {
        it.created < before
    })? {
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

/// The first rows of a table of what is numbered as it came, at most `limit`, up to one that is not old.
fn old<T: DeserializeOwned>(
    table: Table,
    limit: usize,
    overlay: &Overlay<'_>,
    is_old: impl Fn(&T) -> bool,
) -> Result<Vec<T>> {
    let mut found = Vec::new();
    for (_, row) in overlay.scan(&Key::of(table), limit)? {
        let row = rows::decode(&row)?;
        if !is_old(&row) {
            break;
        }
        found.push(row);
    }
    Ok(found)
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
