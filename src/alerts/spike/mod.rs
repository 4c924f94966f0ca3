//! Spikes: many more events of an issue, or of a project, than usual at this hour, found within a minute of the evidence.
//!
//! Pure: it is given counts and gives a verdict. It does not say who is told, nor how often. How it decides, from which
//! sources, and how often it errs in simulated series is told in `docs/spikes.md`.

mod evidence;
mod rhythm;
mod scatter;
mod series;
mod tail;
mod usual;

#[cfg(test)]
mod simulated;
#[cfg(test)]
mod tests;

pub use evidence::{Baseline, Evidence, Ongoing, Verdict};
pub use series::Series;

use series::Past;
use usual::{Against, Usual};

/// Minutes of the windows that are looked at: a flood shows in the first, a little more in the last. So many that what shows in
/// 18 minutes need not wait for a window of 30, in which much of what was before is left.
const WINDOWS: [usize; 16] = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60];

/// Fewer events more than expected than these are no spike, however sure it is that they are more.
const LEAST_EXCESS: f64 = 10.0;

/// Events an hour that are expected at least.
const FLOOR: f64 = 3.0;

/// Fewer times as many as expected are no spike.
const FACTOR: f64 = 2.0;

/// The same in the first three hours, in which anything new spreads.
const FACTOR_NEWBORN: f64 = 5.0;

/// Rates that are this many times as high are still taken for the same: from week to week they drift.
const DRIFT: f64 = 1.2;

/// The same for what is too young to have a rhythm that is known: mornings are busier than nights.
const DRIFT_YOUNG: f64 = 1.5;

/// The surprise that it takes, as minus the logarithm of a probability: one in 60,000, where a month has 43,200 minutes. All
/// windows share it: they overlap, and the bound on the tail is some times the tail. See `docs/spikes.md`.
const SURPRISE: f64 = 11.0;

/// Fewer times as many as expected end a spike.
const CALM: f64 = 1.5;

/// For how many minutes they must be fewer.
const CALM_MINUTES: [u32; 3] = [15, 30, 60];

/// Judges the last minute; once a minute for whatever was seen in it, and for whatever has a spike going on.
///
/// [`Verdict::Quiet`] while one is going on: too few minutes are known to tell, it goes on.
pub fn judge(series: &Series, ongoing: Option<&Ongoing>) -> Verdict {
    match ongoing {
        Some(ongoing) => follow(series, ongoing),
        None => look(series).unwrap_or(Verdict::Quiet),
    }
}

/// Is there one?
fn look(series: &Series) -> Option<Verdict> {
    let most = WINDOWS.iter().rev().find_map(|minutes| series.count(*minutes))?;
    if (most as f64) < LEAST_EXCESS {
        return None;
    }
    let past = Past::of(series);
    let usual = Usual::of(&past, series, None)?;
    let (_, evidence) = WINDOWS
        .iter()
        .flat_map(|minutes| [Against::Hours, Against::LastHour].map(|against| (*minutes, against)))
        .filter_map(|(minutes, against)| weigh(series, &usual, minutes, against))
        .max_by(|a, b| a.0.total_cmp(&b.0))?;
    let minutes = f64::from(evidence.minutes);
    let ongoing = Ongoing {
        since: series.minute_end - i64::from(evidence.minutes) * 60,
        calm: calm_minutes(series, &usual, evidence.observed as f64 / minutes),
        usual: evidence.expected / minutes * 60.0,
        level: evidence.expected / minutes * 60.0 / usual.an_hour(),
    };
    Some(Verdict::Spiking { evidence, ongoing })
}

/// How surprising the last `minutes` minutes are; none if not enough for a spike.
fn weigh(series: &Series, usual: &Usual, minutes: usize, against: Against) -> Option<(f64, Evidence)> {
    let evidence = evidence(series, usual, minutes, against)?;
    if evidence.factor() < usual.factor || evidence.excess() < LEAST_EXCESS {
        return None;
    }
    // What is over already is no news.
    let lately = self::evidence(
        series,
        usual,
        minutes.min(CALM_MINUTES[0] as usize),
        Against::Hours,
    )?;
    if lately.factor() < CALM {
        return None;
    }
    let index = usual.index(series, minutes, against);
    let surprise = tail::surprise(evidence.observed as f64, evidence.expected * usual.drift, index);
    (surprise >= SURPRISE).then_some((surprise, evidence))
}

/// The last `minutes` minutes beside what is expected of them; none if not so many are known.
fn evidence(series: &Series, usual: &Usual, minutes: usize, against: Against) -> Option<Evidence> {
    if series.age() < minutes as i64 * 60 {
        return None;
    }
    let (expected, baseline) = usual.expected(series, minutes, against)?;
    Some(Evidence {
        observed: series.count(minutes)?,
        minutes: minutes as u32,
        expected,
        baseline,
    })
}

/// How many minutes show that a spike is over: as few as it would fill with events, `rate` a minute.
fn calm_minutes(series: &Series, usual: &Usual, rate: f64) -> u32 {
    let [fewest, more, most] = CALM_MINUTES;
    let tells = |minutes: &u32| {
        let index = usual.index(series, *minutes as usize, Against::Hours);
        rate * f64::from(*minutes) >= 20.0 * index
    };
    [fewest, more].into_iter().find(tells).unwrap_or(most)
}

/// Is it over?
fn follow(series: &Series, ongoing: &Ongoing) -> Verdict {
    let minutes = ongoing.calm.clamp(CALM_MINUTES[0], CALM_MINUTES[2]) as usize;
    let past = Past::of(series);
    let evidence = Usual::of(&past, series, Some(ongoing))
        .and_then(|usual| evidence(series, &usual, minutes, Against::Hours));
    let Some(evidence) = evidence else {
        return Verdict::Quiet;
    };
    let is_calm = evidence.factor() < CALM || evidence.excess() < LEAST_EXCESS / 2.0;
    // It must not be found again in the minute in which it is over.
    if is_calm && look(series).is_none() {
        return Verdict::Recovered(evidence);
    }
    let ongoing = *ongoing;
    Verdict::Spiking { evidence, ongoing }
}
