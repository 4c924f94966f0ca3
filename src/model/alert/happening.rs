//! Things that happened and that a rule may be about. Written in the commit that made them so; rules are judged by them
//! alone, when they happen and whenever somebody asks what a rule would have done.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::attention::Assignee;
use crate::model::event::EventRecord;
use crate::model::issue::{Issue, IssueId};
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
    /// There were many more events than usual, and for too long nothing could tell whether there still are: it is not
    /// looked at any more.
    Unwatched {
        /// When it began.
        #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
        since: Timestamp,
    },
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

impl Happened {
    /// Whether it is that something is over, or taken for over.
    pub fn is_end(&self) -> bool {
        matches!(self, Self::Recovered(_) | Self::Unwatched { .. })
    }
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
    /// The event that made it so; none if it was something else that was learned. Then what follows is that of the latest.
    pub event: Option<EventId>,
    /// That event's severity.
    pub level: Option<Level>,
    /// That event's platform.
    pub platform: String,
    /// That event's release.
    pub release: Option<String>,
    /// That event's environment.
    pub environment: Option<String>,
    /// That event's tags, at most [`Subject::MAX_TAGS`]; none where the event is not one that just came.
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
    /// The most bytes of tags that are kept.
    const MAX_TAG_BYTES: usize = 2_000;

    /// What is known of an issue to which something happens by `event`; without one, by what was seen of it last.
    pub fn of(issue: &Issue, event: Option<&EventRecord>) -> Self {
        let seen = &issue.seen;
        let last_release = || seen.last_release.as_ref().map(|it| it.version.clone());
        let mut bytes = 0;
        let fits = |(key, value): &&(String, String)| {
            bytes += key.len() + value.len();
            bytes <= Self::MAX_TAG_BYTES
        };
        let tags = event.map(|event| event.tags.iter().take(Self::MAX_TAGS).take_while(fits));
        Self {
            number: issue.number,
            title: seen.title.clone(),
            culprit: seen.culprit.clone(),
            kind: seen.metadata.kind.clone(),
            event: event.map(|event| event.id),
            level: Some(event.map_or(seen.level, |event| event.level)),
            platform: event.map_or(&seen.platform, |event| &event.platform).clone(),
            release: event.map_or_else(last_release, |event| event.release.clone()),
            environment: event.and_then(|event| event.environment.clone()),
            tags: tags.into_iter().flatten().cloned().collect(),
            assignee: issue.assignee,
            first_seen: Some(seen.first_seen),
            events: seen.times_seen,
            users: issue.users,
        }
    }
}
