//! Gives parts of one issue to another: what merging, splitting and undoing either come to. Hashes lead to parts and
//! events are counted in parts, so that nothing else is to be moved.

use crate::model::{Issue, IssueId, PartId};
use crate::store::Result;
use crate::store::embedded::index::apply::sum;
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::overlay::Overlay;

/// Gives `parts` of `from` to `to`. Both are to be counted anew.
pub(super) fn shift(parts: &[PartId], from: IssueId, to: IssueId, overlay: &mut Overlay<'_>) -> Result<()> {
    for &id in parts {
        let mut part = sum::part(id, overlay)?;
        part.issue = to;
        overlay.put(Key::of(Table::Part).number(id.0), &part)?;
        overlay.remove(Key::of(Table::IssuePart).number(from.0).number(id.0));
        overlay.put(Key::of(Table::IssuePart).number(to.0).number(id.0), &())?;
    }
    Ok(())
}

/// Hides an issue whose parts went to `into`.
pub(super) fn hide(issue: &mut Issue, into: IssueId, overlay: &mut Overlay<'_>) -> Result<()> {
    show(issue, overlay);
    issue.merged_into = Some(into);
    overlay.put(Key::of(Table::Merged).number(into.0).number(issue.id.0), &())
}

/// Shows an issue again that was hidden, if it was.
pub(super) fn show(issue: &mut Issue, overlay: &mut Overlay<'_>) {
    if let Some(into) = issue.merged_into.take() {
        overlay.remove(Key::of(Table::Merged).number(into.0).number(issue.id.0));
    }
}

/// Whether any of the parts has events.
pub(super) fn have_events(parts: &[PartId], overlay: &Overlay<'_>) -> Result<bool> {
    for &id in parts {
        if sum::part(id, overlay)?.seen.times_seen > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}
