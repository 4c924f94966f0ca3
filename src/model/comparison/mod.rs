//! Comparing a release with an older one, in one environment: which issues are new, came back, became more or less
//! frequent or went away, whether it crashes more often, and one verdict.
//!
//! Pure: it is given counts and gives lists. It does not choose the issues or the environment, nor judge whether an
//! issue regressed: that is `lifecycle`'s. How it decides, why so, and how often it errs in simulated rollouts is told
//! in `docs/regressions.md`.

mod baseline;
mod burst;
mod enough;
mod exposure;
mod family;
mod input;
mod outcome;
mod rates;
mod verdict;
mod weigh;
mod words;

#[cfg(test)]
mod rollouts;
#[cfg(test)]
mod tests;

pub use baseline::{Candidate, predecessor};
pub use exposure::Unit;
pub use input::{Limits, Observed, Past, Sessions, Side, Tally};
pub use outcome::{Change, Comparison, CrashFree, Rate};
pub use verdict::{Reason, Verdict};
pub use weigh::compare;

/// The probability that any issue of an unchanged release is called worse in one look at it. 1 in 100 is what may
/// happen in the end; this is a twentieth of it, because a release is looked at again and again while its data come in.
const FALSE_ALARMS: f64 = 0.0005;

/// Rates that are this many times as high are still taken for the same: between two releases they drift, with who uses
/// them and when, by about a tenth.
const DRIFT: f64 = 1.1;

/// A rate that changed by less is no news, however sure it is.
const NOTABLE: f64 = 1.5;

/// How many more (or fewer) events than expected it takes, after bursts are discounted.
const LEAST_EXCESS: f64 = 5.0;

/// A new issue that strikes one session in so many must not go unnoticed by a good verdict.
const HARM_PER_SESSION: f64 = 0.02;

/// The same, where there are no sessions: one event in so many.
const HARM_PER_EVENT: f64 = 0.05;
