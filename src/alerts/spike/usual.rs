//! What is expected of a window of minutes, and how much it may scatter.
//!
//! Puts rhythm, floor and scatter together; an issue that is too young for a rhythm is held against its own last
//! hours, and one that was just born against nothing. Does not compare.

use std::cell::OnceCell;

use super::evidence::{Baseline, Ongoing};
use super::rhythm::Rhythm;
use super::scatter::{Scatter, differences};
use super::series::{HOUR, Past, Series, total, upper_median};
use super::{DRIFT, DRIFT_YOUNG, FACTOR, FACTOR_NEWBORN, FLOOR};

/// A younger one has no usual minutes.
const LEAST_AGE: i64 = HOUR / 2;
/// A younger one is still spreading.
const NEWBORN: i64 = 3 * HOUR;
/// So long a spike is none of the last hours of a young issue; after that it is what is usual.
const LONGEST: i64 = 12 * HOUR;

/// What a count is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Against {
    /// What is usual at this hour, which drifts from day to day as the hours did.
    Hours,
    /// That and the hour just before, if there was more in it: within an hour little drifts.
    LastHour,
}

/// The past hours that the usual is taken from.
#[derive(Debug)]
enum Hours<'a> {
    Rhythm(Rhythm<'a>),
    Young(&'a Past),
}

/// What is usual, as far as it is known.
#[derive(Debug)]
pub(super) struct Usual<'a> {
    /// Events an hour in the running hour and in the one before it.
    spread: [f64; 2],
    /// Events that may come all at once.
    lump: f64,
    /// The hours, which tell how much they scatter: asked only where there is much, as it takes the longest.
    past: Hours<'a>,
    /// That, once it was asked: an index of dispersion.
    scatter: OnceCell<f64>,
    /// Of how many hours the expectation is made.
    hours: f64,
    /// How many times what is expected is still taken for it.
    pub(super) drift: f64,
    /// The least number of times as many as expected that is a spike.
    pub(super) factor: f64,
    /// From what.
    baseline: Baseline,
}

impl<'a> Usual<'a> {
    /// None for what was just born.
    pub(super) fn of(past: &'a Past, series: &Series, ongoing: Option<&Ongoing>) -> Option<Self> {
        match Rhythm::of(past) {
            Some(rhythm) => Some(Self::rhythmic(rhythm, series, ongoing)),
            None => Self::young(past, series, ongoing),
        }
    }

    fn rhythmic(rhythm: Rhythm<'a>, series: &Series, ongoing: Option<&Ongoing>) -> Self {
        let level = ongoing.map_or(1.0, |it| it.level.max(1.0));
        let [next, this, before] = [-1, 0, 1]
            .map(|ago| rhythm.hour(ago))
            .map(|(spread, lump)| (spread * level, lump));
        let mut usual = Self {
            spread: [this.0, before.0],
            lump: next.1.max(this.1).max(before.1),
            hours: rhythm.cycles() as f64,
            drift: DRIFT,
            factor: FACTOR,
            baseline: rhythm.baseline(),
            past: Hours::Rhythm(rhythm),
            scatter: OnceCell::new(),
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

    fn young(past: &'a Past, series: &Series, ongoing: Option<&Ongoing>) -> Option<Self> {
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
            past: Hours::Young(past),
            scatter: OnceCell::new(),
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

    /// How many events are expected in the last `minutes` minutes, and from what; none if the hour before has next to
    /// none to be held against.
    pub(super) fn expected(
        &self,
        series: &Series,
        minutes: usize,
        against: Against,
    ) -> Option<(f64, Baseline)> {
        let here = series.in_running_hour(minutes) as f64;
        let there = minutes as f64 - here;
        let usual = (self.spread[0] * here + self.spread[1] * there) / 60.0 + self.lump;
        if against == Against::Hours {
            return Some((usual, self.baseline));
        }
        let before = series.before(minutes.max(15), 60);
        let last = total(before) as f64 / before.len().max(1) as f64 * minutes as f64;
        if last > usual {
            Some((last, Baseline::LastHour))
        } else {
            (last > usual / 2.0).then_some((usual, self.baseline))
        }
    }

    /// The index of dispersion of the last `minutes` minutes, with the doubt about what is expected.
    pub(super) fn index(&self, series: &Series, minutes: usize, against: Against) -> f64 {
        let hour = *self.scatter.get_or_init(|| match &self.past {
            Hours::Rhythm(rhythm) => rhythm.scatter(),
            Hours::Young(past) => differences(past.span(1, 72).iter().copied(), 1),
        });
        let scatter = Scatter::new(hour, series, minutes);
        let doubt = hour * minutes as f64 / 60.0 / self.hours;
        match against {
            Against::Hours => scatter.of(minutes) + doubt,
            Against::LastHour => scatter.within_the_hour(minutes),
        }
    }

    /// Events an hour, now.
    pub(super) fn an_hour(&self) -> f64 {
        self.spread[0] + self.lump
    }
}

/// The most that is usual an hour by the median of the last six, and this hour yesterday; where there is no whole hour
/// yet, by the minutes but the last ones.
fn last_hours(past: &Past, series: &Series) -> f64 {
    let mut hours = [0.0; 6];
    let known = past.span(1, 6);
    if known.is_empty() {
        let minutes = series.before(15, 60);
        return total(minutes) as f64 * 60.0 / minutes.len().max(1) as f64;
    }
    hours[..known.len()].copy_from_slice(known);
    upper_median(&mut hours[..known.len()]).max(past.at(24).unwrap_or(0.0))
}
