//! Counts drawn from what a series is like, and the detector let loose on them minute by minute.

use rand::rngs::StdRng;
use rand_distr::{Distribution, Gamma, Geometric, Poisson};

use super::kind::{HOUR, Life, PAST_HOURS};
use crate::alerts::spike::{Ongoing, Series, Verdict, judge};

/// Minutes that the detector is shown.
const SHOWN: i64 = 120;

/// A series' counts.
pub(super) struct Counts {
    /// Of whole hours, those of the minutes below among them.
    hours: Vec<(i64, u64)>,
    /// Of minutes, from 120 before the first that is looked at.
    minutes: Vec<u32>,
    /// When that first one starts, in Unix seconds.
    start: i64,
    born: i64,
}

/// When a spike was said to begin and to end: minutes from the first one that was looked at, the end of each.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub begun: Vec<i64>,
    pub ended: Vec<i64>,
}

/// How long one looks.
#[derive(Debug, Clone, Copy)]
pub(super) enum Until {
    Found,
    Ended,
    TheEnd,
}

impl Counts {
    /// Of four weeks, and of so many minutes that are looked at.
    pub(super) fn of(life: &Life, minutes: i64, rng: &mut StdRng) -> Self {
        // Minute 0 is somewhere in its hour; hours are those of the clock.
        let offset = life.start % HOUR;
        let first_hour = (-offset).div_euclid(HOUR) - PAST_HOURS;
        let last_hour = (minutes + offset) / HOUR + 1;
        let drifts = life.drifts(last_hour - first_hour + 1, rng);
        let drift = |minute: i64| drifts[((minute + offset).div_euclid(HOUR) - first_hour) as usize];
        let drawn = minute_counts(life, minutes, drift, rng);
        let mut hours = Vec::with_capacity(drifts.len());
        for hour in first_hour..last_hour {
            let from = hour * HOUR - offset;
            let count = if from >= -SHOWN {
                let at = (from + SHOWN) as usize;
                let hour = &drawn[at..(at + HOUR as usize).min(drawn.len())];
                hour.iter().map(|it| u64::from(*it)).sum()
            } else {
                let quarters = [7, 22, 37, 52].map(|it| life.rate(from + it));
                let mean = quarters.iter().sum::<f64>() / 4.0 * drift(from);
                events(mean, life.clump.0, rng)
            };
            if count > 0 {
                hours.push(((from + life.start) * 60, count));
            }
        }
        Self {
            hours,
            minutes: drawn,
            start: life.start * 60,
            born: life.start * 60 + life.born * 60,
        }
    }

    /// What is said of the first `minutes` of them.
    pub(super) fn said(&self, minutes: i64, until: Until) -> Said {
        let mut said = Said::default();
        let mut ongoing: Option<Ongoing> = None;
        for minute in 1..=minutes {
            let is_enough = match until {
                Until::Found => !said.begun.is_empty(),
                Until::Ended => !said.ended.is_empty(),
                Until::TheEnd => false,
            };
            if is_enough {
                break;
            }
            match judge(&self.series(minute), ongoing.as_ref()) {
                Verdict::Quiet => {}
                Verdict::Spiking { ongoing: begun, .. } => {
                    if ongoing.is_none() {
                        said.begun.push(minute);
                    }
                    ongoing = Some(begun);
                }
                Verdict::Recovered(_) => {
                    said.ended.push(minute);
                    ongoing = None;
                }
            }
        }
        said
    }

    /// As it is shown at the end of so many minutes.
    fn series(&self, minute: i64) -> Series<'_> {
        Series {
            hours: &self.hours,
            since: self.born,
            minutes: &self.minutes[minute as usize..(minute + SHOWN) as usize],
            minute_end: self.start + minute * 60,
        }
    }
}

/// Counts of minutes, clump by clump where events come in clumps.
fn minute_counts(life: &Life, minutes: i64, drift: impl Fn(i64) -> f64, rng: &mut StdRng) -> Vec<u32> {
    let (size, spread) = life.clump;
    let mut counts = vec![0; (SHOWN + minutes) as usize];
    for at in 0..counts.len() {
        let minute = at as i64 - SHOWN;
        let rate = life.rate(minute) * drift(minute) / 60.0;
        if spread == 1 {
            counts[at] += events(rate, size, rng) as u32;
            continue;
        }
        for _ in 0..poisson(rate / size, rng) {
            let more = Geometric::new(1.0 / size).unwrap().sample(rng);
            for event in 0..=more {
                let later = at + (event * spread as u64 / (more + 1)) as usize;
                if let Some(count) = counts.get_mut(later) {
                    *count += 1;
                }
            }
        }
    }
    counts
}

/// So many events in the mean, in clumps of geometric size: those add up to a negative binomial number.
fn events(mean: f64, clump: f64, rng: &mut StdRng) -> u64 {
    let clumps = poisson(mean / clump, rng);
    if clump <= 1.0 || clumps == 0 {
        return clumps;
    }
    let more = Gamma::new(clumps as f64, clump - 1.0).unwrap().sample(rng);
    clumps + poisson(more, rng)
}

fn poisson(mean: f64, rng: &mut StdRng) -> u64 {
    if mean <= 0.0 {
        return 0;
    }
    Poisson::new(mean).unwrap().sample(rng) as u64
}
