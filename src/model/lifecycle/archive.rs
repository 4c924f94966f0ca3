//! Issues that are put aside: until when, and what brings them back. Pure, and the same in whatever order events arrive.

use std::fmt;

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::escalation::{self, Escalation};
use crate::model::person::UserId;
use crate::model::timeline::Hours;

/// That an issue is put aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archive {
    /// When it was said.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub time: Timestamp,
    /// By whom.
    pub who: Option<UserId>,
    /// What brings it back.
    pub until: Until,
}

/// What brings an archived issue back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// Nothing.
    Forever,
    /// That this time has come.
    Time(Timestamp),
    /// That many events more.
    Events(Limit),
    /// That many users more: those who are seen from now on, known ones too.
    Users(Limit),
    /// That there are more of it than were to be expected after the week before.
    Escalating,
}

/// A number of events or users, in a period if one is said: periods follow each other from the moment on when the
/// issue was archived, and each one begins to count anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// How many, from 1.
    pub count: u64,
    /// Length of a period in minutes; none for all the time from then on.
    pub minutes: Option<u32>,
}

impl Limit {
    /// The most events or users that one can ask for.
    pub const MAX_COUNT: u64 = 1_000_000;
    /// The longest period in minutes: 90 days.
    pub const MAX_MINUTES: u32 = 90 * 24 * 60;

    /// Whether somebody can have meant it.
    pub fn is_sensible(&self) -> bool {
        let is_length = |minutes| (1..=Self::MAX_MINUTES).contains(&minutes);
        (1..=Self::MAX_COUNT).contains(&self.count) && self.minutes.is_none_or(is_length)
    }

    /// Which period a moment lies in, from 0. None before the issue was archived.
    pub fn period(&self, archived: Timestamp, happened: Timestamp) -> Option<u64> {
        let seconds = u64::try_from(happened.duration_since(archived).as_secs()).ok()?;
        let length = self
            .minutes
            .map_or(u64::MAX, |minutes| 60 * u64::from(minutes.max(1)));
        (happened > archived).then_some(seconds / length)
    }

    /// Whether that many are enough.
    pub fn is_reached(&self, count: u64) -> bool {
        count >= self.count.max(1)
    }
}

/// What was counted since an issue was archived.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// The most events in one period.
    pub events: u64,
    /// The most users in one period.
    pub users: u64,
    /// Events by hour, from the week before it was archived until now.
    pub hours: Hours,
}

/// Why an archived issue is open again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Returned {
    /// The time has come.
    Time(Timestamp),
    /// So many events were seen.
    Events(Limit),
    /// So many users were seen.
    Users(Limit),
    /// There is more of it than expected.
    Escalated(Escalation),
}

impl Archive {
    /// Why it is open again as of `now`, if it is.
    pub fn returned(&self, counted: &Counted, now: Timestamp) -> Option<Returned> {
        match self.until {
            Until::Forever => None,
            Until::Time(time) => (now >= time).then_some(Returned::Time(time)),
            Until::Events(limit) => limit
                .is_reached(counted.events)
                .then_some(Returned::Events(limit)),
            Until::Users(limit) => limit.is_reached(counted.users).then_some(Returned::Users(limit)),
            Until::Escalating => escalation::escalation(self.time, &counted.hours).map(Returned::Escalated),
        }
    }

    /// The earliest hour, in Unix seconds, of which it must know how many events there were.
    pub fn first_hour(&self) -> i64 {
        let week_before = self.time.checked_sub((escalation::HOURS_BEFORE).hours());
        week_before.unwrap_or(Timestamp::MIN).as_second()
    }
}

impl fmt::Display for Archive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.until {
            Until::Forever => f.write_str("archived forever"),
            Until::Time(time) => write!(f, "archived until {time:.0}"),
            Until::Events(limit) => write!(f, "archived until {}", Many(limit, "event")),
            Until::Users(limit) => write!(f, "archived until {}", Many(limit, "user")),
            Until::Escalating => f.write_str("archived until it escalates"),
        }
    }
}

impl fmt::Display for Returned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(time) => write!(f, "reopened: it was archived until {time:.0}"),
            Self::Events(limit) => write!(f, "reopened: it was archived until {}", Many(*limit, "event")),
            Self::Users(limit) => write!(f, "reopened: it was archived until {}", Many(*limit, "user")),
            Self::Escalated(escalation) => write!(f, "escalating: {escalation}"),
        }
    }
}

/// `5 more events in 60 minutes`.
struct Many(Limit, &'static str);

impl fmt::Display for Many {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(Limit { count, minutes }, what) = self;
        let plural = |count: u64| if count == 1 { "" } else { "s" };
        let count = (*count).max(1);
        write!(f, "{count} more {what}{}", plural(count))?;
        match minutes {
            Some(minutes) => write!(f, " in {minutes} minute{}", plural((*minutes).into())),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn periods_follow_each_other_from_the_moment_of_archiving() {
        let limit = |minutes| Limit { count: 1, minutes };
        for (minutes, happened, period) in [
            (Some(10), 999, None),
            (Some(10), 1_000, None),
            (Some(10), 1_001, Some(0)),
            (Some(10), 1_599, Some(0)),
            (Some(10), 1_600, Some(1)),
            (Some(0), 1_061, Some(1)),
            (None, 999_999_999, Some(0)),
            (None, 1_000, None),
        ] {
            assert_eq!(
                limit(minutes).period(at(1_000), at(happened)),
                period,
                "{minutes:?} {happened}"
            );
        }
    }

    #[test]
    fn each_condition_brings_it_back_when_it_is_met_and_says_so() {
        let limit = |count, minutes| Limit { count, minutes };
        let counted = Counted {
            events: 5,
            users: 2,
            hours: Vec::new(),
        };
        for (until, said, back) in [
            (Until::Forever, "archived forever", None),
            (
                Until::Time(at(2_000)),
                "archived until 1970-01-01T00:33:20Z",
                Some("reopened: it was archived until 1970-01-01T00:33:20Z"),
            ),
            (
                Until::Time(at(2_001)),
                "archived until 1970-01-01T00:33:21Z",
                None,
            ),
            (
                Until::Events(limit(5, Some(60))),
                "archived until 5 more events in 60 minutes",
                Some("reopened: it was archived until 5 more events in 60 minutes"),
            ),
            (
                Until::Events(limit(6, None)),
                "archived until 6 more events",
                None,
            ),
            (
                Until::Users(limit(1, None)),
                "archived until 1 more user",
                Some("reopened: it was archived until 1 more user"),
            ),
            (
                Until::Users(limit(3, Some(1))),
                "archived until 3 more users in 1 minute",
                None,
            ),
            (Until::Escalating, "archived until it escalates", None),
        ] {
            let archive = Archive {
                time: at(1_000),
                who: None,
                until,
            };
            let returned = archive.returned(&counted, at(2_000));
            assert_eq!(archive.to_string(), said);
            assert_eq!(returned.map(|it| it.to_string()).as_deref(), back, "{said}");
        }
    }
}
