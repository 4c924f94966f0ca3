//! Gives parts of one issue to another: what merging, splitting and undoing either come to. Hashes lead to parts and
//! events are counted in parts, so that nothing else is to be moved.

use crate::model::{GroupHash, IssueId, PartId};
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

/// Whether any of the parts has events.
pub(super) fn have_events(parts: &[PartId], overlay: &Overlay<'_>) -> Result<bool> {
    for &id in parts {
        if sum::part(id, overlay)?.seen.times_seen > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The hashes by which the events of the parts go, in order.
pub(super) fn hashes_of(parts: &[PartId], overlay: &Overlay<'_>) -> Result<Vec<GroupHash>> {
    let hash = |&id| sum::part(id, overlay).map(|part| part.hash);
    let mut hashes = parts.iter().map(hash).collect::<Result<Vec<_>>>()?;
    hashes.sort_unstable();
    hashes.dedup();
    Ok(hashes)
}

/// The parts of `issue` whose events go by one of `hashes`, which are in order.
pub(super) fn parts_by(issue: IssueId, hashes: &[GroupHash], overlay: &Overlay<'_>) -> Result<Vec<PartId>> {
    let mut named = Vec::new();
    for id in sum::parts_of(issue, overlay)? {
        if hashes.binary_search(&sum::part(id, overlay)?.hash).is_ok() {
            named.push(id);
        }
    }
    Ok(named)
}
