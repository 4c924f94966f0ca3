//! What people decide about issues, and the story of each issue.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Result;
use crate::model::{Activity, ActivityId, GroupHash, IssueId, Page, PageRequest, Status, UserId};

/// A decision: who, when, what.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Triaged {
    /// Who; none when that is not known.
    pub who: Option<UserId>,
    /// When.
    pub time: Timestamp,
    /// What.
    pub change: TriageChange,
}

/// A change to issues that a person asked for. The id of an issue that was merged means the one that it is in now,
/// unless it says otherwise.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub enum TriageChange {
    /// Gives them a status.
    SetStatus {
        /// Which; those that do not exist are passed over.
        issues: Vec<IssueId>,
        /// The new status.
        status: Status,
    },
    /// Makes one of several issues of a project: their events of now and those to come.
    Merge {
        /// The one that stays.
        into: IssueId,
        /// The others; all must exist, none be merged already.
        issues: Vec<IssueId>,
    },
    /// Splits the events that go by these hashes out into an issue of their own.
    Unmerge {
        /// The issue that they are in.
        issue: IssueId,
        /// The hashes: some but not all of those by which its events go.
        hashes: Vec<GroupHash>,
    },
    /// Takes a merge or an unmerge back.
    Undo {
        /// The issue that has the entry, itself.
        issue: IssueId,
        /// The entry.
        activity: ActivityId,
    },
    /// Removes them with their events and with what was merged into them.
    Delete {
        /// Which; those that do not exist are passed over.
        issues: Vec<IssueId>,
    },
}

/// What people decide about issues, and the story of each issue.
#[async_trait]
pub trait Decisions: Send + Sync {
    /// Does what a person asked for, all of it or nothing.
    async fn triage(&self, triaged: Triaged) -> Result<()>;
    /// The story of an issue, latest entry first; that of an issue that was merged is its own.
    async fn activity(&self, issue: IssueId, page: PageRequest) -> Result<Page<Activity>>;
}
