//! Takes a merge or an unmerge back, as far as what it moved is still where it put it.

use super::shift::{have_events, parts_by, shift};
use crate::model::{Activity, ActivityId, Deed, GroupHash, Issue, IssueId, MergedIssue};
use crate::store::embedded::index::apply::lifecycle::{self, Histories};
use crate::store::embedded::index::apply::story::{self, By, tell};
use crate::store::embedded::index::apply::sum;
use crate::store::embedded::index::apply::tally::put;
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::Meta;
use crate::store::{Error, Result};

const NOTHING_LEFT: Error =
    Error::Conflict("what it moved is elsewhere by now: there is nothing left to undo");

/// Undoes the entry `activity` of `issue`.
pub(super) fn undo(
    issue: IssueId,
    activity: ActivityId,
    by: By,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let mut issue = sum::find_itself(issue, overlay)?.ok_or(Error::Missing("issue"))?;
    let row: Option<Activity> = overlay.get(&story::key(issue.id, activity))?;
    let mut entry = row.ok_or(Error::Missing("activity"))?;
    if entry.undone.is_some() {
        return Err(Error::Conflict("it was undone already"));
    }
    if issue.merged_into.is_some() {
        return Err(Error::Conflict(
            "the issue is merged into another one: undo that first",
        ));
    }
    let mut histories = Histories::default();
    match &entry.what {
        Deed::Merged { from, .. } => undo_merge(&mut issue, from, by, &mut histories, meta, overlay)?,
        Deed::Unmerged { into, hashes, .. } => {
            undo_unmerge(&mut issue, *into, hashes, by, &mut histories, meta, overlay)?
        }
        _ => return Err(Error::Conflict("only merging and splitting can be undone")),
    }
    sum::recount(&mut issue, overlay)?;
    lifecycle::rejoin(&mut issue, by, &mut histories, meta, overlay)?;
    if let Deed::Merged { before, .. } = &entry.what {
        issue.stands_again(before);
        put(&issue, overlay)?;
    }
    entry.undone = Some(tell(issue.id, Deed::Undone(activity), by, meta, overlay)?);
    overlay.put(story::key(issue.id, activity), &entry)
}

/// The issues that were merged come back with what is still here of what they brought.
fn undo_merge(
    issue: &mut Issue,
    from: &[MergedIssue],
    by: By,
    histories: &mut Histories,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let mut came_back = false;
    for merged in from {
        let parts = parts_by(issue.id, &merged.hashes, overlay)?;
        let other = sum::find_itself(merged.issue, overlay)?;
        let Some(mut other) = other.filter(|other| other.merged_into == Some(issue.id)) else {
            continue;
        };
        // Its events may have been grouped anew since: an issue without any does not come back.
        if !have_events(&parts, overlay)? {
            continue;
        }
        shift(&parts, issue.id, other.id, overlay)?;
        sum::show(&mut other, overlay);
        sum::recount(&mut other, overlay)?;
        let deed = Deed::CameBack {
            from: issue.id,
            number: issue.number,
        };
        tell(other.id, deed, by, meta, overlay)?;
        lifecycle::rejoin(&mut other, by, histories, meta, overlay)?;
        came_back = true;
    }
    if !came_back {
        return Err(NOTHING_LEFT);
    }
    if !have_events(&sum::parts_of(issue.id, overlay)?, overlay)? {
        return Err(Error::Conflict("nothing would be left of the issue"));
    }
    Ok(())
}

/// What was split out comes back, and the issue that it made is hidden when nothing else is in it.
fn undo_unmerge(
    issue: &mut Issue,
    into: IssueId,
    hashes: &[GroupHash],
    by: By,
    histories: &mut Histories,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let parts = parts_by(into, hashes, overlay)?;
    let other = sum::find_itself(into, overlay)?;
    let Some(mut other) = other.filter(|_| !parts.is_empty()) else {
        return Err(NOTHING_LEFT);
    };
    if sum::parts_of(issue.id, overlay)?.len() + parts.len() > Issue::MAX_PARTS {
        return Err(Error::Conflict(
            "an issue can hold at most 100 merged fingerprints",
        ));
    }
    shift(&parts, other.id, issue.id, overlay)?;
    sum::recount(&mut other, overlay)?;
    if sum::parts_of(other.id, overlay)?.is_empty() {
        sum::hide(&mut other, issue.id, overlay)?;
        lifecycle::hide(&other, overlay);
        put(&other, overlay)?;
    } else {
        lifecycle::rejoin(&mut other, by, histories, meta, overlay)?;
    }
    let deed = Deed::WentBack {
        to: issue.id,
        number: issue.number,
    };
    tell(other.id, deed, by, meta, overlay)?;
    Ok(())
}
