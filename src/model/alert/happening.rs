//! Things that happened and that a rule may be about. Written in the commit that made them so; rules are judged by them
//! alone, when they happen and whenever somebody asks what a rule would have done.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::attention::Assignee;
use crate::model::issue::IssueId;
use crate::model::lifecycle::archive::Returned;
use crate::model::lifecycle::regression::Regression;
use crate::protocol::ids::{EventId, ProjectId};
use crate::protocol::level::Level;

/// A happening's number, unique in the installation; later ones have higher ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct HappeningId(pub u64);

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happening {
    /// Unique in the installation; given by the store.
    pub id: HappeningId,
    /// When: the time at which the event was received that made it so.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub time: Timestamp,
    /// Where.
    pub project: ProjectId,
    /// To which issue; none for what happened to the project as a whole.
    pub issue: Option<IssueId>,
    /// What.
    pub what: Happened,
    /// What was known of the issue then; empty without one.
    pub subject: Subject,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Happened {
    /// An issue began.
    New,
    /// It had been resolved, and came back.
    Regressed(Regression),
    /// It had been archived, and came back: the sentence says why.
    Escalated {
        /// Why.
        why: Returned,
    },
    /// There are many more events than usual, of the issue or of the whole project.
    Spiking(Spike),
    /// There are as many as usual again.
    Recovered(Spike),
    /// A release was deployed, or seen for the first time.
    Released {
        /// Its version.
        version: String,
        /// Where.
        environment: Option<String>,
    },
    /// A release was found to be worse than the one before it.
    BadRelease {
        /// Its version.
        version: String,
        /// Where.
        environment: Option<String>,
        /// The release that it was compared with.
        baseline: String,
        /// Why, in sentences without a full stop.
        reasons: Vec<String>,
    },
}

/// The numbers of a spike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spike {
    /// When it began.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub since: Timestamp,
    /// How many events there were.
    pub observed: u64,
    /// In how many minutes.
    pub minutes: u32,
    /// How many there usually are in so many minutes, in thousandths.
    pub expected_milli: u64,
    /// What the expectation is taken from, in words: "median of this hour on the last 7 days".
    pub baseline: String,
}

/// What was known of an issue when something happened to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Its number in the project: the end of its short id.
    pub number: u32,
    /// One line: type and value, or the message.
    pub title: String,
    /// Where: the transaction, or the function that failed.
    pub culprit: Option<String>,
    /// The exception's type.
    pub kind: Option<String>,
    /// The event by which it is judged: the one that made it so, else the latest.
    pub event: Option<EventId>,
    /// That event's severity.
    pub level: Option<Level>,
    /// That event's platform.
    pub platform: String,
    /// That event's release.
    pub release: Option<String>,
    /// That event's environment.
    pub environment: Option<String>,
    /// That event's tags, at most [`Subject::MAX_TAGS`].
    pub tags: Vec<(String, String)>,
    /// Whose the issue was.
    pub assignee: Option<Assignee>,
    /// When it was first seen.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::optional")]
    pub first_seen: Option<Timestamp>,
    /// How many events it had.
    pub events: u64,
    /// How many users it had.
    pub users: u64,
}

impl Subject {
    /// The most tags that are kept.
    pub const MAX_TAGS: usize = 40;
}
