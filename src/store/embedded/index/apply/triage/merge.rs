//! Several issues become one.

use super::shift::{hashes_of, shift};
use crate::model::{Deed, Issue, IssueId, MergedIssue, PartId};
use crate::store::embedded::index::apply::lifecycle::{self, Histories};
use crate::store::embedded::index::apply::story::{By, tell};
use crate::store::embedded::index::apply::sum;
use crate::store::embedded::index::apply::tally::put;
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::Meta;
use crate::store::{Error, Result};

/// Merges `issues` into `into`.
pub(super) fn merge(
    into: IssueId,
    issues: &[IssueId],
    by: By,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let mut target = sum::find(into, overlay)?.ok_or(Error::Missing("issue"))?;
    let mut others = others(&target, issues, overlay)?;
    let mut from = Vec::with_capacity(others.len());
    for (issue, parts) in &others {
        from.push(MergedIssue {
            issue: issue.id,
            number: issue.number,
            hashes: hashes_of(parts, overlay)?,
        });
    }
    let deed = Deed::Merged {
        from,
        before: target.stand(),
    };
    let entry = tell(target.id, deed, by, meta, overlay)?;
    for (issue, parts) in &mut others {
        shift(parts, issue.id, target.id, overlay)?;
        sum::hide(issue, target.id, overlay)?;
        lifecycle::hide(issue, overlay);
        sum::recount(issue, overlay)?;
        put(issue, overlay)?;
        let deed = Deed::MergedInto {
            into: target.id,
            number: target.number,
            merge: entry,
        };
        tell(issue.id, deed, by, meta, overlay)?;
    }
    sum::recount(&mut target, overlay)?;
    lifecycle::rejoin(&mut target, by, &mut Histories::default(), meta, overlay)
}

/// The issues that are to go into `target`, with their parts.
fn others(target: &Issue, issues: &[IssueId], overlay: &Overlay<'_>) -> Result<Vec<(Issue, Vec<PartId>)>> {
    let mut others: Vec<(Issue, Vec<PartId>)> = Vec::new();
    let mut parts = sum::parts_of(target.id, overlay)?.len();
    for &id in issues {
        if others.iter().any(|(known, _)| known.id == id) {
            continue;
        }
        let issue = sum::find_itself(id, overlay)?.ok_or(Error::Missing("issue"))?;
        if issue.id == target.id {
            return Err(Error::Conflict("an issue cannot be merged into itself"));
        }
        if issue.merged_into.is_some() {
            return Err(Error::Conflict("one of the issues is merged already"));
        }
        if issue.project != target.project {
            return Err(Error::Conflict("issues of different projects cannot be merged"));
        }
        let brought = sum::parts_of(id, overlay)?;
        parts += brought.len();
        if parts > Issue::MAX_PARTS {
            return Err(Error::Conflict(
                "an issue can hold at most 100 merged fingerprints",
            ));
        }
        others.push((issue, brought));
    }
    if others.is_empty() {
        return Err(Error::Conflict("it takes two issues to merge"));
    }
    Ok(others)
}
