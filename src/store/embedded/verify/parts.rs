//! Issues and their parts: sums are right, and whatever leads somewhere arrives.

use std::collections::HashMap;

use super::{Report, table};
use crate::model::{GroupHash, Issue, IssueId, Part, PartId};
use crate::store::Result;
use crate::store::embedded::index::keys::{Key, Pieces, Table, hash_key};
use crate::store::embedded::index::tree::Tree;

/// Checks all of it; `counted` is how many events each part has.
pub(super) fn check(tree: &Tree, counted: &HashMap<PartId, u64>, report: &mut Report) -> Result<()> {
    let counted = check_parts(tree, counted, report)?;
    check_ways(tree, report)?;
    check_issues(tree, &counted, report)
}

/// Every part has as many events as it says, its hash leads to it, and its issue knows it. Answers how many events
/// each issue has.
fn check_parts(
    tree: &Tree,
    counted: &HashMap<PartId, u64>,
    report: &mut Report,
) -> Result<HashMap<IssueId, u64>> {
    let mut issues = HashMap::new();
    for row in table::<Part>(tree, Table::Part) {
        let Some((_, part)) = report.check(row) else {
            continue;
        };
        let (id, issue) = (part.id.0, part.issue.0);
        if !has_all(
            tree,
            &[Key::of(Table::Issue).number(part.project.0).number(issue)],
        )? {
            // Its issue was removed, and it will be.
            continue;
        }
        let events = counted.get(&part.id).copied().unwrap_or_default() + part.forgotten;
        if events != part.seen.times_seen {
            let says = part.seen.times_seen;
            report.fault(format!("part {id} says {says} events but has {events}"));
        }
        *issues.entry(part.issue).or_default() += events;
        if !has_all(tree, &[Key::of(Table::IssuePart).number(issue).number(id)])? {
            report.fault(format!("issue {issue} does not know its part {id}"));
        }
        let led = tree.read::<PartId>(&hash_key(part.project, part.hash));
        let led = report.check(led).flatten();
        if led.is_none() || part.successor.is_none() && led != Some(part.id) {
            report.fault(format!("hash {} does not lead to its part {id}", part.hash));
        }
    }
    Ok(issues)
}

/// Every hash leads to a part, which knows it, and every part that an issue names knows the issue.
fn check_ways(tree: &Tree, report: &mut Report) -> Result<()> {
    for row in table::<PartId>(tree, Table::Hash) {
        let Some((key, part)) = report.check(row) else {
            continue;
        };
        let mut pieces = Pieces::of(&key);
        let hash = pieces.number().and_then(|_| pieces.array()).map(GroupHash);
        let hash = hash.unwrap_or(GroupHash([0; 16]));
        let known = Key::of(Table::PartHash).number(part.0).bytes(&hash.0);
        let both = [known, Key::of(Table::Part).number(part.0)];
        if !has_all(tree, &both)? {
            report.fault(format!(
                "hash {hash} leads to part {}, which does not know it",
                part.0
            ));
        }
    }
    for row in table::<()>(tree, Table::IssuePart) {
        let Some((key, ())) = report.check(row) else {
            continue;
        };
        let mut pieces = Pieces::of(&key);
        let (Some(issue), Some(id)) = (pieces.number(), pieces.number()) else {
            continue;
        };
        let part: Option<Part> = tree.read(&Key::of(Table::Part).number(id))?;
        if part.is_none_or(|part| part.issue.0 != issue) {
            report.fault(format!("part {id} does not know that it is of issue {issue}"));
        }
    }
    Ok(())
}

fn has_all(tree: &Tree, keys: &[Key]) -> Result<bool> {
    for key in keys {
        if !tree.has(key)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Every issue has as many events as it says, and one that was merged leads to where it went.
fn check_issues(tree: &Tree, counted: &HashMap<IssueId, u64>, report: &mut Report) -> Result<()> {
    for row in table::<Issue>(tree, Table::Issue) {
        let Some((_, issue)) = report.check(row) else {
            continue;
        };
        report.issues += 1;
        let events = counted.get(&issue.id).copied().unwrap_or_default();
        if events != issue.seen.times_seen {
            report.fault(format!(
                "issue {} says {} events but has {events}",
                issue.id.0, issue.seen.times_seen
            ));
        }
        if let Some(into) = issue.merged_into {
            let ways = [
                Key::of(Table::Merged).number(into.0).number(issue.id.0),
                Key::of(Table::IssueProject).number(into.0),
            ];
            if !has_all(tree, &ways)? {
                report.fault(format!("issue {} does not lead to issue {}", issue.id.0, into.0));
            }
        }
    }
    Ok(())
}
