//! Decisions in the index: the rows and keys that writing and reading them share.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keys::{Key, Table};
use super::sketch::Sketch;
use crate::model::lifecycle::decision::Decision;
use crate::model::{GroupHash, IssueId, ReleaseId};
use crate::protocol::ids::ProjectId;

/// What was decided of an issue, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store::embedded) struct Standing {
    /// The last decision.
    pub decision: Decision,
    /// Where it was seen after it was resolved without that being a regression, at most [`Standing::MAX_HELD`]: one more
    /// event of there needs no judgement, until something is learned of the releases.
    pub held: Vec<(ReleaseId, Option<String>)>,
    /// The releases that have the commit by which it was resolved; one that was deleted had it, too.
    pub released_in: Vec<String>,
    /// The most events and users in one period since it was archived.
    pub most: (u64, u64),
}

impl Standing {
    /// The most places that are remembered.
    pub(in crate::store::embedded) const MAX_HELD: usize = 32;

    /// Nothing has come of it yet.
    pub(in crate::store::embedded) fn new(decision: Decision) -> Self {
        Self {
            decision,
            held: Vec::new(),
            released_in: Vec::new(),
            most: (0, 0),
        }
    }
}

/// That an issue was resolved, and must be judged again when the order of releases changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store::embedded) enum Watch {
    /// When something is learned of releases that were out then.
    Since(Timestamp),
    /// When something is learned of any release: it was resolved in a release or by a commit that need not be out yet.
    Always,
}

/// What was counted in a period since an issue was archived.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(in crate::store::embedded) struct Period {
    /// Events.
    pub events: u64,
    /// Who they came from.
    pub users: Sketch,
}

/// What was decided of an issue itself.
pub(in crate::store::embedded) fn standing_key(issue: IssueId) -> Key {
    Key::of(Table::Standing).number(issue.0)
}

/// The row that says that an issue is to be judged again.
pub(in crate::store::embedded) fn watch_key(project: ProjectId, issue: IssueId) -> Key {
    Key::of(Table::Watch).number(project.0).number(issue.0)
}

/// The rows of what was counted since an issue was archived: the number of the period follows.
pub(in crate::store::embedded) fn periods_key(issue: IssueId) -> Key {
    Key::of(Table::Period).number(issue.0)
}

/// The row that says that an issue is archived until a time.
pub(in crate::store::embedded) fn alarm_key(time: Timestamp, issue: IssueId) -> Key {
    Key::of(Table::Alarm)
        .signed(time.as_microsecond())
        .number(issue.0)
}

/// The row that says that events with a hash are dropped.
pub(in crate::store::embedded) fn discarded_key(project: ProjectId, hash: GroupHash) -> Key {
    Key::of(Table::Discarded).number(project.0).bytes(&hash.0)
}
