//! What people decide about issues, and the story of each issue.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Result;
use crate::model::lifecycle::decision::Ruling;
use crate::model::{Activity, ActivityId, Assignee, GroupHash, IssueId, Page, PageRequest, UserId, Wish};

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
    /// Decides where they stand.
    Decide {
        /// Which; those that do not exist are passed over.
        issues: Vec<IssueId>,
        /// What holds from now on.
        ruling: Ruling,
    },
    /// The time came until which they were archived: said by the program itself.
    Wake {
        /// Which; those for which it is too early are passed over.
        issues: Vec<IssueId>,
    },
    /// Gives them to somebody to look after.
    Assign {
        /// Which; those that do not exist are passed over.
        issues: Vec<IssueId>,
        /// To whom; none for nobody.
        to: Option<Assignee>,
    },
    /// Says what they are to whoever asks for it.
    Attend {
        /// Which; those that do not exist are passed over.
        issues: Vec<IssueId>,
        /// What is wanted of them.
        wish: Wish,
    },
    /// Says something about an issue.
    Comment {
        /// Which.
        issue: IssueId,
        /// Markdown; at most [`TriageChange::MAX_COMMENT`] bytes.
        text: String,
    },
    /// Changes what the same person said.
    EditComment {
        /// About which issue.
        issue: IssueId,
        /// The entry.
        activity: ActivityId,
        /// Markdown; at most [`TriageChange::MAX_COMMENT`] bytes.
        text: String,
    },
    /// Takes back what the same person said.
    DeleteComment {
        /// About which issue.
        issue: IssueId,
        /// The entry.
        activity: ActivityId,
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
    /// Removes them likewise, and drops what comes of their kind from now on.
    Discard {
        /// Which; those that do not exist are passed over.
        issues: Vec<IssueId>,
    },
}

impl TriageChange {
    /// The most bytes of a comment: it stands in one row.
    pub const MAX_COMMENT: usize = 8_000;
}

/// What people decide about issues, and the story of each issue.
#[async_trait]
pub trait Decisions: Send + Sync {
    /// Does what a person asked for, all of it or nothing.
    async fn triage(&self, triaged: Triaged) -> Result<()>;
    /// The story of an issue, latest entry first; that of an issue that was merged is its own.
    async fn activity(&self, issue: IssueId, page: PageRequest) -> Result<Page<Activity>>;
    /// The issues that are archived until a time that has come at `now`, at most 100.
    async fn due(&self, now: Timestamp) -> Result<Vec<IssueId>>;
}
