//! From the body of a change to what people do to issues. Pure: the people are given, nothing is looked up.

mod assignee;
mod status;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

pub(super) use assignee::assignee;

use super::ask::EditIssue;
use crate::http::error::ApiError;
use crate::model::lifecycle::decision::Ruling;
use crate::model::{Assignee, User, Wish};

/// What is to be done to each of the issues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    /// Says where they stand.
    Decide(Ruling),
    /// Gives them to somebody, or to nobody.
    Assign(Option<Assignee>),
    /// What the caller wants of them.
    Want(Wish),
    /// Makes one issue of them.
    Merge,
    /// Deletes them, and drops their events from then on.
    Discard,
}

/// What `asked` says, in the order in which it is to be done. A resolve is for `environments`, if one is named.
/// `me` is who asks, `people` are those who can be assigned.
pub(super) fn read(
    asked: &EditIssue,
    environments: &[String],
    me: &User,
    people: &[User],
    now: Timestamp,
) -> Result<Vec<Act>, ApiError> {
    let mut acts = Vec::new();
    if let Some(to) = &asked.assigned_to {
        let to = to.as_deref().unwrap_or_default();
        acts.push(Act::Assign(assignee(to, "assignedTo", me, people)?));
    }
    acts.extend(
        asked
            .is_bookmarked
            .map(|on| Act::Want(if on { Wish::Bookmark } else { Wish::Unbookmark })),
    );
    acts.extend(
        asked
            .is_subscribed
            .map(|on| Act::Want(if on { Wish::Subscribe } else { Wish::Unsubscribe })),
    );
    acts.extend(status::read(asked, environments, now)?.map(Act::Decide));
    // What takes issues away comes last.
    for (switch, act) in [(asked.merge, Act::Merge), (asked.discard, Act::Discard)] {
        acts.extend(switch.filter(|it| it.is_on()).map(|_| act));
    }
    if acts.is_empty() {
        let detail =
            "Nothing is to be changed: say status, assignedTo, isBookmarked, isSubscribed, merge or discard.";
        return Err(ApiError::bad_request(detail));
    }
    Ok(acts)
}
