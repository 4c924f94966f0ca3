//! Bursts: one user who retries, or a loop, makes many events of one cause.
//!
//! A burst of events counts as few independent ones as its variance says. Says nothing of what is significant.

use super::exposure::{Exposure, Exposures, median};
use super::input::{Observed, Tally};
use super::rates::{Pair, Sample};

/// The variance over the mean that is taken for granted where neither users nor other issues tell it: bursts that
/// end after each event with a chance of one in two.
pub(super) const ASSUMED: f64 = 3.0;

/// Fewer issues than these do not tell how much counts vary in general.
const LEAST_ISSUES: usize = 8;

/// The least that an issue's rarer side must have to expect, to tell how much counts vary.
const LEAST_EVENTS: f64 = 10.0;

/// Which side is suspected of the higher rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Suspect {
    /// The release: is it worse?
    Release,
    /// The baseline: is the release better?
    Baseline,
}

/// The variance over the mean of a count that so many users made; none when they are not known. Exact for bursts of
/// geometric length, where a mean length of `m` gives `2 m - 1`.
fn of(tally: Tally) -> Option<f64> {
    match (tally.events, tally.users) {
        (0, _) => Some(1.0),
        (_, None | Some(0)) => None,
        (events, Some(users)) => Some((2.0 * events as f64 / users as f64 - 1.0).max(1.0)),
    }
}

/// Two tallies as a pair, the suspect first; `usual` is the variance over the mean where users are not known.
///
/// The other side's bursts are taken to be no shorter than the suspect's: a side with few events does not show its own.
/// They may well be longer, as users come back more often in a longer time.
pub(super) fn pair(release: Tally, baseline: Tally, over: Exposure, suspect: Suspect, usual: f64) -> Pair {
    let (high, low) = match suspect {
        Suspect::Release => ((release, over.release), (baseline, over.baseline)),
        Suspect::Baseline => ((baseline, over.baseline), (release, over.release)),
    };
    let high_burst = of(high.0).unwrap_or(usual);
    let low_burst = of(low.0).unwrap_or(usual).max(high_burst);
    let sample = |(tally, exposure): (Tally, f64), burst: f64| {
        let count = tally.events as f64;
        Sample::new(count, exposure, burst + over.doubt / 2.0 * count)
    };
    Pair {
        high: sample(high, high_burst),
        low: sample(low, low_burst),
    }
}

/// How much more than by chance the counts of issues without known users vary, as variance over mean. It is told by
/// those issues that moved away from the suspicion, as the others may have moved for a cause; their median keeps a few
/// real changes out.
pub(super) fn usual(issues: &[Observed], exposures: &Exposures, suspect: Suspect) -> f64 {
    let sign = if suspect == Suspect::Release { -1.0 } else { 1.0 };
    let moves: Vec<f64> = issues
        .iter()
        .zip(&exposures.each)
        .filter(|(it, _)| of(it.release).is_none() || of(it.baseline).is_none())
        .filter_map(|(it, exposure)| move_of(it, (*exposure)?))
        .map(|change| sign * change)
        .filter(|change| *change > 0.0)
        .collect();
    if moves.len() < LEAST_ISSUES {
        return ASSUMED;
    }
    // Half of a normal distribution's values are within 0.6745 standard deviations.
    median(moves.into_iter()).map_or(ASSUMED, |middle| (middle / 0.6745).powi(2).max(ASSUMED))
}

/// The logarithm of an issue's ratio in units of the deviation that chance alone gives it; none for an issue with so
/// few events that a move to either side would not show.
fn move_of(issue: &Observed, over: Exposure) -> Option<f64> {
    let (here, there) = (
        issue.release.events as f64 + 0.5,
        issue.baseline.events as f64 + 0.5,
    );
    let less = over.release.min(over.baseline) / (over.release + over.baseline);
    if (here + there) * less < LEAST_EVENTS {
        return None;
    }
    let ratio = here * over.baseline / (there * over.release);
    Some(ratio.ln() / (1.0 / here + 1.0 / there).sqrt())
}
