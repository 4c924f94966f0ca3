//! Why an event is where it is: what it is grouped by today, beside the names under which it was recorded.

use super::look::{Look, names};
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
    rules: Rules,
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
    /// Explains an event of a project.
    pub async fn explain(&self, project: &Project, event: EventId) -> Result<Explanation> {
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
        Ok(Explanation {
            look,
            issue,
            led,
            rules,
        })
    }
}
