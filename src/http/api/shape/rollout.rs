//! A release beside an older one.

use serde::Serialize;
use utoipa::ToSchema;

/// Whether a release may go on.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// The release.
    pub version: String,
    /// What it was compared with; null when there is no older release with data.
    pub baseline: Option<String>,
    /// Where; null for all environments.
    pub environment: Option<String>,
    /// `good`, `bad` or `too_little_data`.
    pub verdict: &'static str,
    /// Why, a sentence each.
    pub reasons: Vec<String>,
}

/// A release beside an older one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// Whether it may go on, and what was compared.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// What rates count by: `sessions` or `events`.
    pub unit: &'static str,
    /// How many events of an issue the release would need at its old rate for a doubling to show.
    pub detectable: Option<f64>,
    /// The share of sessions without a crash; null unless both releases have sessions.
    pub crash_free: Option<CrashFree>,
    /// How the release was used.
    pub release: ReleaseSide,
    /// How the baseline was used.
    pub baseline_side: Option<ReleaseSide>,
    /// Older releases that it might be compared with, the newest first.
    pub candidates: Vec<String>,
    /// Issues that no older release had, most events first.
    pub new: Vec<IssueMove>,
    /// Issues that had been resolved and came back, most events first.
    pub regressed: Vec<IssueMove>,
    /// Issues that are more frequent, surest first.
    pub worse: Vec<IssueMove>,
    /// Issues that are less frequent, surest first.
    pub better: Vec<IssueMove>,
    /// Issues that the release has none of any more, surest first.
    pub gone: Vec<IssueMove>,
}

/// How a release was used.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReleaseSide {
    /// Sessions; null when it sent none.
    pub sessions: Option<u64>,
    /// Sessions that crashed; null when it sent none.
    pub crashed: Option<u64>,
    /// Events.
    pub events: u64,
}

/// The shares of sessions, from 0 to 1, that did not crash.
#[derive(Debug, Serialize, ToSchema)]
pub struct CrashFree {
    /// In the release.
    pub release: f64,
    /// In the baseline.
    pub baseline: f64,
    /// The probability of such a fall by chance.
    pub p: f64,
    /// Whether it fell.
    pub fell: bool,
}

/// An issue's change between two releases.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssueMove {
    /// The issue.
    pub issue: ListedIssue,
    /// Why it counts as regressed.
    pub regression: Option<String>,
    /// In the release.
    pub release: IssueRate,
    /// In the baseline.
    pub baseline: IssueRate,
    /// How many times as frequent it is; null when the baseline had none.
    pub ratio: Option<f64>,
    /// The ratio's 95 % confidence interval, its upper end null when there is none; null for a change that is not sure.
    pub interval: Option<(f64, Option<f64>)>,
    /// How sure the change is, from 0 to 1, corrected for the number of issues.
    pub confidence: f64,
    /// Whether it is significant and large enough to matter.
    pub sure: bool,
}

/// How often an issue was seen in a release.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssueRate {
    /// Events.
    pub events: u64,
    /// Distinct users; null when events did not name them.
    pub users: Option<u64>,
    /// Events in 1,000 sessions, or in 1,000 events of the release's volume.
    pub per_thousand: Option<f64>,
}

/// An issue in a list of changes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedIssue {
    /// Number as a string.
    pub id: String,
    /// For people, `SHOP-12`.
    pub short_id: String,
    /// What happened.
    pub title: String,
    /// Where it happened.
    pub culprit: Option<String>,
    /// `fatal`, `error`, `warning`, `info`, `debug` or `sample`.
    pub level: &'static str,
    /// `unresolved`, `resolved` or `ignored`.
    pub status: &'static str,
    /// As in an issue.
    pub substatus: Option<&'static str>,
}
