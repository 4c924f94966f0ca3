//! When an archived issue is more of a problem than it was: a forecast from the week before, and what exceeds it.
//!
//! The rule, which anybody can check by hand: an issue escalates in the first hour that has more than twice as many
//! events as the busiest hour of the week before it was archived (at least [`LEAST_AN_HOUR`]), or at the end of 24
//! hours that have more than twice as many as the busiest 24 hours of that week (at least [`LEAST_A_DAY`]). Hours are
//! those of the clock, in UTC; the one in which the issue was archived still belongs to the week before.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::timeline::HOUR;

/// How many hours before the archiving the forecast looks at: a week.
pub const HOURS_BEFORE: i64 = 7 * 24;
/// As many events in an hour are no escalation, however few there were before.
const LEAST_AN_HOUR: u64 = 10;
/// As many events in 24 hours are no escalation, however few there were before.
const LEAST_A_DAY: u64 = 50;
/// Hours of a day.
const DAY_HOURS: i64 = 24;

/// That there were more events than expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// How many events there were.
    pub events: u64,
    /// In how many hours: 1 or 24.
    pub hours: i64,
    /// How many had been expected at most.
    pub expected: u64,
    /// When the last of these hours began.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub hour: Timestamp,
}

/// The first escalation of an issue that was archived at `archived`, by its events an hour: (start of the hour in Unix
/// seconds, count), from a week before on.
pub fn escalation(archived: Timestamp, hours: &[(i64, u64)]) -> Option<Escalation> {
    let border = archived.as_second().div_euclid(HOUR);
    let mut counts = BTreeMap::new();
    for (start, count) in hours {
        *counts.entry(start.div_euclid(HOUR)).or_insert(0) += count;
    }
    let before = counts.range(border - HOURS_BEFORE..=border);
    let busiest = |length| busiest(before.clone(), length);
    let expected = [
        (1, (2 * busiest(1)).max(LEAST_AN_HOUR)),
        (DAY_HOURS, (2 * busiest(DAY_HOURS)).max(LEAST_A_DAY)),
    ];
    counts.range(border + 1..).find_map(|(&hour, _)| {
        expected.into_iter().find_map(|(length, expected)| {
            let start = (hour - length + 1).max(border + 1);
            let events = counts.range(start..=hour).map(|(_, count)| count).sum();
            (events > expected).then(|| Escalation {
                events,
                hours: length,
                expected,
                hour: Timestamp::from_second(hour * HOUR).unwrap_or(archived),
            })
        })
    })
}

/// The most events in `length` hours that follow each other.
fn busiest<'a>(counts: impl Iterator<Item = (&'a i64, &'a u64)> + Clone, length: i64) -> u64 {
    let ends = counts.clone().map(|(end, _)| *end);
    let sum = |end: i64| {
        let within = counts
            .clone()
            .filter(|(hour, _)| (end - length + 1..=end).contains(*hour));
        within.map(|(_, count)| count).sum()
    };
    ends.map(sum).max().unwrap_or_default()
}

impl fmt::Display for Escalation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span = if self.hours == 1 { "an hour" } else { "24 hours" };
        write!(
            f,
            "{} events in {span}, where at most {} were to be expected after the week before it was archived",
            self.events, self.expected
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Archived in the middle of hour 1,000, with `before` events in each of the ten hours up to it, and `after` in
    /// those that follow.
    fn story(before: u64, after: &[u64]) -> Option<Escalation> {
        let archived = Timestamp::from_second(1_000 * HOUR + 1_800).unwrap();
        let mut hours: Vec<_> = (991..=1_000).map(|hour| (hour * HOUR, before)).collect();
        hours.extend(
            (1_001_i64..)
                .zip(after)
                .map(|(hour, count)| (hour * HOUR, *count)),
        );
        escalation(archived, &hours)
    }

    #[test]
    fn it_escalates_when_there_is_twice_as_much_as_in_the_week_before() {
        for (before, after, expected) in [
            (0, &[10][..], None),
            (
                0,
                &[11],
                Some(
                    "11 events in an hour, where at most 10 were to be expected after the week before it was archived",
                ),
            ),
            (20, &[20, 30, 40], None),
            (
                20,
                &[20, 41],
                Some(
                    "41 events in an hour, where at most 40 were to be expected after the week before it was archived",
                ),
            ),
            // Never much in one hour, but without an end.
            (0, &[10, 10, 10, 10, 10], None),
            (
                0,
                &[10, 10, 10, 10, 10, 1],
                Some(
                    "51 events in 24 hours, where at most 50 were to be expected after the week before it was archived",
                ),
            ),
        ] {
            let escalation = story(before, after);
            assert_eq!(
                escalation.map(|it| it.to_string()).as_deref(),
                expected,
                "{before} {after:?}"
            );
        }
    }

    #[test]
    fn what_was_more_than_a_week_before_is_not_looked_at() {
        let archived = Timestamp::from_second(1_000 * HOUR).unwrap();
        let hours = [(800 * HOUR, 1_000), (1_001 * HOUR, 11)];
        assert!(escalation(archived, &hours).is_some());
        let hours = [(900 * HOUR, 1_000), (1_001 * HOUR, 11)];
        assert!(escalation(archived, &hours).is_none());
    }
}
