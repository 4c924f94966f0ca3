//! What is heard from outside may bring an issue back: then that is worth telling. What people do to it is not.

use super::evidence::Histories;
use super::{Arrived, brought, settle};
use crate::model::Issue;
use crate::model::alert::{Happened, Subject};
use crate::model::lifecycle::Why;
use crate::store::embedded::index::apply::story::By;
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::Meta;
use crate::store::{NewHappening, Result};

/// Lets an issue stand where the rules say, after `events` came or something was learned of releases. Answers what
/// happened, if it came back.
pub(super) fn hear(
    issue: &mut Issue,
    events: &[Arrived],
    by: By,
    histories: &mut Histories,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<Option<NewHappening>> {
    let stood = (issue.status, issue.substatus);
    settle(issue, events, by, histories, meta, overlay)?;
    if stood == (issue.status, issue.substatus) {
        return Ok(None);
    }
    let (what, cause) = match &issue.why {
        Some(Why::Regressed(why)) => {
            let cause = brought(issue.project, issue.why.as_ref(), events, overlay)?;
            (Happened::Regressed(why.clone()), cause)
        }
        Some(Why::Returned(why)) => (Happened::Escalated { why: why.clone() }, events.last()),
        Some(Why::Held(_)) | None => return Ok(None),
    };
    let mut subject = Subject::of(issue, cause.map(|it| &it.event));
    if let (None, Happened::Regressed(why)) = (cause, &what) {
        subject.release.clone_from(&why.release);
        subject.environment.clone_from(&why.environment);
    }
    Ok(Some(NewHappening {
        time: cause.map_or(by.time, |it| it.event.received),
        project: issue.project,
        issue: Some(issue.id),
        what,
        subject,
    }))
}
