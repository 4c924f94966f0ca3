//! What was seen of events: counted and summed up, so that sums can be added to sums. Users are not in it: they are
//! told apart by a sketch that the store keeps.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::event::EventRecord;
use super::issue::Metadata;
use crate::protocol::level::Level;

/// What some events add up to. What is shown of an event (title and so on) is that of the latest one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
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
    /// `error`, `default`, `csp` …: what kind of event the latest one is.
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
    /// Release of the earliest event that had one.
    pub first_release: Option<SeenRelease>,
    /// Release of the latest event that had one.
    pub last_release: Option<SeenRelease>,
    /// Environments, in order of first appearance, at most [`Seen::MAX_ENVIRONMENTS`].
    pub environments: Vec<String>,
    /// How many of the events are only counted: their payloads are not kept.
    #[serde(default)]
    pub bare: u64,
}

/// A release, and when the event happened that came from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenRelease {
    /// As the client said it.
    pub version: String,
    /// When the event happened.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub time: Timestamp,
}

impl Seen {
    /// The most environments that are remembered; the tag `environment` counts them all.
    pub const MAX_ENVIRONMENTS: usize = 32;

    /// What `event` alone adds up to.
    pub fn of(event: &EventRecord) -> Self {
        let release = event.release.as_ref().map(|version| SeenRelease {
            version: version.clone(),
            time: event.timestamp,
        });
        Self {
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
            times_seen: 1,
            first_release: release.clone(),
            last_release: release,
            environments: event.environment.iter().cloned().collect(),
            bare: 0,
        }
    }

    /// What will be counted from `event` on, which itself is not.
    pub fn before(event: &EventRecord) -> Self {
        Self {
            times_seen: 0,
            ..Self::of(event)
        }
    }

    /// How many of the events are kept in full.
    pub fn kept(&self) -> u64 {
        self.times_seen.saturating_sub(self.bare)
    }

    /// Takes one more event into account.
    pub fn see(&mut self, event: &EventRecord) {
        self.join(Self::of(event));
    }

    /// Takes into account what `other` adds up to. Of two latest events at one moment that of `other` is shown.
    pub fn join(&mut self, other: Self) {
        if other.times_seen == 0 {
            return;
        }
        if self.times_seen == 0 {
            *self = other;
            return;
        }
        self.times_seen += other.times_seen;
        self.bare += other.bare;
        self.first_seen = self.first_seen.min(other.first_seen);
        for name in other.environments {
            if self.environments.len() < Self::MAX_ENVIRONMENTS && !self.environments.contains(&name) {
                self.environments.push(name);
            }
        }
        self.first_release = pick(self.first_release.take(), other.first_release, |known, new| {
            new < known
        });
        self.last_release = pick(self.last_release.take(), other.last_release, |known, new| {
            new >= known
        });
        if other.last_seen >= self.last_seen {
            self.last_seen = other.last_seen;
            self.title = other.title;
            self.culprit = other.culprit;
            self.metadata = other.metadata;
            self.level = other.level;
            self.platform = other.platform;
            self.event_type = other.event_type;
            self.logger = other.logger;
            self.unhandled = other.unhandled;
        }
    }
}

/// Of two releases the `new` one, if by their times it `wins`; the one that there is when there is one.
fn pick(
    known: Option<SeenRelease>,
    new: Option<SeenRelease>,
    wins: fn(Timestamp, Timestamp) -> bool,
) -> Option<SeenRelease> {
    match (known, new) {
        (Some(known), Some(new)) if !wins(known.time, new.time) => Some(known),
        (known, new) => new.or(known),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One event at `second`, with or without a release.
    fn one(second: i64, release: Option<&str>, environment: &str) -> Seen {
        let event = serde_json::json!({
            "project": 1, "id": "fc6d8c0c43fc4630ad850ee518f1b9d0", "category": "error",
            "timestamp": second * 1_000_000, "received": 0, "hashes": [], "grouping": "v1",
            "title": format!("at {second}"), "metadata": {}, "level": "error", "platform": "python",
            "event_type": "error", "unhandled": false, "release": release, "environment": environment, "tags": [],
        });
        Seen::of(&serde_json::from_value(event).unwrap())
    }

    fn sum(seen: impl IntoIterator<Item = Seen>) -> Seen {
        seen.into_iter()
            .reduce(|mut sum, more| {
                sum.join(more);
                sum
            })
            .unwrap()
    }

    #[test]
    fn a_sum_of_sums_is_the_sum_of_all() {
        let all = [
            one(3, Some("b"), "staging"),
            one(9, None, "production"),
            one(1, None, "production"),
            one(5, Some("c"), "staging"),
            one(2, Some("a"), "staging"),
        ];
        let whole = sum(all.clone());
        assert_eq!((whole.title.as_str(), whole.times_seen), ("at 9", 5));
        let releases = [&whole.first_release, &whole.last_release];
        let releases = releases.map(|it| it.as_ref().map(|it| it.version.as_str()));
        assert_eq!(releases, [Some("a"), Some("c")]);
        for cut in 1..all.len() {
            let (one, other) = all.split_at(cut);
            assert_eq!(sum([sum(one.to_vec()), sum(other.to_vec())]), whole, "{cut}");
        }
    }

    #[test]
    fn what_has_no_events_adds_nothing() {
        let nothing = Seen {
            times_seen: 0,
            ..one(9, Some("z"), "staging")
        };
        let something = one(1, None, "production");
        for both in [[nothing.clone(), something.clone()], [something.clone(), nothing]] {
            assert_eq!(sum(both), something);
        }
    }
}
