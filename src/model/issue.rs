//! Issues: what events that are one problem add up to.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::event::EventRecord;
use super::query::Query;
use super::timeline::TimeRange;
use crate::protocol::ids::ProjectId;
use crate::protocol::level::Level;

/// An issue's number, unique in the installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IssueId(pub u64);

/// The name that people say: the project's slug in capitals and the issue's number in the project, `SHOP-12`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortId {
    /// The project's slug, lower case.
    pub slug: String,
    /// The issue's number in its project, from 1.
    pub number: u32,
}

impl fmt::Display for ShortId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.slug.to_uppercase(), self.number)
    }
}

/// What was given is no short id.
#[derive(Debug, thiserror::Error)]
#[error("a short id looks like SHOP-12")]
pub struct NotAShortId;

impl FromStr for ShortId {
    type Err = NotAShortId;

    /// Reads `SHOP-12` in any case; a slug may itself have dashes.
    fn from_str(text: &str) -> Result<Self, NotAShortId> {
        let (slug, number) = text.rsplit_once('-').ok_or(NotAShortId)?;
        let number = number.parse().map_err(|_| NotAShortId)?;
        if slug.is_empty() {
            return Err(NotAShortId);
        }
        Ok(Self {
            slug: slug.to_lowercase(),
            number,
        })
    }
}

/// Where an issue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Somebody should look at it.
    Unresolved,
    /// Said to be mended: another event reopens it.
    Resolved,
    /// Put aside: another event does not bring it back. `ignored` on the wire.
    Archived,
}

/// Why an issue has its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Substatus {
    /// Unresolved: first seen not long ago.
    New,
    /// Unresolved: known.
    Ongoing,
    /// Unresolved: it had been resolved, and came back.
    Regressed,
    /// Archived without an end.
    ArchivedForever,
}

/// The parts of a title.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// The exception's type.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The exception's value, or the message.
    pub value: Option<String>,
    /// File of the frame that failed.
    pub filename: Option<String>,
    /// Function of the frame that failed.
    pub function: Option<String>,
}

/// An issue. What is shown of an event (title and so on) is that of the latest one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Unique in the installation.
    pub id: IssueId,
    /// Whose it is.
    pub project: ProjectId,
    /// Number within the project, from 1: the end of its short id.
    pub number: u32,
    /// One line: type and value, or the message.
    pub title: String,
    /// Where: the transaction, or the function that failed.
    pub culprit: Option<String>,
    /// The title's parts.
    pub metadata: Metadata,
    /// Severity of the latest event.
    pub level: Level,
    /// Platform of the latest event.
    pub platform: String,
    /// `error`, `default`, `csp` …: what kind of event it is made of.
    pub event_type: String,
    /// Logger of the latest event.
    pub logger: Option<String>,
    /// Whether the latest event was not caught by the program.
    pub unhandled: bool,
    /// When the earliest event happened.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub first_seen: Timestamp,
    /// When the latest event happened.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub last_seen: Timestamp,
    /// How many events: exact.
    pub times_seen: u64,
    /// How many users: exact for few, an estimate within 2 % for many.
    pub users: u64,
    /// Where it stands.
    pub status: Status,
    /// Why.
    pub substatus: Substatus,
    /// When the status was last changed.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub status_changed: Timestamp,
    /// Release of the earliest event that had one.
    pub first_release: Option<String>,
    /// Release of the latest event that had one.
    pub last_release: Option<String>,
    /// Environments, in order of first appearance, at most [`Issue::MAX_ENVIRONMENTS`].
    pub environments: Vec<String>,
}

impl Issue {
    /// The most environments that an issue's row remembers; the tag `environment` counts them all.
    pub const MAX_ENVIRONMENTS: usize = 32;

    /// How long an unresolved issue is called new.
    const NEW_FOR: jiff::SignedDuration = jiff::SignedDuration::from_hours(7 * 24);

    /// The issue that `event` begins: without a count, which [`Issue::see`] adds.
    pub fn begin(id: IssueId, number: u32, event: &EventRecord) -> Self {
        Self {
            id,
            project: event.project,
            number,
            title: event.title.clone(),
            culprit: event.culprit.clone(),
            metadata: event.metadata.clone(),
            level: event.level,
            platform: event.platform.clone(),
            event_type: event.event_type.clone(),
            logger: event.logger.clone(),
            unhandled: event.unhandled,
            first_seen: event.timestamp,
            last_seen: event.timestamp,
            times_seen: 0,
            users: 0,
            status: Status::Unresolved,
            substatus: Substatus::New,
            status_changed: event.received,
            first_release: event.release.clone(),
            last_release: event.release.clone(),
            environments: Vec::new(),
        }
    }

    /// Takes one more event into account. Users are counted by the caller, who has their sketch.
    pub fn see(&mut self, event: &EventRecord) {
        self.times_seen += 1;
        if event.timestamp >= self.last_seen {
            self.last_seen = event.timestamp;
            self.title.clone_from(&event.title);
            self.culprit.clone_from(&event.culprit);
            self.metadata.clone_from(&event.metadata);
            self.level = event.level;
            self.platform.clone_from(&event.platform);
            self.logger.clone_from(&event.logger);
            self.unhandled = event.unhandled;
            if event.release.is_some() {
                self.last_release.clone_from(&event.release);
            }
        }
        if event.timestamp < self.first_seen {
            self.first_seen = event.timestamp;
            if event.release.is_some() {
                self.first_release.clone_from(&event.release);
            }
        }
        if self.first_release.is_none() {
            self.first_release.clone_from(&event.release);
        }
        if self.last_release.is_none() {
            self.last_release.clone_from(&event.release);
        }
        if let Some(environment) = &event.environment
            && !self.environments.contains(environment)
            && self.environments.len() < Self::MAX_ENVIRONMENTS
        {
            self.environments.push(environment.clone());
        }
        super::lifecycle::on_event(self, event);
    }

    /// Why it has its status, as of `now`: a new issue is an ongoing one after a week.
    pub fn substatus_at(&self, now: Timestamp) -> Substatus {
        match self.substatus {
            Substatus::New if now.duration_since(self.first_seen) > Self::NEW_FOR => Substatus::Ongoing,
            other => other,
        }
    }
}

/// In what order issues are listed. Always descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IssueSort {
    /// Latest event first.
    #[default]
    LastSeen,
    /// Newest issue first.
    FirstSeen,
    /// Most events first.
    Events,
    /// Most users first.
    Users,
}

/// Which issues are asked for.
#[derive(Debug, Clone, Default)]
pub struct IssueFilter {
    /// Of these projects.
    pub projects: Vec<ProjectId>,
    /// Seen in one of these environments; empty for all.
    pub environments: Vec<String>,
    /// With an event in this span: seen last after its start and first before its end.
    pub range: Option<TimeRange>,
    /// What the search box says.
    pub query: Query,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_ids_are_read_as_they_are_written() {
        for text in ["SHOP-12", "WEB-FRONT-END-1"] {
            assert_eq!(text.parse::<ShortId>().unwrap().to_string(), text);
        }
        assert_eq!("shop-3".parse::<ShortId>().unwrap().slug, "shop");
        for text in ["", "SHOP", "SHOP-", "-3", "SHOP-x", "SHOP-99999999999"] {
            assert!(text.parse::<ShortId>().is_err(), "{text}");
        }
    }
}
