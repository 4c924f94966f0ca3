//! An event finds its issue, or begins one.

use super::tally::Tally;
use crate::model::event::EventRecord;
use crate::model::{GroupHash, Issue, IssueId, Outcome, OutcomeCount};
use crate::protocol::ids::ProjectId;
use crate::store::Result;
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::{EventRow, Meta, Place, TimeRow};

/// Records an event whose frame is at `place`, or counts why not.
pub(super) fn apply(
    event: &EventRecord,
    place: Place,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
    tally: &mut Tally,
) -> Result<()> {
    let by_id = Key::of(Table::Event)
        .number(event.project.0)
        .bytes(event.id.as_bytes());
    if tally.project(event.project, overlay)?.is_none() {
        // It was removed after the event was accepted.
        tally.count(&outcome(event, Outcome::Invalid, "project_removed"));
        return Ok(());
    }
    if overlay.has(&by_id)? {
        tally.count(&outcome(event, Outcome::Invalid, "duplicate"));
        return Ok(());
    }
    let issue = find_or_begin(event, meta, overlay, tally)?;
    tally.issue(event.project, issue, overlay)?.see(event, overlay)?;
    if let Some(project) = tally.project(event.project, overlay)? {
        project.see(event);
    }
    let time = event.timestamp.as_microsecond();
    let by_time = Key::of(Table::EventTime)
        .number(issue.0)
        .signed(time)
        .bytes(event.id.as_bytes());
    overlay.put(
        by_time,
        &TimeRow {
            place,
            environment: event.environment.clone(),
        },
    )?;
    overlay.put(by_id, &EventRow { issue, time, place })?;
    tally.count(&outcome(event, Outcome::Accepted, ""));
    Ok(())
}

/// The first of the event's hashes that has an issue decides; the others then lead to it too.
fn find_or_begin(
    event: &EventRecord,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
    tally: &mut Tally,
) -> Result<IssueId> {
    let mut known = None;
    let mut unknown = Vec::new();
    for &hash in &event.hashes {
        match overlay.get::<IssueId>(&hash_key(event.project, hash))? {
            Some(issue) => known = known.or(Some(issue)),
            None => unknown.push(hash),
        }
    }
    let issue = match known {
        Some(issue) => issue,
        None => begin(event, meta, overlay, tally)?,
    };
    for hash in unknown {
        overlay.put(hash_key(event.project, hash), &issue)?;
        overlay.put(Key::of(Table::IssueHash).number(issue.0).bytes(&hash.0), &())?;
    }
    Ok(issue)
}

fn begin(
    event: &EventRecord,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
    tally: &mut Tally,
) -> Result<IssueId> {
    meta.last_issue += 1;
    let id = IssueId(meta.last_issue);
    let number = match tally.project(event.project, overlay)? {
        Some(project) => {
            project.activity.last_issue_number += 1;
            project.activity.last_issue_number
        }
        None => 0,
    };
    overlay.put(Key::of(Table::IssueProject).number(id.0), &event.project)?;
    overlay.put(
        Key::of(Table::IssueNumber)
            .number(event.project.0)
            .number(number.into()),
        &id,
    )?;
    tally.begin(Issue::begin(id, number, event));
    Ok(id)
}

/// The row that says whose a hash is.
pub(super) fn hash_key(project: ProjectId, hash: GroupHash) -> Key {
    Key::of(Table::Hash).number(project.0).bytes(&hash.0)
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
