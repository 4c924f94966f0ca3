//! The history of alerts: what fired, and why; and what a rule would have done.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{AlertDelivery, IssueProject, Trigger};

/// That a rule fired.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Firing {
    /// Number as a string.
    pub id: String,
    /// The rule, by the name that it had then.
    pub rule: FiringRule,
    /// Where.
    pub project: IssueProject,
    /// When: the time of what made it fire.
    pub date_fired: Timestamp,
    /// What happened, at most 20 of `total`.
    pub causes: Vec<FiringCause>,
    /// How many things happened.
    pub total: u64,
    /// The release that went out shortly before much happened at once.
    pub released: Option<FiringRelease>,
    /// Why nobody was told, if so.
    pub silent: Option<String>,
    /// That it was told later than it could have been, if so.
    pub held: Option<FiringHeld>,
    /// What was brought to whom.
    pub deliveries: Vec<AlertDelivery>,
}

/// That something waits to be told on purpose, or waited.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiringHeld {
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Why, behind "held until 20:14": `after 3 messages in 10 minutes` or `for quiet hours`.
    pub why: String,
}

/// What will be told when it is held no longer.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldFiring {
    /// The rule.
    pub rule: FiringRule,
    /// Where.
    pub project: IssueProject,
    /// What happened so far, at most 20 of `total`.
    pub causes: Vec<FiringCause>,
    /// How many things happened so far.
    pub total: u64,
    /// Until when, and why.
    pub held: Option<FiringHeld>,
}

/// The rule of a firing; it may be gone.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiringRule {
    /// Number as a string.
    pub id: String,
    /// Name for people.
    pub name: String,
}

/// A release somewhere.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiringRelease {
    /// Its version.
    pub version: String,
    /// Where.
    pub environment: Option<String>,
}

/// One thing that made a rule fire.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiringCause {
    /// The trigger of the rule.
    pub when: Trigger,
    /// What it is about; null for the project as a whole.
    pub issue: Option<FiringIssue>,
    /// Why, in a sentence without a full stop.
    pub why: String,
    /// The numbers.
    pub reason: FiringReason,
}

/// An issue as it was when a rule fired.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FiringIssue {
    /// Number as a string.
    pub id: String,
    /// For people, `SHOP-12`.
    pub short_id: String,
    /// What happened.
    pub title: String,
    /// Where it happened.
    pub culprit: Option<String>,
    /// `fatal`, `error`, `warning`, `info` or `debug`.
    pub level: Option<&'static str>,
    /// Release of the event by which it was judged.
    pub release: Option<String>,
    /// Environment of the event by which it was judged.
    pub environment: Option<String>,
    /// How many events it had.
    pub events: u64,
    /// How many users it had.
    pub users: u64,
}

/// The numbers by which a rule fired.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FiringReason {
    /// An issue began.
    New,
    /// It had been resolved, and came back.
    Regressed,
    /// It had been archived, and came back.
    Escalated,
    /// There are many more events than usual.
    Spiking(FiringSpike),
    /// There are as many as usual again.
    Recovered(FiringSpike),
    /// There were many more events than usual, and whether there still are is not looked at any more.
    Unwatched {
        /// When it began.
        since: Timestamp,
    },
    /// A release was deployed, or seen for the first time.
    Released(FiringRelease),
    /// A release was found to be worse than the one before it.
    BadRelease {
        /// Its version.
        version: String,
        /// Where.
        environment: Option<String>,
        /// The release that it was compared with.
        baseline: String,
        /// Why, in sentences without a full stop.
        reasons: Vec<String>,
    },
    /// Something was counted.
    Counted {
        /// How many, or which share in hundredths of a percent.
        observed: u64,
        /// Of how many sessions, for a share.
        of: Option<u64>,
    },
    /// What was counted of a project is as it should be again.
    Ended {
        /// When the rule had fired for it, the first time.
        since: Timestamp,
    },
}

/// The numbers of a spike.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiringSpike {
    /// When it began.
    pub since: Timestamp,
    /// How many events there were.
    pub observed: u64,
    /// In how many minutes.
    pub minutes: u32,
    /// How many there usually are in so many minutes.
    pub expected: f64,
    /// What the expectation is taken from, in words.
    pub baseline: String,
}

/// What a rule would have done.
#[derive(Debug, Serialize, ToSchema)]
pub struct Backtest {
    /// Over so many days.
    pub days: i64,
    /// From then.
    pub start: Timestamp,
    /// Until then.
    pub end: Timestamp,
    /// How often it would have fired.
    pub fired: u64,
    /// There was so much that it was tried only up to then.
    pub until: Option<Timestamp>,
    /// When, oldest first, at most 500.
    pub moments: Vec<BacktestMoment>,
    /// Events of the projects that it watches, `[unix second, count]` by hour.
    pub hours: Vec<(i64, u64)>,
}

/// A moment at which a rule would have fired.
#[derive(Debug, Serialize, ToSchema)]
pub struct BacktestMoment {
    /// When.
    pub time: Timestamp,
    /// Where.
    pub project: IssueProject,
    /// What happened, at most 20 of `total`.
    pub causes: Vec<FiringCause>,
    /// How many things happened.
    pub total: u64,
    /// The release that went out shortly before much happened at once.
    pub released: Option<FiringRelease>,
    /// Why nobody would have been told, if so.
    pub silent: Option<String>,
}
