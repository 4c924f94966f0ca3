//! Decisions: the last one on any of the issues that are one holds, and is found from the one that is shown.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{Report, table};
use crate::model::lifecycle::decision::Decision;
use crate::model::{Issue, IssueId};
use crate::protocol::ids::ProjectId;
use crate::store::Result;
use crate::store::embedded::index::keys::{Key, Pieces, Table};
use crate::store::embedded::index::lifecycle::Standing;
use crate::store::embedded::index::tree::Tree;

/// Checks all of it.
pub(super) fn check(tree: &Tree, report: &mut Report) -> Result<()> {
    let mut last: HashMap<IssueId, Timestamp> = HashMap::new();
    for row in table::<Standing>(tree, Table::Standing) {
        let Some((key, standing)) = report.check(row) else {
            continue;
        };
        let decided = Pieces::of(&key).number().map(IssueId);
        let shown = decided.map(|id| shown(id, tree, report)).transpose()?;
        if let Some(shown) = shown.flatten() {
            let time = standing.decision.time();
            let latest = last.entry(shown).or_insert(time);
            *latest = time.max(*latest);
        }
    }
    for row in table::<Issue>(tree, Table::Issue) {
        let Some((_, issue)) = report.check(row) else {
            continue;
        };
        let holds = issue.decision.as_ref().map(Decision::time);
        if issue.merged_into.is_none() && holds != last.get(&issue.id).copied() && is_kept(&issue, tree)? {
            report.fault(format!(
                "issue {} does not stand by the last decision on it",
                issue.id.0
            ));
        }
    }
    Ok(())
}

/// The issue that is shown of those that `decided` is one with, on the way to which each knows that there is a decision.
fn shown(decided: IssueId, tree: &Tree, report: &mut Report) -> Result<Option<IssueId>> {
    let mut id = decided;
    for _ in 0..Issue::MAX_MERGES {
        let project: Option<ProjectId> = tree.read(&Key::of(Table::IssueProject).number(id.0))?;
        let issue = project.map(|it| Key::of(Table::Issue).number(it.0).number(id.0));
        let issue: Option<Issue> = issue.map(|key| tree.read(&key)).transpose()?.flatten();
        let Some(issue) = issue else {
            break;
        };
        let Some(into) = issue.merged_into else {
            return Ok(Some(id));
        };
        let way = Key::of(Table::MergedDecided).number(into.0).number(id.0);
        if !tree.has(way)? {
            report.fault(format!(
                "issue {} does not know what was decided of issue {}",
                into.0, id.0
            ));
        }
        id = into;
    }
    report.fault(format!("the decision on issue {} leads nowhere", decided.0));
    Ok(None)
}

/// Whether its project is there: the issues of one that was removed go one by one.
fn is_kept(issue: &Issue, tree: &Tree) -> Result<bool> {
    let project = Key::of(Table::Project).number(issue.project.0);
    tree.has(project)
}
