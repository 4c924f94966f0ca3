//! Stored events are grouped anew: each is counted where its hashes lead now. The part that it was in is not counted back
//! but emptied, and goes with its last event.

use super::event::{find_or_begin, lead};
use super::tally::Tally;
use super::{release, sum};
use crate::model::event::EventRecord;
use crate::model::{GroupHash, Part, PartId, Regrouping};
use crate::protocol::ids::ProjectId;
use crate::store::embedded::index::keys::{Key, Pieces, Table, event_key};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::{EventRow, Meta, Place, TimeRow};
use crate::store::{Error, Result};

/// Keeps how far it is, unless another regrouping runs.
pub(super) fn keep(how_far: &Regrouping, overlay: &mut Overlay<'_>) -> Result<()> {
    if !overlay.has(&Key::of(Table::Project).number(how_far.project.0))? {
        return Err(Error::Missing("project"));
    }
    let key = Key::of(Table::Regrouping).number(how_far.project.0);
    let known: Option<Regrouping> = overlay.get(&key)?;
    let is_other = |known: &Regrouping| known.started.as_microsecond() != how_far.started.as_microsecond();
    match known {
        Some(known) if known.end.is_none() && is_other(&known) => Err(Error::Conflict(
            "the events of this project are being grouped anew already",
        )),
        _ => overlay.put(key, how_far),
    }
}

/// Lets a fresh part take over the hashes of this one, if it has events and has no successor.
pub(super) fn remake(
    project: ProjectId,
    id: PartId,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let key = Key::of(Table::Part).number(id.0);
    let part: Option<Part> = overlay.get(&key)?;
    let is_due =
        |part: &Part| part.project == project && part.successor.is_none() && part.seen.times_seen > 0;
    let Some(mut part) = part.filter(is_due) else {
        return Ok(());
    };
    if sum::find_itself(part.issue, overlay)?.is_none() {
        return Ok(());
    }
    meta.last_part += 1;
    let fresh = part.remake(PartId(meta.last_part));
    for (row, _) in overlay.scan(&Key::of(Table::PartHash).number(id.0), usize::MAX)? {
        let mut pieces = Pieces::of(&row);
        if let (Some(_), Some(hash)) = (pieces.number(), pieces.array()) {
            lead(project, GroupHash(hash), fresh.id, overlay)?;
        }
    }
    overlay.put(
        Key::of(Table::IssuePart).number(fresh.issue.0).number(fresh.id.0),
        &(),
    )?;
    overlay.put(Key::of(Table::Part).number(fresh.id.0), &fresh)?;
    overlay.put(key, &part)
}

/// Counts an event where its hashes lead. The frame at `frame` holds its new record.
pub(super) fn count(
    event: &EventRecord,
    frame: Place,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
    tally: &mut Tally,
) -> Result<()> {
    let by_id = event_key(event.project, event.id);
    let Some(row) = overlay.get::<EventRow>(&by_id)? else {
        return Ok(());
    };
    if tally.project(event.project, overlay)?.is_none() || !tally.is_kept(row.part, overlay)? {
        return Ok(());
    }
    let part = match find_or_begin(event, meta, overlay, tally)? {
        Some(part) => part,
        // What is dropped when it comes anew is not taken away when it is here: it goes where the others of its part go.
        None => heir(row.part, overlay, tally)?,
    };
    let by_time = |part: PartId| {
        let of_part = Key::of(Table::EventTime).number(part.0);
        of_part.signed(row.time).bytes(event.id.as_bytes())
    };
    let Some(known) = overlay.get::<TimeRow>(&by_time(row.part))? else {
        return Ok(());
    };
    overlay.remove(by_time(row.part));
    let time = TimeRow {
        regrouped: Some(frame),
        environment: event.environment.clone(),
        ..known
    };
    overlay.put(by_time(part), &time)?;
    let before = row.part;
    overlay.put(by_id, &EventRow { part, ..row })?;
    if part != before {
        tally.recount(event, part, overlay)?;
        tally.releases.recount(event, part, overlay)?;
        if tally.uncount(event, before, part, overlay)? == Left::Nothing {
            forget(event.project, before, overlay)?;
        }
    }
    Ok(())
}

/// The part that took the hashes of `part` over; itself where there is none.
fn heir(part: PartId, overlay: &Overlay<'_>, tally: &mut Tally) -> Result<PartId> {
    let successor = tally.part(part, overlay)?.successor;
    match successor {
        Some(heir) if tally.is_kept(heir, overlay)? => Ok(heir),
        _ => Ok(part),
    }
}

/// What is left in a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// Events.
    Events,
    /// None.
    Nothing,
}

/// Removes what was counted of a part that has no events any more.
fn forget(project: ProjectId, part: PartId, overlay: &mut Overlay<'_>) -> Result<()> {
    release::forget_part(project, part, overlay)?;
    for counted in [Table::PartHours, Table::Tag, Table::Users] {
        overlay.remove_all(&Key::of(counted).number(part.0))?;
    }
    overlay.remove(Key::of(Table::Part).number(part.0));
    Ok(())
}
