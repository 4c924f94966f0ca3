//! What is found, in numbers and in a sentence.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::alert::happening::Spike;
use crate::model::timeline::at;

/// What there is to say of a minute.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Nothing: as usual, too little, or too new to tell.
    Quiet,
    /// There are many more events than usual: since just now, if no spike was going on, else still.
    Spiking {
        /// The numbers.
        evidence: Evidence,
        /// What to remember until it is over.
        ongoing: Ongoing,
    },
    /// The spike that was going on is over.
    Recovered(Evidence),
}

/// What is remembered while a spike lasts. It does not change meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ongoing {
    /// When it began, in Unix seconds.
    pub since: i64,
    /// How many minutes must be calm for it to be over.
    pub calm: u32,
    /// Events an hour that were usual then.
    pub usual: f64,
    /// How many times what its rhythm says that was.
    pub level: f64,
}

/// A count beside what was expected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// How many events there were.
    pub observed: u64,
    /// In how many minutes, the last ones.
    pub minutes: u32,
    /// How many were expected in so many minutes.
    pub expected: f64,
    /// From what.
    pub baseline: Baseline,
}

impl Evidence {
    /// How many times as many as expected.
    pub fn factor(&self) -> f64 {
        self.observed as f64 / self.expected
    }

    /// How many more than expected.
    pub fn excess(&self) -> f64 {
        self.observed as f64 - self.expected
    }

    /// The numbers as they are kept.
    pub fn spike(&self, ongoing: &Ongoing) -> Spike {
        Spike {
            since: at(ongoing.since),
            observed: self.observed,
            minutes: self.minutes,
            expected_milli: (self.expected * 1_000.0).round() as u64,
            baseline: self.baseline.to_string(),
        }
    }
}

/// What an expectation is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Baseline {
    /// The median of the same hour of the same weekday in so many weeks.
    SameWeekday {
        /// How many.
        weeks: usize,
    },
    /// The median of the same hour on so many days.
    SameHour {
        /// How many.
        days: usize,
    },
    /// The hour just before, which had more than is usual.
    LastHour,
    /// It is too young to have usual hours: the last hours.
    LastHours,
    /// It was too young when the spike began: the hours before that.
    BeforeTheSpike,
    /// It is so quiet that the floor counts.
    Floor,
}

impl fmt::Display for Baseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameWeekday { weeks } => {
                write!(f, "median of this hour and weekday in the last {weeks} weeks")
            }
            Self::SameHour { days } => write!(f, "median of this hour on the last {days} days"),
            Self::LastHour => f.write_str("as in the hour before"),
            Self::LastHours => f.write_str("the last hours: it is too young to have usual ones"),
            Self::BeforeTheSpike => f.write_str("the hours before the spike"),
            Self::Floor => write!(f, "fewer than {} an hour are taken for {0}", super::FLOOR),
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let events = if self.observed == 1 { "event" } else { "events" };
        let minutes = match self.minutes {
            1 => "1 minute".to_owned(),
            60 => "1 hour".to_owned(),
            minutes => format!("{minutes} minutes"),
        };
        let digits = usize::from(self.expected < 10.0);
        write!(
            f,
            "{} {events} in {minutes}, expected about {:.digits$} ({})",
            self.observed, self.expected, self.baseline
        )
    }
}
