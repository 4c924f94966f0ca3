//! What is known of the issues of which something was counted.

use super::engine::Over;
use super::watch::Found;
use crate::model::alert::{Happened, Subject};
use crate::model::{IssueId, Status};
use crate::protocol::ids::{EventId, ProjectId};
use crate::store::{Issues, NewHappening, Result};
use jiff::Timestamp;

/// What is known of each one: judged by its latest event in the period, so that it is the same whenever one asks. None
/// for an issue that is gone; nothing is known of a project as a whole.
pub(super) async fn subjects(issues: &dyn Issues, over: &[Over]) -> Result<Vec<Option<Subject>>> {
    let mut subjects = Vec::with_capacity(over.len());
    for it in over {
        subjects.push(match it.issue {
            None => Some(Subject::default()),
            Some(id) => look(issues, it.project, id, it.event)
                .await?
                .map(|(subject, _)| subject),
        });
    }
    Ok(subjects)
}

/// Spikes as things that happened at `time`. None begins of issues that somebody put aside or resolved: they have
/// reasons of their own to come back.
pub(super) async fn spikes(
    issues: &dyn Issues,
    found: Vec<Found>,
    time: Timestamp,
) -> Result<Vec<NewHappening>> {
    let mut happened = Vec::with_capacity(found.len());
    for Found {
        project,
        issue,
        event,
        what,
    } in found
    {
        let subject = match issue {
            None => Subject::default(),
            Some(id) => match look(issues, project, id, event).await? {
                Some((subject, status))
                    if status == Status::Unresolved || !matches!(what, Happened::Spiking(_)) =>
                {
                    subject
                }
                _ => continue,
            },
        };
        happened.push(NewHappening {
            time,
            project,
            issue,
            what,
            subject,
        });
    }
    Ok(happened)
}

async fn look(
    issues: &dyn Issues,
    project: ProjectId,
    id: IssueId,
    event: Option<EventId>,
) -> Result<Option<(Subject, Status)>> {
    let Some(issue) = issues.issue(id).await? else {
        return Ok(None);
    };
    let event = match event {
        Some(event) => issues.event(project, event).await?,
        None => None,
    };
    let subject = Subject::of(&issue, event.as_ref().map(|event| &event.record));
    Ok(Some((subject, issue.status)))
}
