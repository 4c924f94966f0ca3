//! What people do to issues: resolve, archive, reopen, delete; some at once or all that a search finds.
//!
//! What a status means for the next event is decided by `model`, inside the store's own commit.

use std::sync::Arc;

use jiff::Timestamp;

use crate::model::{IssueFilter, IssueId, IssueSort, PageRequest, Status};
use crate::protocol::ids::ProjectId;
use crate::store::{self, Issues, TriageChange};

/// The most issues that one search changes, as many as a page of Sentry's bulk changes.
pub const MOST_AT_ONCE: usize = 1_000;

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Neither ids nor a search: everything would be meant.
    #[error("Name issues by id or by query.")]
    Nothing,
    /// More ids than [`MOST_AT_ONCE`].
    #[error("At most 1000 issues can be changed at once.")]
    TooMany,
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Which issues are meant.
#[derive(Debug)]
pub enum Choice {
    /// These, as far as they belong to one of the projects.
    Ids(Vec<IssueId>, Vec<ProjectId>),
    /// Those that a search finds, at most [`MOST_AT_ONCE`].
    Matching(Box<IssueFilter>),
}

/// Changes issues for people.
pub struct Triage {
    issues: Arc<dyn Issues>,
}

impl Triage {
    /// Changes the issues that `issues` keeps.
    pub fn new(issues: Arc<dyn Issues>) -> Self {
        Self { issues }
    }

    /// Gives all of them a status.
    pub async fn set_status(&self, choice: Choice, status: Status, now: Timestamp) -> Result<(), Error> {
        let issues = self.ids(choice).await?;
        Ok(self
            .issues
            .triage(TriageChange::SetStatus {
                issues,
                status,
                time: now,
            })
            .await?)
    }

    /// Deletes all of them with their events.
    pub async fn delete(&self, choice: Choice) -> Result<(), Error> {
        let issues = self.ids(choice).await?;
        Ok(self.issues.triage(TriageChange::Delete { issues }).await?)
    }

    async fn ids(&self, choice: Choice) -> Result<Vec<IssueId>, Error> {
        match choice {
            Choice::Ids(ids, _) if ids.is_empty() => Err(Error::Nothing),
            Choice::Ids(ids, _) if ids.len() > MOST_AT_ONCE => Err(Error::TooMany),
            Choice::Ids(ids, projects) => self.within(ids, &projects).await,
            Choice::Matching(filter) => {
                let first = PageRequest::first(MOST_AT_ONCE);
                let page = self.issues.list(&filter, IssueSort::LastSeen, first).await?;
                Ok(page.items.into_iter().map(|issue| issue.id).collect())
            }
        }
    }

    async fn within(&self, ids: Vec<IssueId>, projects: &[ProjectId]) -> Result<Vec<IssueId>, Error> {
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            let issue = self.issues.issue(id).await?;
            found.extend(
                issue
                    .filter(|issue| projects.contains(&issue.project))
                    .map(|issue| issue.id),
            );
        }
        Ok(found)
    }
}
