//! An event finds its issue, or begins one.

use super::tally::{Kind, Tally};
use super::{counted, sum};
use crate::model::event::EventRecord;
use crate::model::{GroupHash, Issue, IssueId, Outcome, OutcomeCount, Part, PartId};
use crate::protocol::ids::{EventId, ProjectId};
use crate::store::Result;
use crate::store::embedded::index::keys::{Key, Table, event_key, hash_key};
use crate::store::embedded::index::lifecycle::discarded_key;
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::{EventRow, Meta, Place, TimeRow};

/// Whether an event is kept, and where its frame is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kept {
    /// It is.
    At(Framed),
    /// Until a later one of its part is kept so.
    AsLatest(Framed),
    /// It is only counted.
    No,
}

/// Where an event's frame is, and how long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Framed {
    pub(super) place: Place,
    pub(super) bytes: u32,
}

/// Records an event, or counts why not.
pub(super) fn apply(
    event: &EventRecord,
    kept: Kept,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
    tally: &mut Tally,
) -> Result<()> {
    let by_id = event_key(event.project, event.id);
    if tally.project(event.project, overlay)?.is_none() {
        // It was removed after the event was accepted.
        tally.count(&outcome(event, Outcome::Invalid, "project_removed"));
        return Ok(());
    }
    if overlay.has(&by_id)? || counted::is_known(event, meta, overlay)? {
        tally.count(&outcome(event, Outcome::Invalid, "duplicate"));
        return Ok(());
    }
    let known = meta.last_issue;
    let Some(part) = find_or_begin(event, meta, overlay, tally)? else {
        tally.count(&outcome(event, Outcome::Filtered, "discarded"));
        return Ok(());
    };
    let kind = if meta.last_issue > known {
        Kind::New
    } else {
        Kind::Known
    };
    tally.see(event, part, kind, meta, overlay)?;
    if kind == Kind::New {
        tally.began(event, IssueId(meta.last_issue));
    }
    if let Some(project) = tally.project(event.project, overlay)? {
        project.see(event);
    }
    tally.count(&outcome(event, Outcome::Accepted, ""));
    match kept {
        Kept::At(framed) => keep(event, part, framed, overlay, tally),
        Kept::AsLatest(framed) => {
            counted::replace(event, part, meta, overlay, tally)?;
            keep(event, part, framed, overlay, tally)
        }
        Kept::No => {
            tally.bare(part, overlay)?;
            counted::remember(event.project, event.id, counted::day(event), meta, overlay)
        }
    }
}

/// The rows by which an event is found.
fn keep(
    event: &EventRecord,
    part: PartId,
    Framed { place, bytes }: Framed,
    overlay: &mut Overlay<'_>,
    tally: &mut Tally,
) -> Result<()> {
    let time = event.timestamp.as_microsecond();
    tally.held.payload(event.project, time, bytes);
    let row = TimeRow {
        place,
        regrouped: None,
        environment: event.environment.clone(),
        bytes,
    };
    overlay.put(time_key(part, time, event.id), &row)?;
    overlay.put(
        event_key(event.project, event.id),
        &EventRow { part, time, place },
    )
}

/// The row of an event among those of its part.
pub(super) fn time_key(part: PartId, time: i64, event: EventId) -> Key {
    let of_part = Key::of(Table::EventTime).number(part.0);
    of_part.signed(time).bytes(event.as_bytes())
}

/// The part in which the event is counted; none if somebody wants no more of its kind. The first of its hashes that is
/// known decides on that, and on the issue; the others then lead there too.
pub(super) fn find_or_begin(
    event: &EventRecord,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
    tally: &mut Tally,
) -> Result<Option<PartId>> {
    let mut known = None;
    let mut unknown = Vec::new();
    for &hash in &event.hashes {
        match overlay.get::<PartId>(&hash_key(event.project, hash))? {
            Some(part) => known = known.or(Some(part)),
            None if known.is_none() && overlay.has(&discarded_key(event.project, hash))? => return Ok(None),
            None => unknown.push(hash),
        }
    }
    let first = first_hash(event);
    let part = match known {
        None => {
            let issue = begin_issue(event, meta, overlay, tally)?;
            begin_part(event, issue, meta, overlay, tally)?
        }
        Some(id) => {
            let part = tally.part(id, overlay)?;
            let issue = part.issue;
            if part.hash == first || !tally.issue(event.project, issue, overlay)?.has_room() {
                id
            } else {
                begin_part(event, issue, meta, overlay, tally)?
            }
        }
    };
    for hash in unknown {
        lead(event.project, hash, part, overlay)?;
    }
    Ok(Some(part))
}

fn begin_issue(
    event: &EventRecord,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
    tally: &mut Tally,
) -> Result<IssueId> {
    let number = match tally.project(event.project, overlay)? {
        Some(project) => {
            project.activity.last_issue_number += 1;
            project.activity.last_issue_number
        }
        None => 0,
    };
    let id = sum::lead_to_issue(event.project, number, meta, overlay)?;
    tally.begin_issue(Issue::begin(id, number, event));
    Ok(id)
}

/// A part for the event's first hash, which may have led to another part of the issue so far.
fn begin_part(
    event: &EventRecord,
    issue: IssueId,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
    tally: &mut Tally,
) -> Result<PartId> {
    meta.last_part += 1;
    let (id, hash) = (PartId(meta.last_part), first_hash(event));
    lead(event.project, hash, id, overlay)?;
    overlay.put(Key::of(Table::IssuePart).number(issue.0).number(id.0), &())?;
    tally.issue(event.project, issue, overlay)?.parts.push(id);
    tally.begin_part(Part::begin(id, issue, hash, event));
    Ok(id)
}

/// Lets a hash lead to `part`, and no longer to where it may have led.
pub(super) fn lead(
    project: ProjectId,
    hash: GroupHash,
    part: PartId,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let key = hash_key(project, hash);
    if let Some(before) = overlay.get::<PartId>(&key)? {
        overlay.remove(Key::of(Table::PartHash).number(before.0).bytes(&hash.0));
    }
    overlay.put(key, &part)?;
    overlay.put(Key::of(Table::PartHash).number(part.0).bytes(&hash.0), &())
}

/// The hash that names the event's part. Digest gives every event one.
fn first_hash(event: &EventRecord) -> GroupHash {
    event.hashes.first().copied().unwrap_or(GroupHash([0; 16]))
}

fn outcome(event: &EventRecord, outcome: Outcome, reason: &str) -> OutcomeCount {
    OutcomeCount {
        project: event.project,
        time: event.received,
        category: event.category,
        outcome,
        reason: reason.to_owned(),
        quantity: 1,
    }
}
