//! Events that are counted and not kept: what is left of them is their ids, for as long as clients may repeat them.

use super::attachment;
use super::event::time_key;
use super::tally::Tally;
use crate::model::event::EventRecord;
use crate::model::timeline::DAY;
use crate::model::{PartId, StandIn};
use crate::protocol::ids::{EventId, ProjectId};
use crate::store::Result;
use crate::store::embedded::index::keys::{Key, Pieces, Table, counted_key, event_key};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::{EventRow, Meta, TimeRow};

/// How many ids are forgotten in a slice.
const SLICE: usize = 1_000;

/// The day on which an event was received, since 1970.
pub(super) fn day(event: &EventRecord) -> i64 {
    event.received.as_second().div_euclid(DAY)
}

/// Whether the event was counted before and not kept, on the day on which it was received, or on the one before.
pub(super) fn is_known(event: &EventRecord, meta: &Meta, overlay: &Overlay<'_>) -> Result<bool> {
    let today = day(event);
    for day in [today, today - 1] {
        if day <= meta.last_counted && overlay.has(&counted_key(day, event.project, event.id))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Remembers the id of an event that was received on `day`.
pub(super) fn remember(
    project: ProjectId,
    event: EventId,
    day: i64,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    meta.last_counted = meta.last_counted.max(day);
    overlay.put(counted_key(day, project, event), &())
}

/// Lets `event` stand in for what comes after the sample of its part, and the one that did so before go.
pub(super) fn replace(
    event: &EventRecord,
    part: PartId,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
    tally: &mut Tally,
) -> Result<()> {
    let next = StandIn {
        event: event.id,
        time: event.timestamp.as_microsecond(),
        day: day(event),
    };
    let Some(before) = tally.stand_in(part, next, overlay)? else {
        return Ok(());
    };
    let by_id = event_key(event.project, before.event);
    let row: Option<EventRow> = overlay.get(&by_id)?;
    // It may be another part's since, or gone already.
    if row.is_none_or(|row| row.part != part || row.time != before.time) {
        return Ok(());
    }
    overlay.remove(by_id);
    let by_time = time_key(part, before.time, before.event);
    if let Some(row) = overlay.get::<TimeRow>(&by_time)? {
        tally.held.forget_payload(event.project, before.time, row.bytes);
    }
    overlay.remove(by_time);
    attachment::forget(
        event.project,
        Some(before.event.as_bytes()),
        &mut tally.held,
        overlay,
    )?;
    tally.bare(part, overlay)?;
    remember(event.project, before.event, before.day, meta, overlay)
}

/// The first day of which ids are remembered.
pub(super) fn oldest(overlay: &Overlay<'_>) -> Result<Option<i64>> {
    let first = overlay.scan(&Key::of(Table::Counted), 1)?;
    Ok(first.first().and_then(|(key, _)| Pieces::of(key).signed()))
}

/// Forgets a slice of the ids of a day. Answers whether that was the last one.
pub(super) fn forget(day: i64, overlay: &mut Overlay<'_>) -> Result<bool> {
    let slice = overlay.scan(&Key::of(Table::Counted).signed(day), SLICE)?;
    for (key, _) in &slice {
        overlay.remove(Key::of(Table::Counted).bytes(key.get(1..).unwrap_or_default()));
    }
    Ok(slice.len() < SLICE)
}
