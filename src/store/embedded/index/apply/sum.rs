//! What leads to issues and parts, and what an issue's parts add up to: read from their rows.

use crate::model::{Issue, IssueId, Part, PartId};
use crate::protocol::ids::ProjectId;
use crate::store::embedded::index::keys::{Key, Pieces, Table};
use crate::store::embedded::index::lifecycle::standing_key;
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::Meta;
use crate::store::embedded::index::sketch::Sketch;
use crate::store::{Error, Result};

/// An issue, or the one that it is in now.
pub(super) fn find(id: IssueId, overlay: &Overlay<'_>) -> Result<Option<Issue>> {
    let mut id = id;
    for _ in 0..Issue::MAX_MERGES {
        match find_itself(id, overlay)? {
            Some(Issue {
                merged_into: Some(into),
                ..
            }) => id = into,
            found => return Ok(found),
        }
    }
    Ok(None)
}

/// An issue, merged or not.
pub(super) fn find_itself(id: IssueId, overlay: &Overlay<'_>) -> Result<Option<Issue>> {
    match overlay.get::<ProjectId>(&Key::of(Table::IssueProject).number(id.0))? {
        Some(project) => overlay.get(&Key::of(Table::Issue).number(project.0).number(id.0)),
        None => Ok(None),
    }
}

/// The parts of an issue, oldest first.
pub(super) fn parts_of(issue: IssueId, overlay: &Overlay<'_>) -> Result<Vec<PartId>> {
    let rows = overlay.scan(&Key::of(Table::IssuePart).number(issue.0), usize::MAX)?;
    let parts = rows.iter().filter_map(|(key, _)| part_in(key));
    Ok(parts.collect())
}

/// The issues that were merged into `issue`, and into no other one since.
pub(super) fn merged_into(issue: IssueId, overlay: &Overlay<'_>) -> Result<Vec<IssueId>> {
    merged_by(Table::Merged, issue, overlay)
}

/// Those of them on which, or on one in which, there may be a decision: a rule may merge tens of thousands of issues
/// into one, and hardly any of those was ever decided on.
pub(super) fn decided_in(issue: IssueId, overlay: &Overlay<'_>) -> Result<Vec<IssueId>> {
    merged_by(Table::MergedDecided, issue, overlay)
}

fn merged_by(table: Table, issue: IssueId, overlay: &Overlay<'_>) -> Result<Vec<IssueId>> {
    let rows = overlay.scan(&Key::of(table).number(issue.0), usize::MAX)?;
    let issues = rows.iter().filter_map(|(key, _)| second(key).map(IssueId));
    Ok(issues.collect())
}

/// The rows that lead to a new issue.
pub(super) fn lead_to_issue(
    project: ProjectId,
    number: u32,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<IssueId> {
    meta.last_issue += 1;
    let id = IssueId(meta.last_issue);
    overlay.put(Key::of(Table::IssueProject).number(id.0), &project)?;
    let by_number = Key::of(Table::IssueNumber).number(project.0);
    overlay.put(by_number.number(number.into()), &id)?;
    Ok(id)
}

/// The part that a key of [`Table::IssuePart`] names.
pub(in crate::store::embedded::index) fn part_in(key: &[u8]) -> Option<PartId> {
    second(key).map(PartId)
}

/// The second number of a key.
fn second(key: &[u8]) -> Option<u64> {
    let mut pieces = Pieces::of(key);
    pieces.number()?;
    pieces.number()
}

/// A part that exists.
pub(super) fn part(id: PartId, overlay: &Overlay<'_>) -> Result<Part> {
    let row = overlay.get(&Key::of(Table::Part).number(id.0))?;
    row.ok_or_else(|| Error::BadIndex(format!("part {} is named but has no row", id.0)))
}

/// Adds up what the issue's parts have seen. What is shown of an issue without events stays as it was.
pub(super) fn recount(issue: &mut Issue, overlay: &Overlay<'_>) -> Result<()> {
    let mut users = Sketch::default();
    issue.seen.times_seen = 0;
    issue.seen.bare = 0;
    for id in parts_of(issue.id, overlay)? {
        issue.seen.join(part(id, overlay)?.seen);
        if let Some(more) = overlay.get(&Key::of(Table::Users).number(id.0))? {
            users.join(&more);
        }
    }
    issue.users = users.estimate();
    Ok(())
}

/// Hides an issue whose parts went to `into`.
pub(super) fn hide(issue: &mut Issue, into: IssueId, overlay: &mut Overlay<'_>) -> Result<()> {
    show(issue, overlay);
    issue.merged_into = Some(into);
    let way = |table| Key::of(table).number(into.0).number(issue.id.0);
    // Its row may not yet say so: the issues of which it took in some in this very command are judged at its end.
    let decided = Key::of(Table::MergedDecided).number(issue.id.0);
    if overlay.has(&standing_key(issue.id))? || !overlay.scan(&decided, 1)?.is_empty() {
        overlay.put(way(Table::MergedDecided), &())?;
    }
    overlay.put(way(Table::Merged), &())
}

/// Shows an issue again that was hidden, if it was. Answers in which one it was: that is to be judged anew.
pub(super) fn show(issue: &mut Issue, overlay: &mut Overlay<'_>) -> Option<IssueId> {
    let into = issue.merged_into.take()?;
    for table in [Table::Merged, Table::MergedDecided] {
        overlay.remove(Key::of(table).number(into.0).number(issue.id.0));
    }
    Some(into)
}
