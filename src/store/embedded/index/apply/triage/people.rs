//! Whose issues are, what they are to people, and what people say about them.

use crate::model::{Activity, ActivityId, Assignee, Deed, Interest, Issue, IssueId, UserId, Wish};
use crate::store::embedded::index::apply::story::{self, By, tell};
use crate::store::embedded::index::apply::sum;
use crate::store::embedded::index::apply::tally::put;
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::Meta;
use crate::store::{Error, Result, TriageChange};

/// Gives issues to somebody.
pub(super) fn assign(
    issues: &[IssueId],
    to: Option<Assignee>,
    by: By,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    for mut issue in super::all(issues, overlay)? {
        if issue.assignee == to {
            continue;
        }
        issue.assignee = to;
        involve(&mut issue, by.who);
        if let Some(Assignee::User(user)) = to {
            involve(&mut issue, Some(user));
        }
        put(&issue, overlay)?;
        tell(issue.id, Deed::Assigned(to), by, meta, overlay)?;
    }
    Ok(())
}

/// Whoever has to do with an issue hears of it.
pub(super) fn involve(issue: &mut Issue, who: Option<UserId>) {
    if let Some(who) = who {
        issue.interest(who, Interest::involved);
    }
}

/// Says what issues are to whoever asks.
pub(super) fn attend(issues: &[IssueId], wish: Wish, by: By, overlay: &mut Overlay<'_>) -> Result<()> {
    let who = by.who.ok_or(Error::Missing("person"))?;
    for mut issue in super::all(issues, overlay)? {
        issue.interest(who, |interest| interest.with(wish));
        put(&issue, overlay)?;
    }
    Ok(())
}

/// Says something about an issue.
pub(super) fn comment(
    issue: IssueId,
    text: &str,
    by: By,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let text = readable(text)?;
    let mut issue = sum::find(issue, overlay)?.ok_or(Error::Missing("issue"))?;
    issue.comments += 1;
    involve(&mut issue, by.who);
    put(&issue, overlay)?;
    let deed = Deed::Commented { text, edited: None };
    tell(issue.id, deed, by, meta, overlay)?;
    Ok(())
}

/// Changes what the same person said.
pub(super) fn edit(
    issue: IssueId,
    activity: ActivityId,
    text: &str,
    by: By,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let (_, mut entry) = own(issue, activity, by, overlay)?;
    entry.what = Deed::Commented {
        text: readable(text)?,
        edited: Some(by.time),
    };
    overlay.put(story::key(entry.issue, activity), &entry)
}

/// Takes back what the same person said.
pub(super) fn delete(issue: IssueId, activity: ActivityId, by: By, overlay: &mut Overlay<'_>) -> Result<()> {
    let (mut issue, entry) = own(issue, activity, by, overlay)?;
    overlay.remove(story::key(entry.issue, activity));
    issue.comments = issue.comments.saturating_sub(1);
    put(&issue, overlay)
}

/// A comment that whoever asks wrote on an issue: on this one itself, or on the one that it is in now.
fn own(issue: IssueId, activity: ActivityId, by: By, overlay: &Overlay<'_>) -> Result<(Issue, Activity)> {
    for issue in [sum::find_itself(issue, overlay)?, sum::find(issue, overlay)?] {
        let Some(issue) = issue else { continue };
        let Some(entry): Option<Activity> = overlay.get(&story::key(issue.id, activity))? else {
            continue;
        };
        return match entry.what {
            Deed::Commented { .. } if entry.who == by.who => Ok((issue, entry)),
            Deed::Commented { .. } => Err(Error::Conflict("only who wrote a comment can change it")),
            _ => Err(Error::Missing("comment")),
        };
    }
    Err(Error::Missing("comment"))
}

fn readable(text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        Err(Error::Conflict("a comment says something"))
    } else if text.len() > TriageChange::MAX_COMMENT {
        Err(Error::Conflict("a comment has at most 8,000 bytes"))
    } else {
        Ok(text.to_owned())
    }
}
