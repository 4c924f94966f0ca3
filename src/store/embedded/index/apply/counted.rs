//! Events that are counted and not kept: what is left of them is their ids, for as long as clients may repeat them.

use jiff::Timestamp;

use super::attachment;
use super::event::time_key;
use super::tally::Tally;
use crate::model::event::EventRecord;
use crate::model::timeline::DAY;
use crate::model::{PartId, StandIn};
use crate::protocol::ids::{EventId, ProjectId};
use crate::store::Result;
use crate::store::embedded::index::keys::{COUNTED_DAYS, counted_key, event_key};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::{EventRow, Meta, TimeRow};

/// The day on which an event was received, since 1970.
pub(super) fn day(event: &EventRecord) -> i64 {
    event.received.as_second().div_euclid(DAY)
}

/// Whether the event was counted before and not kept, on the day on which it was received, or on the one before.
pub(super) fn is_known(event: &EventRecord, meta: &Meta, overlay: &Overlay<'_>) -> Result<bool> {
    let today = day(event);
    for day in [today, today - 1] {
        if (meta.counted_from..=meta.last_counted).contains(&day)
            && overlay.has(&counted_key(day, event.project, event.id))?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Remembers the id of an event that was received on `day`, unless no client repeats it any more.
pub(super) fn remember(
    project: ProjectId,
    event: EventId,
    day: i64,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    if day < meta.counted_from {
        return Ok(());
    }
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

/// The last day whose ids may be forgotten at `now`, if there are any of it or of an earlier one.
pub(super) fn overdue(meta: &Meta, now: Timestamp) -> Option<i64> {
    let last = now.as_second().div_euclid(DAY) - COUNTED_DAYS - 1;
    (meta.counted_from..=last)
        .contains(&last.min(meta.last_counted))
        .then_some(last)
}

/// Forgets the ids of a day and of those before it, at once: millions of rows are left out when their runs are merged.
pub(super) fn forget(day: i64, meta: &mut Meta) {
    meta.counted_from = meta.counted_from.max(day + 1);
}
