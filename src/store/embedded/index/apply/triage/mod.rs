//! What people do to issues.

mod merge;
mod remove;
mod shift;
mod undo;
mod unmerge;

use super::story::{self, By};
use super::sum::find;
use super::tally::put;
use crate::model::{Deed, lifecycle};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::Meta;
use crate::store::{Result, TriageChange, Triaged};

pub(super) use remove::remove;

/// Applies a decision, or says why it cannot be.
pub(super) fn apply(triaged: &Triaged, meta: &mut Meta, overlay: &mut Overlay<'_>) -> Result<()> {
    let by = By {
        who: triaged.who,
        time: triaged.time,
    };
    match &triaged.change {
        TriageChange::SetStatus { issues, status } => {
            for &id in issues {
                if let Some(mut issue) = find(id, overlay)? {
                    let before = issue.status;
                    lifecycle::set_status(&mut issue, *status, by.time);
                    if issue.status != before {
                        story::tell(issue.id, Deed::Status(*status), by, meta, overlay)?;
                    }
                    put(&issue, overlay)?;
                }
            }
            Ok(())
        }
        TriageChange::Merge { into, issues } => merge::merge(*into, issues, by, meta, overlay),
        TriageChange::Unmerge { issue, hashes } => unmerge::unmerge(*issue, hashes, by, meta, overlay),
        TriageChange::Undo { issue, activity } => undo::undo(*issue, *activity, by, meta, overlay),
        TriageChange::Delete { issues } => {
            for &id in issues {
                if let Some(issue) = find(id, overlay)? {
                    remove(&issue, overlay)?;
                }
            }
            Ok(())
        }
    }
}
