//! Issues: what events that are one problem add up to.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::attention::{Assignee, Interest};
use super::event::EventRecord;
use super::lifecycle::Why;
use super::lifecycle::decision::Decision;
use super::person::UserId;
use super::query::Query;
use super::seen::Seen;
use super::timeline::TimeRange;
use crate::protocol::ids::ProjectId;

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
    /// Unresolved: it had been archived, and there is more of it than before.
    Escalating,
    /// Archived without an end.
    ArchivedForever,
    /// Archived until a time, or until some number of events or users.
    ArchivedUntilConditionMet,
    /// Archived until there is more of it than before.
    ArchivedUntilEscalating,
}

impl Substatus {
    /// How long an unresolved issue is called new, regressed or escalating.
    const NEW_FOR: jiff::SignedDuration = jiff::SignedDuration::from_hours(7 * 24);

    /// What it is as of `now`, for an issue that was first seen and whose status was last changed then.
    pub fn at(self, now: Timestamp, first_seen: Timestamp, status_changed: Timestamp) -> Self {
        let since = match self {
            Self::New => first_seen,
            Self::Regressed | Self::Escalating => status_changed,
            other => return other,
        };
        if now.duration_since(since) > Self::NEW_FOR {
            Self::Ongoing
        } else {
            self
        }
    }
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

/// How an issue stood at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand {
    /// Where it stood.
    pub status: Status,
    /// Why.
    pub substatus: Substatus,
    /// When the status had last been changed.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub status_changed: Timestamp,
}

/// An issue: the sum of its [parts](super::part), and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Unique in the installation.
    pub id: IssueId,
    /// Whose it is.
    pub project: ProjectId,
    /// Number within the project, from 1: the end of its short id.
    pub number: u32,
    /// What its parts add up to.
    pub seen: Seen,
    /// How many users: exact for few, an estimate within 2 % for many.
    pub users: u64,
    /// Where it stands.
    pub status: Status,
    /// Why.
    pub substatus: Substatus,
    /// When the status was last changed.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub status_changed: Timestamp,
    /// The last decision on it, or on one of those that were merged into it: where it stands follows from that and from
    /// what was seen.
    pub decision: Option<Decision>,
    /// Which of those issues the decision was on.
    pub decided: Option<IssueId>,
    /// Why it does not stand, or still stands, as decided.
    pub why: Option<Why>,
    /// Who is to look after it.
    pub assignee: Option<Assignee>,
    /// What it is to people, at most [`Issue::MAX_INTERESTS`] of them.
    pub interests: BTreeMap<UserId, Interest>,
    /// How many comments it has.
    pub comments: u32,
    /// The issue that took its parts over; it is not listed then, and its names lead there.
    pub merged_into: Option<IssueId>,
}

impl Issue {
    /// The most parts that an issue has; what would be one more is counted in the part that led it there.
    pub const MAX_PARTS: usize = 100;

    /// The most people whose interest is remembered.
    pub const MAX_INTERESTS: usize = 200;

    /// How many merges one after the other its names are followed through: a bound, since none goes in a circle.
    pub const MAX_MERGES: usize = 1_000;

    /// The issue that `event` begins: nothing is counted yet.
    pub fn begin(id: IssueId, number: u32, event: &EventRecord) -> Self {
        Self {
            id,
            project: event.project,
            number,
            seen: Seen::before(event),
            users: 0,
            status: Status::Unresolved,
            substatus: Substatus::New,
            status_changed: event.received,
            decision: None,
            decided: None,
            why: None,
            assignee: None,
            interests: BTreeMap::new(),
            comments: 0,
            merged_into: None,
        }
    }

    /// Why it has its status, as of `now`: what is new, regressed or escalating is ongoing after a week.
    pub fn substatus_at(&self, now: Timestamp) -> Substatus {
        self.substatus.at(now, self.seen.first_seen, self.status_changed)
    }

    /// What the list shows of it in words.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let Seen {
            title,
            culprit,
            metadata,
            ..
        } = &self.seen;
        let parts = [culprit, &metadata.kind, &metadata.value];
        [title.as_str()]
            .into_iter()
            .chain(parts.into_iter().flatten().map(String::as_str))
    }

    /// How it stands.
    pub fn stand(&self) -> Stand {
        Stand {
            status: self.status,
            substatus: self.substatus,
            status_changed: self.status_changed,
        }
    }

    /// It stands where it stood at `before`, as if it had not stood elsewhere in between; if it does.
    pub fn stands_again(&mut self, before: &Stand) {
        if (self.status, self.substatus) == (before.status, before.substatus) {
            self.status_changed = before.status_changed;
        }
    }

    /// Lets a person's interest in it be as `change` makes it. One person too many is passed over.
    pub fn interest(&mut self, who: UserId, change: impl FnOnce(Interest) -> Interest) {
        let known = self.interests.get(&who).copied();
        if known.is_some() || self.interests.len() < Self::MAX_INTERESTS {
            let interest = change(known.unwrap_or_default());
            self.interests.insert(who, interest);
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
    /// What to look at first: late, of many users, severe, or back again.
    Priority,
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

impl IssueFilter {
    /// Whether `issue`, which is of one of the projects, is meant. `tag` gives the issue's values of a tag key: see
    /// [`Query::matches`].
    pub fn means(&self, issue: &Issue, tag: &mut dyn FnMut(&str) -> Vec<String>) -> bool {
        let in_range = self
            .range
            .is_none_or(|range| issue.seen.last_seen >= range.start && issue.seen.first_seen < range.end);
        let mut wanted = self.environments.iter();
        let in_environment =
            self.environments.is_empty() || wanted.any(|it| issue.seen.environments.contains(it));
        in_range && in_environment && self.query.matches(issue, tag)
    }
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
