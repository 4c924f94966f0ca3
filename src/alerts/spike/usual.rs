//! What is expected of a window of minutes, and how much it may scatter.
//!
//! Puts rhythm, floor and scatter together; an issue that is too young for a rhythm is held against its own last
//! hours, and one that was just born against nothing. Does not compare.

use super::evidence::{Baseline, Ongoing};
use super::rhythm::Rhythm;
use super::scatter::{Scatter, successive};
use super::series::{HOUR, Past, Series, total, upper_median};
use super::{DRIFT, DRIFT_YOUNG, FACTOR, FACTOR_NEWBORN, FLOOR};

/// A younger one has no usual minutes.
const LEAST_AGE: i64 = HOUR / 2;
/// A younger one is still spreading.
const NEWBORN: i64 = 3 * HOUR;
/// So long a spike is none of the last hours of a young issue; after that it is what is usual.
const LONGEST: i64 = 12 * HOUR;

/// What is usual, as far as it is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usual {
    /// Events an hour in the running hour and in the one before it.
    spread: [f64; 2],
    /// Events that may come all at once.
    lump: f64,
    /// The index of dispersion of hours.
    scatter: f64,
    /// Of how many hours the expectation is made.
    hours: f64,
    /// How many times what is expected is still taken for it.
    pub(super) drift: f64,
    /// The least number of times as many as expected that is a spike.
    pub(super) factor: f64,
    /// From what.
    pub(super) baseline: Baseline,
}

impl Usual {
    /// None for what was just born.
    pub(super) fn of(series: &Series, ongoing: Option<&Ongoing>) -> Option<Self> {
        let past = Past::of(series);
        match Rhythm::of(&past) {
            Some(rhythm) => Some(Self::rhythmic(&rhythm, series)),
            None => Self::young(&past, series, ongoing),
        }
    }

    fn rhythmic(rhythm: &Rhythm, series: &Series) -> Self {
        let [next, this, before] = [-1, 0, 1].map(|ago| rhythm.hour(ago));
        let mut usual = Self {
            spread: [this.0, before.0],
            lump: next.1.max(this.1).max(before.1),
            scatter: rhythm.scatter(),
            hours: rhythm.cycles() as f64,
            drift: DRIFT,
            factor: FACTOR,
            baseline: rhythm.baseline(),
        };
        // If the minutes before had next to nothing of what this hour usually has, they do not tell how it comes.
        let heard = total(series.before(15, 60)) as f64;
        if heard < this.0 / 4.0 {
            usual.lump += this.0;
            usual.spread[0] = 0.0;
        }
        if this.0 + this.1 < FLOOR {
            usual.spread = usual.spread.map(|it| it.max(FLOOR));
            usual.baseline = Baseline::Floor;
        }
        usual
    }

    fn young(past: &Past, series: &Series, ongoing: Option<&Ongoing>) -> Option<Self> {
        if series.age() < LEAST_AGE {
            return None;
        }
        let during = ongoing.filter(|it| series.minute_end.saturating_sub(it.since) < LONGEST);
        let (rate, baseline) = match during {
            Some(ongoing) => (ongoing.usual, Baseline::BeforeTheSpike),
            None => (last_hours(past, series), Baseline::LastHours),
        };
        Some(Self {
            spread: [rate.max(FLOOR); 2],
            lump: 0.0,
            scatter: successive(past.span(1, 72).iter().copied()),
            hours: 1.0,
            drift: DRIFT_YOUNG,
            factor: if series.age() < NEWBORN {
                FACTOR_NEWBORN
            } else {
                FACTOR
            },
            baseline: if rate < FLOOR { Baseline::Floor } else { baseline },
        })
    }

    /// Events that are expected in the last `minutes` minutes.
    pub(super) fn expected(&self, series: &Series, minutes: usize) -> f64 {
        let here = series.in_running_hour(minutes) as f64;
        (self.spread[0] * here + self.spread[1] * (minutes as f64 - here)) / 60.0 + self.lump
    }

    /// The index of dispersion of the last `minutes` minutes, with the doubt about what is expected.
    pub(super) fn index(&self, series: &Series, minutes: usize) -> f64 {
        let doubt = self.scatter * minutes as f64 / 60.0 / self.hours;
        Scatter::new(self.scatter, series, minutes).of(minutes) + doubt
    }

    /// Events an hour, now.
    pub(super) fn an_hour(&self) -> f64 {
        self.spread[0] + self.lump
    }
}

/// The most that is usual an hour by the median of the last six, the last sixty minutes but those that are judged, and
/// this hour yesterday.
fn last_hours(past: &Past, series: &Series) -> f64 {
    let minutes = series.before(15, 60);
    let last = match minutes.len() {
        0 => 0.0,
        known => total(minutes) as f64 * 60.0 / known as f64,
    };
    let mut hours = [0.0; 6];
    let known = past.span(1, 6);
    hours[..known.len()].copy_from_slice(known);
    let yesterday = past.at(24).unwrap_or(0.0);
    upper_median(&mut hours[..known.len()]).max(last).max(yesterday)
}
