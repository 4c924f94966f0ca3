//! What a comparison finds.

use super::exposure::Unit;
use super::input::Tally;
use super::verdict::{Reason, Verdict};
use crate::model::issue::IssueId;

/// How often an issue was seen in one release.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// What was counted.
    pub tally: Tally,
    /// Events in 1,000 sessions; without sessions, in 1,000 events of the release's volume, where the baseline's is
    /// what it would be had the issue kept pace with the others. None where there is nothing to measure by.
    pub per_thousand: Option<f64>,
}

/// An issue's change between the two releases.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Which issue.
    pub id: IssueId,
    /// Its title.
    pub title: String,
    /// Why it counts as regressed, in words.
    pub regression: Option<String>,
    /// Its rate in the release.
    pub release: Rate,
    /// Its rate in the baseline.
    pub baseline: Rate,
    /// How many times as frequent it is in the release; none when the baseline had none of it.
    pub ratio: Option<f64>,
    /// The ratio's 95 % confidence interval, not corrected for the number of issues, of a change that is sure; without
    /// an upper end when the baseline had none of it.
    pub interval: Option<(f64, Option<f64>)>,
    /// The probability of such a change by chance, corrected for the number of issues; 1 when there are too few events.
    pub p: f64,
    /// Whether the change is significant and large enough to matter.
    pub sure: bool,
}

/// How the share of sessions that do not crash changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CrashFree {
    /// Share in the release, from 0 to 1.
    pub release: f64,
    /// Share in the baseline.
    pub baseline: f64,
    /// The probability of such a fall by chance.
    pub p: f64,
    /// Whether crashes are notably and significantly more frequent.
    pub fell: bool,
}

/// A release beside its baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What rates count by.
    pub unit: Unit,
    /// Issues that no older release had, most events first.
    pub new: Vec<Change>,
    /// Issues that were resolved and came back, most events first.
    pub regressed: Vec<Change>,
    /// Issues that are more frequent, surest first.
    pub worse: Vec<Change>,
    /// Issues that are less frequent, surest first.
    pub better: Vec<Change>,
    /// Issues that the release has none of though it would have some, surest first.
    pub gone: Vec<Change>,
    /// The share of sessions without a crash; none without sessions on both sides.
    pub crash_free: Option<CrashFree>,
    /// How many events of an issue the release would need at the baseline's rate for a doubling to be called worse in
    /// 95 of 100 cases.
    pub detectable: Option<f64>,
    /// Whether the release may go on.
    pub verdict: Verdict,
    /// Why.
    pub reasons: Vec<Reason>,
}
