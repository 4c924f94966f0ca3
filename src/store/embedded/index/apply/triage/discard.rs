//! Nobody wants to hear of a kind of event any more.

use crate::model::{GroupHash, Issue};
use crate::store::Result;
use crate::store::embedded::index::apply::sum;
use crate::store::embedded::index::keys::{Key, Pieces, Table};
use crate::store::embedded::index::lifecycle::discarded_key;
use crate::store::embedded::index::overlay::Overlay;

/// Marks all hashes that lead to the issue: events with one of them are dropped from now on. Cannot be undone.
pub(super) fn discard(issue: &Issue, overlay: &mut Overlay<'_>) -> Result<()> {
    for part in sum::parts_of(issue.id, overlay)? {
        for (key, _) in overlay.scan(&Key::of(Table::PartHash).number(part.0), usize::MAX)? {
            let mut pieces = Pieces::of(&key);
            if let (Some(_), Some(hash)) = (pieces.number(), pieces.array()) {
                overlay.put(discarded_key(issue.project, GroupHash(hash)), &())?;
            }
        }
    }
    Ok(())
}
