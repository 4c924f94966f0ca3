//! What people do to issues.

use super::{purge, release, sum};
use crate::model::{GroupHash, Issue, IssueId, lifecycle};
use crate::protocol::ids::ProjectId;
use crate::store::embedded::facts::Doomed;
use crate::store::embedded::index::keys::{Key, Pieces, Table, hash_key};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::{Result, TriageChange};

/// Applies a change to those of its issues that exist.
pub(super) fn apply(change: &TriageChange, overlay: &mut Overlay<'_>) -> Result<()> {
    match change {
        TriageChange::SetStatus { issues, status, time } => {
            for &id in issues {
                if let Some((key, mut issue)) = find(id, overlay)? {
                    lifecycle::set_status(&mut issue, *status, *time);
                    overlay.put(key, &issue)?;
                }
            }
        }
        TriageChange::Delete { issues } => {
            for &id in issues {
                if let Some((_, issue)) = find(id, overlay)? {
                    remove(&issue, overlay)?;
                }
            }
        }
    }
    Ok(())
}

fn find(id: IssueId, overlay: &Overlay<'_>) -> Result<Option<(Key, Issue)>> {
    let Some(project) = overlay.get::<ProjectId>(&Key::of(Table::IssueProject).number(id.0))? else {
        return Ok(None);
    };
    let key = Key::of(Table::Issue).number(project.0).number(id.0);
    Ok(overlay.get(&key)?.map(|issue| (key, issue)))
}

/// Removes an issue: at once all by which it can be found, its events bit by bit. A later event of the kind begins a
/// new issue.
pub(super) fn remove(issue: &Issue, overlay: &mut Overlay<'_>) -> Result<()> {
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
    let number = u64::from(issue.number);
    overlay.remove(Key::of(Table::IssueNumber).number(project.0).number(number));
    overlay.remove(Key::of(Table::IssueProject).number(id));
    overlay.remove(Key::of(Table::Issue).number(project.0).number(id));
    let doomed = Doomed::Issue(project, issue.id);
    overlay.put(purge::mark(doomed), &doomed)
}
