//! Some hashes of an issue become an issue of their own.

use super::shift::{hashes_of, have_events, parts_by, shift};
use crate::model::{Deed, GroupHash, Issue, IssueId, PartId, ProjectActivity};
use crate::protocol::ids::ProjectId;
use crate::store::embedded::index::apply::lifecycle::{self, Histories};
use crate::store::embedded::index::apply::story::{By, tell};
use crate::store::embedded::index::apply::sum;
use crate::store::embedded::index::keys::{Key, Table, hash_key};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::Meta;
use crate::store::{Error, Result};

/// Splits `hashes` out of `issue`. The new issue stands as it does.
pub(super) fn unmerge(
    issue: IssueId,
    hashes: &[GroupHash],
    by: By,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let mut issue = sum::find(issue, overlay)?.ok_or(Error::Missing("issue"))?;
    let parts = parts(&issue, hashes, overlay)?;
    let hashes = hashes_of(&parts, overlay)?;
    let (id, number) = next_issue(issue.project, meta, overlay)?;
    let mut new = Issue {
        id,
        number,
        // They stay in the story of the other one.
        comments: 0,
        ..issue.clone()
    };
    shift(&parts, issue.id, id, overlay)?;
    lifecycle::split(&issue, &mut new, overlay)?;
    for one in [&mut issue, &mut new] {
        sum::recount(one, overlay)?;
    }
    let deed = Deed::Unmerged {
        into: id,
        number,
        hashes,
    };
    let entry = tell(issue.id, deed, by, meta, overlay)?;
    let deed = Deed::SplitFrom {
        from: issue.id,
        number: issue.number,
        unmerge: entry,
    };
    tell(id, deed, by, meta, overlay)?;
    let mut histories = Histories::default();
    lifecycle::rejoin(&mut issue, by, &mut histories, meta, overlay)?;
    lifecycle::rejoin(&mut new, by, &mut histories, meta, overlay)
}

/// The parts of `issue` that the hashes name.
fn parts(issue: &Issue, hashes: &[GroupHash], overlay: &Overlay<'_>) -> Result<Vec<PartId>> {
    for &hash in hashes {
        let id: Option<PartId> = overlay.get(&hash_key(issue.project, hash))?;
        let part = id.map(|id| sum::part(id, overlay)).transpose()?;
        let Some(part) = part.filter(|part| part.issue == issue.id) else {
            return Err(Error::Conflict(
                "one of the fingerprints does not belong to this issue",
            ));
        };
        if part.hash != hash {
            return Err(Error::Conflict(
                "one of the fingerprints only comes along with another one and cannot be split out by itself",
            ));
        }
    }
    let mut hashes = hashes.to_vec();
    hashes.sort_unstable();
    let named = parts_by(issue.id, &hashes, overlay)?;
    let mut rest = sum::parts_of(issue.id, overlay)?;
    rest.retain(|id| !named.contains(id));
    if !have_events(&named, overlay)? {
        return Err(Error::Conflict("no event goes by these fingerprints"));
    }
    if !have_events(&rest, overlay)? {
        return Err(Error::Conflict(
            "the last fingerprint of an issue cannot be split out",
        ));
    }
    Ok(named)
}

/// Number and number in the project of a new issue, with the rows that lead to it.
fn next_issue(project: ProjectId, meta: &mut Meta, overlay: &mut Overlay<'_>) -> Result<(IssueId, u32)> {
    let key = Key::of(Table::Activity).number(project.0);
    let mut activity: ProjectActivity = overlay.get(&key)?.unwrap_or_default();
    activity.last_issue_number += 1;
    overlay.put(key, &activity)?;
    let id = sum::lead_to_issue(project, activity.last_issue_number, meta, overlay)?;
    Ok((id, activity.last_issue_number))
}
