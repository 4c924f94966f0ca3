//! What people do to issues.

mod discard;
mod merge;
mod people;
mod remove;
mod shift;
mod undo;
mod unmerge;

use std::collections::HashSet;

use super::lifecycle::{self, Histories};
use super::story::By;
use super::sum::find;
use crate::model::{Issue, IssueId};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::Meta;
use crate::store::{Error, Result, TriageChange, Triaged};
use discard::discard;

pub(super) use remove::remove;

/// Applies a decision, or says why it cannot be.
pub(super) fn apply(triaged: &Triaged, meta: &mut Meta, overlay: &mut Overlay<'_>) -> Result<()> {
    let by = By {
        who: triaged.who,
        time: triaged.time,
    };
    match &triaged.change {
        TriageChange::Decide { issues, ruling } => {
            let decision = ruling.clone().taken(by.who, by.time);
            let decision = decision.map_err(|error| Error::Conflict(error.0))?;
            let mut histories = Histories::default();
            for mut issue in all(issues, overlay)? {
                people::involve(&mut issue, by.who);
                lifecycle::decide(&mut issue, decision.clone(), by, &mut histories, meta, overlay)?;
            }
            Ok(())
        }
        TriageChange::Wake { issues } => {
            let (mut issues, mut histories) = (issues.iter(), Histories::default());
            issues.try_for_each(|id| lifecycle::wake(*id, by, &mut histories, meta, overlay))
        }
        TriageChange::Assign { issues, to } => people::assign(issues, *to, by, meta, overlay),
        TriageChange::Attend { issues, wish } => people::attend(issues, *wish, by, overlay),
        TriageChange::Comment { issue, text } => people::comment(*issue, text, by, meta, overlay),
        TriageChange::EditComment {
            issue,
            activity,
            text,
        } => people::edit(*issue, *activity, text, by, overlay),
        TriageChange::DeleteComment { issue, activity } => people::delete(*issue, *activity, by, overlay),
        TriageChange::Merge { into, issues } => merge::merge(*into, issues, by, meta, overlay),
        TriageChange::Unmerge { issue, hashes } => unmerge::unmerge(*issue, hashes, by, meta, overlay),
        TriageChange::Undo { issue, activity } => undo::undo(*issue, *activity, by, meta, overlay),
        TriageChange::Delete { issues } => {
            for issue in all(issues, overlay)? {
                remove(&issue, overlay)?;
            }
            Ok(())
        }
        TriageChange::Discard { issues } => {
            for issue in all(issues, overlay)? {
                discard(&issue, overlay)?;
                remove(&issue, overlay)?;
            }
            Ok(())
        }
    }
}

/// Those of the issues that exist, or the ones that they are in now; each once.
fn all(ids: &[IssueId], overlay: &Overlay<'_>) -> Result<Vec<Issue>> {
    let mut issues: Vec<Issue> = Vec::new();
    let mut known = HashSet::new();
    for &id in ids {
        issues.extend(find(id, overlay)?.filter(|issue| known.insert(issue.id)));
    }
    Ok(issues)
}
