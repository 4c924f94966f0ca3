//! What happened to an issue: an entry a change, with who, when and why. Entries tell, and hold what it takes to undo.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::attention::Assignee;
use super::event::GroupHash;
use super::issue::{IssueId, Stand, Status, Substatus};
use super::lifecycle::Why;
use super::lifecycle::archive::Returned;
use super::lifecycle::decision::Decision;
use super::lifecycle::regression::Regression;
use super::person::UserId;
use crate::protocol::ids::EventId;

/// An entry's number, unique in the installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ActivityId(pub u64);

/// One thing that happened to an issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Unique in the installation; later entries have higher ones.
    pub id: ActivityId,
    /// The issue that it happened to.
    pub issue: IssueId,
    /// When.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub time: Timestamp,
    /// Who did it; none for what an event did, or a person who is not known.
    pub who: Option<UserId>,
    /// What.
    pub what: Deed,
    /// The entry that undid it.
    pub undone: Option<ActivityId>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    /// Somebody decided where it stands.
    Decided(Decision),
    /// It had been resolved, and came back.
    Regressed {
        /// Why that is a regression.
        why: Regression,
        /// The event that brought it back; none when it was found out afterwards.
        event: Option<EventId>,
    },
    /// It had been archived, and what it was archived for has come.
    Returned(Returned),
    /// It stands elsewhere after all: what was known of releases changed, events came late, or it became one with an
    /// issue on which there was a later decision.
    Reconsidered {
        /// Where it stands now.
        status: Status,
        /// Why, in a word.
        substatus: Substatus,
        /// Why, in a sentence, if that does not follow from the decision alone.
        why: Option<Why>,
    },
    /// Somebody is to look after it; none for nobody any more.
    Assigned(Option<Assignee>),
    /// Somebody said something about it.
    Commented {
        /// What, as they wrote it: Markdown.
        text: String,
        /// When they last changed it.
        edited: Option<Timestamp>,
    },
    /// Others were merged into it. Can be undone.
    Merged {
        /// What came in.
        from: Vec<MergedIssue>,
        /// How it stood before.
        before: Stand,
    },
    /// It was merged into another one.
    MergedInto {
        /// Which.
        into: IssueId,
        /// That one's number in the project.
        number: u32,
        /// The entry there.
        merge: ActivityId,
    },
    /// It came back from the issue that it had been merged into.
    CameBack {
        /// Which.
        from: IssueId,
        /// That one's number in the project.
        number: u32,
    },
    /// Some of its hashes were split out. Can be undone.
    Unmerged {
        /// The issue that they make.
        into: IssueId,
        /// That one's number in the project.
        number: u32,
        /// The hashes that went.
        hashes: Vec<GroupHash>,
    },
    /// It was split out of another one.
    SplitFrom {
        /// Which.
        from: IssueId,
        /// That one's number in the project.
        number: u32,
        /// The entry there.
        unmerge: ActivityId,
    },
    /// What had been split out of another one went back there.
    WentBack {
        /// Which.
        to: IssueId,
        /// That one's number in the project.
        number: u32,
    },
    /// Something that happened to it was undone.
    Undone(ActivityId),
}

/// An issue that was merged into another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedIssue {
    /// Which.
    pub issue: IssueId,
    /// Its number in the project.
    pub number: u32,
    /// The hashes by which its events went.
    pub hashes: Vec<GroupHash>,
}
