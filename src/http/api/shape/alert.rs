//! Alert rules. Triggers, conditions and actions are spelled the same when they are asked for and when they are shown.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{IssueProject, User};

/// A rule: *when* one of these happens, *if* all of that holds, *then* they are told.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlertRule {
    /// Number as a string.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The project that it watches; null for all, each on its own.
    pub project: Option<IssueProject>,
    /// False when it is switched off.
    pub enabled: bool,
    /// One of these has to happen.
    pub when: Vec<Trigger>,
    /// All of these have to hold.
    pub conditions: Vec<AlertCondition>,
    /// These are told.
    pub actions: Vec<AlertAction>,
    /// True when everybody whom it told is gone: owners are told instead.
    pub to_owners: bool,
    /// After it fired for an issue it is silent about that one for so many minutes; 0 for never.
    pub at_most_every: u32,
    /// When it is silent every day; what fires then is told when they end.
    pub quiet: Option<QuietHours>,
    /// It is silent until then.
    pub muted_until: Option<Timestamp>,
    /// When it fired last; null if it never did, or so long ago that it is forgotten.
    pub last_fired: Option<Timestamp>,
    /// When it was made.
    pub date_created: Timestamp,
    /// Who made it; null for one that a project began with, and for who is not a member any more.
    pub created_by: Option<User>,
}

/// What has to happen. Periods are in minutes, at most 1440.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Trigger {
    /// An issue was seen for the first time.
    NewIssue,
    /// A resolved issue came back.
    Regressed,
    /// An archived issue came back, since there is more of it than before.
    Escalated,
    /// There are many more events of an issue than usual.
    IssueSpike,
    /// There are many more events in the project than usual.
    ProjectSpike,
    /// An issue has so many events in a period.
    Events {
        /// At least so many.
        count: u64,
        /// In so many minutes.
        minutes: u32,
    },
    /// An issue has so many users in a period.
    Users {
        /// At least so many.
        count: u64,
        /// In so many minutes.
        minutes: u32,
    },
    /// Of the sessions of a period, a smaller share did not crash.
    CrashFree {
        /// In hundredths of a percent: 9950 for 99.5 %.
        below: u32,
        /// In so many minutes.
        minutes: u32,
        /// Only with at least so many sessions.
        sessions: u64,
    },
    /// Of the sessions of a period, a larger share had an error.
    ErrorRate {
        /// In hundredths of a percent: 500 for 5 %.
        above: u32,
        /// In so many minutes.
        minutes: u32,
        /// Only with at least so many sessions.
        sessions: u64,
    },
    /// A release was found to be worse than the one before it.
    BadRelease,
    /// The project, which had events before, had none in a period.
    Silence {
        /// For so many minutes.
        minutes: u32,
    },
}

/// What has to hold, or has to hold not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AlertCondition {
    /// What.
    #[serde(flatten)]
    pub test: AlertTest,
    /// Whether it has to hold *not*.
    #[serde(default)]
    pub negated: bool,
}

/// What can hold. Patterns are matched as a whole, regardless of case; `*` stands for anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AlertTest {
    /// The event came from one of these environments.
    Environment {
        /// Their names.
        names: Vec<String>,
    },
    /// The event is at least so severe.
    Level {
        /// `fatal`, `error`, `warning`, `info` or `debug`.
        least: String,
    },
    /// The event's release matches.
    Release {
        /// What it has to match.
        pattern: String,
    },
    /// The event has a tag whose value matches.
    Tag {
        /// The tag.
        key: String,
        /// What its value has to match.
        pattern: String,
    },
    /// The event is of one of these platforms.
    Platform {
        /// For example `python`.
        names: Vec<String>,
    },
    /// The issue is given to somebody.
    Assignee {
        /// `user:1` or `team:everyone`; null for nobody.
        to: Option<String>,
    },
    /// The issue's title matches.
    Title {
        /// What it has to match.
        pattern: String,
    },
    /// The exception's type matches.
    Type {
        /// What it has to match.
        pattern: String,
    },
    /// The issue was first seen less than so many minutes ago.
    Younger {
        /// Minutes.
        minutes: u32,
    },
}

/// Who is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AlertAction {
    /// People, by e-mail, as far as they want it.
    Mail {
        /// `everyone`, `assignee` (everyone, if it is nobody's) or `members`.
        to: String,
        /// Ids of members; with `members` only.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(required = false)]
        members: Vec<String>,
    },
    /// A destination.
    Send {
        /// Its id.
        destination: String,
    },
}

/// A time of day at which one is not to be disturbed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuietHours {
    /// Minutes after midnight, below 1440.
    pub from: u16,
    /// Minutes after midnight, below 1440; before `from` for the next day.
    pub until: u16,
    /// Name of a time zone, such as `Europe/Berlin`.
    pub zone: String,
}
