//! Why an event is where it is: what it is grouped by today, beside the names under which it was recorded.

use super::look::{Look, names};
use super::near::Near;
use super::{Error, Regroup, Result, read};
use crate::grouping::{Grouping, Rules};
use crate::model::{GroupHash, IssueId, Project};
use crate::protocol::ids::EventId;

/// Why an event is in its issue.
#[derive(Debug)]
pub struct Explanation {
    /// The event.
    pub look: Look,
    /// Its issue.
    pub issue: IssueId,
    /// The first of its recorded names that is a name of its issue: which one led it there.
    pub led: Option<GroupHash>,
    /// Issues that resemble it, those first that differ in least.
    pub nearest: Vec<Near>,
    /// The event that it was to be compared with.
    pub compared: Option<Near>,
    rules: Rules,
}

/// What an event is compared with.
#[derive(Debug, Clone, Copy)]
pub struct Others {
    /// How many issues that resemble it.
    pub nearest: usize,
    /// An event of the same project.
    pub event: Option<EventId>,
}

impl Explanation {
    /// How the project's rules of today group it.
    pub fn grouping(&self) -> Grouping<'_> {
        self.look.grouping(&self.rules)
    }

    /// Whether the rules of today give it other names than those under which it was recorded.
    pub fn is_outdated(&self) -> bool {
        names(&self.grouping()) != self.look.record.hashes
    }
}

impl Regroup {
    /// Explains an event of a project, beside others.
    pub async fn explain(&self, project: &Project, event: EventId, others: Others) -> Result<Explanation> {
        let rules = read(&project.grouping)?;
        let stored = self.issues.event(project.id, event).await?;
        let stored = stored.ok_or(Error::Missing)?;
        let issue = stored.issue;
        let known = self.issues.detail(issue).await?.unwrap_or_default().hashes;
        let look = Look::new(stored, &rules).ok_or(Error::Missing)?;
        let led = look
            .record
            .hashes
            .iter()
            .find(|hash| known.iter().any(|it| it.hash == **hash))
            .copied();
        let nearest = self
            .nearest(project, issue, &look, &rules, others.nearest)
            .await?;
        let compared = match others.event {
            Some(other) => Some(self.beside(project, other, &look, &rules).await?),
            None => None,
        };
        Ok(Explanation {
            nearest,
            compared,
            look,
            issue,
            led,
            rules,
        })
    }
}
