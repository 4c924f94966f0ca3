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
mod tests;

pub use evidence::{Baseline, Evidence, Ongoing, Verdict};
pub use series::Series;

use usual::Usual;

/// Minutes of the windows that are looked at: a flood shows in the first, a little more in the last.
const WINDOWS: [usize; 5] = [1, 2, 5, 15, 60];

/// Fewer events more than expected than these are no spike, however sure it is that they are more.
const LEAST_EXCESS: f64 = 10.0;

/// Events an hour that are expected at least.
const FLOOR: f64 = 3.0;

/// Fewer times as many as expected are no spike.
const FACTOR: f64 = 2.0;

/// The same in the first three hours, in which anything new spreads.
const FACTOR_NEWBORN: f64 = 5.0;

/// Rates that are this many times as high are still taken for the same: from week to week they drift.
const DRIFT: f64 = 1.25;

/// The same for what is too young to have a rhythm that is known: mornings are busier than nights.
const DRIFT_YOUNG: f64 = 1.5;

/// The surprise that it takes, as minus the logarithm of a probability: one in a million, so that the 216,000 windows
/// that are looked at in a month of minutes together raise fewer than one false alarm.
const SURPRISE: f64 = 13.8;

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
        None => look(series),
    }
}

/// Is there one?
fn look(series: &Series) -> Verdict {
    let most = WINDOWS.iter().rev().find_map(|minutes| series.count(*minutes));
    if most.is_none_or(|events| (events as f64) < LEAST_EXCESS) {
        return Verdict::Quiet;
    }
    let Some(usual) = Usual::of(series, None) else {
        return Verdict::Quiet;
    };
    let found = WINDOWS
        .iter()
        .filter_map(|minutes| weigh(series, &usual, *minutes))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let Some((_, evidence)) = found else {
        return Verdict::Quiet;
    };
    let ongoing = Ongoing {
        since: series.minute_end - i64::from(evidence.minutes) * 60,
        calm: calm_minutes(series, &usual, &evidence),
        usual: usual.an_hour(),
    };
    Verdict::Spiking { evidence, ongoing }
}

/// How many minutes show that a spike is over: as few, from a quarter of an hour, as it would fill with events.
fn calm_minutes(series: &Series, usual: &Usual, evidence: &Evidence) -> u32 {
    let rate = evidence.observed as f64 / f64::from(evidence.minutes);
    let [fewest, more, most] = CALM_MINUTES;
    let tells = |minutes: &u32| rate * f64::from(*minutes) >= 20.0 * usual.index(series, *minutes as usize);
    [fewest, more].into_iter().find(tells).unwrap_or(most)
}

/// How surprising the last `minutes` minutes are; none if not enough for a spike.
fn weigh(series: &Series, usual: &Usual, minutes: usize) -> Option<(f64, Evidence)> {
    let evidence = evidence(series, usual, minutes)?;
    let observed = evidence.observed as f64;
    if observed < evidence.expected * usual.factor || observed < evidence.expected + LEAST_EXCESS {
        return None;
    }
    let index = usual.index(series, minutes);
    let surprise = tail::surprise(observed, evidence.expected * usual.drift, index);
    (surprise >= SURPRISE).then_some((surprise, evidence))
}

/// The last `minutes` minutes beside what is expected of them; none if not so many are known.
fn evidence(series: &Series, usual: &Usual, minutes: usize) -> Option<Evidence> {
    if series.age() < minutes as i64 * 60 {
        return None;
    }
    Some(Evidence {
        observed: series.count(minutes)?,
        minutes: minutes as u32,
        expected: usual.expected(series, minutes),
        baseline: usual.baseline,
    })
}

/// Is it over?
fn follow(series: &Series, ongoing: &Ongoing) -> Verdict {
    let minutes = ongoing.calm.clamp(CALM_MINUTES[0], CALM_MINUTES[2]) as usize;
    let evidence = Usual::of(series, Some(ongoing)).and_then(|usual| evidence(series, &usual, minutes));
    let Some(evidence) = evidence else {
        return Verdict::Quiet;
    };
    let (observed, expected) = (evidence.observed as f64, evidence.expected);
    if observed < expected * CALM || observed < expected + LEAST_EXCESS / 2.0 {
        return Verdict::Recovered(evidence);
    }
    let ongoing = *ongoing;
    Verdict::Spiking { evidence, ongoing }
}
