//! Writes down what happened to issues.

use jiff::Timestamp;

use crate::model::{Activity, ActivityId, Deed, IssueId, UserId};
use crate::store::Result;
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::Meta;

/// Who did it, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct By {
    pub(super) who: Option<UserId>,
    pub(super) time: Timestamp,
}

/// Adds an entry to the story of an issue.
pub(super) fn tell(
    issue: IssueId,
    what: Deed,
    by: By,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<ActivityId> {
    meta.last_activity += 1;
    let id = ActivityId(meta.last_activity);
    let entry = Activity {
        id,
        issue,
        time: by.time,
        who: by.who,
        what,
        undone: None,
    };
    overlay.put(key(issue, id), &entry)?;
    Ok(id)
}

/// The row of an entry.
pub(super) fn key(issue: IssueId, activity: ActivityId) -> Key {
    Key::of(Table::Story).number(issue.0).number(activity.0)
}
