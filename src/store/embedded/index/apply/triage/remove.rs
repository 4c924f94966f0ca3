//! Removing an issue: at once all by which it can be found, its events bit by bit.

use crate::model::{GroupHash, Issue};
use crate::store::Result;
use crate::store::embedded::facts::Doomed;
use crate::store::embedded::index::apply::{lifecycle, purge, release, sum};
use crate::store::embedded::index::keys::{Key, Pieces, Table, hash_key};
use crate::store::embedded::index::overlay::Overlay;

/// Removes an issue and what was merged into it. A later event of the kind begins a new issue.
pub(in crate::store::embedded::index::apply) fn remove(
    issue: &Issue,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let mut doomed = vec![issue.clone()];
    while let Some(issue) = doomed.pop() {
        for id in sum::merged_into(issue.id, overlay)? {
            doomed.extend(sum::find_itself(id, overlay)?);
        }
        remove_itself(&issue, overlay)?;
    }
    Ok(())
}

fn remove_itself(issue: &Issue, overlay: &mut Overlay<'_>) -> Result<()> {
    let (id, project) = (issue.id.0, issue.project);
    for part in sum::parts_of(issue.id, overlay)? {
        let hashes = Key::of(Table::PartHash).number(part.0);
        for (key, _) in overlay.scan(&hashes, usize::MAX)? {
            let mut pieces = Pieces::of(&key);
            if let (Some(_), Some(hash)) = (pieces.number(), pieces.array()) {
                overlay.remove(hash_key(project, GroupHash(hash)));
            }
        }
        release::forget_part(project, part, overlay)?;
        for counted in [Table::PartHash, Table::PartHours, Table::Tag, Table::Users] {
            overlay.remove_all(&Key::of(counted).number(part.0))?;
        }
    }
    lifecycle::forget(issue, overlay)?;
    for table in [Table::Merged, Table::MergedDecided, Table::Story] {
        overlay.remove_all(&Key::of(table).number(id))?;
    }
    let number = u64::from(issue.number);
    overlay.remove(Key::of(Table::IssueNumber).number(project.0).number(number));
    overlay.remove(Key::of(Table::IssueProject).number(id));
    overlay.remove(Key::of(Table::Issue).number(project.0).number(id));
    purge::doom(Doomed::Issue(project, issue.id), overlay)
}
