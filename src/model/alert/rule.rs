//! What people want to be told of: *when* something happens, *if* it is of a kind, *then* somebody is told, *at most*
//! so often.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::destination::DestinationId;
use crate::model::attention::Assignee;
use crate::model::person::UserId;
use crate::protocol::ids::ProjectId;
use crate::protocol::level::Level;

/// A rule's number, unique in the installation; 0 before it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct RuleId(pub u64);

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertRule {
    /// Unique in the installation.
    pub id: RuleId,
    /// What people call it.
    pub name: String,
    /// The project that it watches; none for all, each on its own.
    pub project: Option<ProjectId>,
    /// Whether it is switched on.
    pub enabled: bool,
    /// One of these has to happen; at most [`AlertRule::MAX_PARTS`].
    pub when: Vec<When>,
    /// And all of these have to hold; at most [`AlertRule::MAX_PARTS`].
    pub conditions: Vec<Condition>,
    /// Then these are told; at most [`AlertRule::MAX_PARTS`].
    pub actions: Vec<Action>,
    /// After a trigger fired for an issue (or, without one, a project) it is silent about that one for so many minutes;
    /// 0 for never. What comes only once, such as that a release is bad, is always told.
    pub at_most_every: u32,
    /// When it is silent every day: what fires then is told when they end, in one message.
    pub quiet: Option<QuietHours>,
    /// It is silent until then, and nothing is told afterwards.
    pub muted_until: Option<Timestamp>,
    /// When it was made.
    pub created: Timestamp,
    /// Who made it; none for those that a project begins with.
    pub author: Option<UserId>,
}

impl AlertRule {
    /// The most triggers, conditions or actions.
    pub const MAX_PARTS: usize = 20;
    /// For how many minutes a rule is silent about an issue, unless it says otherwise.
    pub const AT_MOST_EVERY: u32 = 30;
    /// The longest period over which something is counted, in minutes: a day.
    pub const MAX_MINUTES: u32 = 24 * 60;

    /// Whether everybody whom it told is gone, so that owners are told instead.
    pub fn has_nobody(&self) -> bool {
        let is_nobody = |action: &Action| matches!(action, Action::Mail { to: Whom::Members(members) } if members.is_empty());
        self.actions.iter().all(is_nobody)
    }

    /// A rule of which nothing is said yet: about all projects, on, told at most every so often.
    pub fn blank(author: UserId, created: Timestamp) -> Self {
        Self {
            id: RuleId::default(),
            name: String::new(),
            project: None,
            enabled: true,
            when: Vec::new(),
            conditions: Vec::new(),
            actions: Vec::new(),
            at_most_every: Self::AT_MOST_EVERY,
            quiet: None,
            muted_until: None,
            created,
            author: Some(author),
        }
    }

    /// The rule that a project begins with: everybody hears of what is new, came back, or is suddenly much more.
    pub fn first(id: RuleId, project: ProjectId, created: Timestamp) -> Self {
        Self {
            id,
            name: "New, regressed and spiking issues".to_owned(),
            project: Some(project),
            enabled: true,
            when: vec![
                When::NewIssue,
                When::Regressed,
                When::IssueSpike,
                When::ProjectSpike,
            ],
            conditions: Vec::new(),
            actions: vec![Action::Mail { to: Whom::Everyone }],
            at_most_every: Self::AT_MOST_EVERY,
            quiet: None,
            muted_until: None,
            created,
            author: None,
        }
    }
}

/// What has to happen. Periods are in whole minutes, at most [`AlertRule::MAX_MINUTES`]; they end with the minute just over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum When {
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
        /// At least so many, from 1.
        count: u64,
        /// In so many minutes.
        minutes: u32,
    },
    /// An issue has so many users in a period.
    Users {
        /// At least so many, from 1.
        count: u64,
        /// In so many minutes.
        minutes: u32,
    },
    /// Of the sessions that began in a period, a smaller share than this did not crash.
    CrashFree {
        /// In hundredths of a percent: 9950 for 99.5 %.
        below: u32,
        /// In so many minutes.
        minutes: u32,
        /// Only with at least so many sessions.
        sessions: u64,
    },
    /// Of the sessions that began in a period, a larger share than this had an error, handled or not.
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

/// What has to hold of what happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// What.
    #[serde(flatten)]
    pub test: Test,
    /// Whether it has to hold *not*.
    #[serde(default)]
    pub negated: bool,
}

/// What can hold. Patterns are matched as a whole, regardless of case; `*` stands for anything, `?` for one byte. What is not known does
/// not match. For counts over a period the environment narrows down what is counted; everything else is judged by the
/// issue's latest event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Test {
    /// The event came from one of these environments.
    Environment {
        /// Their names.
        names: Vec<String>,
    },
    /// The event is at least so severe.
    Level {
        /// As severe as this.
        least: Level,
    },
    /// The event's release matches.
    Release {
        /// A pattern.
        pattern: String,
    },
    /// The event has a tag whose value matches.
    Tag {
        /// The tag's key.
        key: String,
        /// A pattern.
        pattern: String,
    },
    /// The event is of one of these platforms.
    Platform {
        /// Their names, such as `python`.
        names: Vec<String>,
    },
    /// The issue is given to this person or team; none for nobody.
    Assignee {
        /// To whom.
        to: Option<Assignee>,
    },
    /// The issue's title matches.
    Title {
        /// A pattern.
        pattern: String,
    },
    /// The exception's type matches.
    Type {
        /// A pattern.
        pattern: String,
    },
    /// The issue was first seen less than so many minutes ago (with `negated`: longer ago).
    Younger {
        /// Minutes.
        minutes: u32,
    },
}

/// Who is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Action {
    /// People, by e-mail, as far as they want it.
    Mail {
        /// Whom.
        to: Whom,
    },
    /// A place that was set up.
    Send {
        /// Which.
        destination: DestinationId,
    },
}

/// People.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// All members.
    Everyone,
    /// Whoever the issue is given to; everyone, if it is nobody's or the team's.
    Assignee,
    /// These.
    Members(Vec<UserId>),
}

/// A time of day at which one is not to be disturbed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QuietHours {
    /// Minutes after midnight at which they begin.
    pub from: u16,
    /// Minutes after midnight at which they end; before `from` for the next day.
    pub until: u16,
    /// Where: the name of a zone in the IANA database, such as `Europe/Berlin`.
    pub zone: String,
}
