//! That a rule fired: the entry in the history, and all that its messages say.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::happening::{Happened, HappeningId, Subject};
use super::rule::{RuleId, When};
use crate::model::issue::IssueId;
use crate::protocol::ids::ProjectId;

/// A firing's number, unique in the installation; later ones have higher ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct FiringId(pub u64);

/// That a rule fired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Firing {
    /// Unique in the installation; given by the store.
    pub id: FiringId,
    /// The rule.
    pub rule: RuleId,
    /// Its name then.
    pub rule_name: String,
    /// When: the time of what made it fire.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub time: Timestamp,
    /// Where.
    pub project: ProjectId,
    /// What it is about, at most [`Firing::MAX_CAUSES`] of `total`; several when much happened at once.
    pub causes: Vec<Cause>,
    /// How many things happened.
    pub total: u64,
    /// The release that went out shortly before much happened at once: its version, and where.
    pub released: Option<(String, Option<String>)>,
    /// Why nobody is told of it, if so: "muted until …".
    pub silent: Option<String>,
    /// That it was told later than it could have been.
    #[serde(default)]
    pub held: Option<Held>,
}

impl Firing {
    /// The most causes that are kept of one firing.
    pub const MAX_CAUSES: usize = 20;
}

/// That something waits to be told, or waited, on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Since when: the time of the first thing that did.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub since: Timestamp,
    /// Until when.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub until: Timestamp,
    /// Why.
    pub by: HeldBy,
}

/// Why something waits to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldBy {
    /// Enough was told lately.
    Enough,
    /// These are quiet hours.
    QuietHours,
}

impl HeldBy {
    /// So many messages of a rule about a project are sent one by one …
    pub const MESSAGES: usize = 3;
    /// … within so many minutes. Then they come together, this often.
    pub const MINUTES: i64 = 10;

    /// Why, behind "held until 20:14".
    pub fn why(self) -> String {
        match self {
            Self::Enough => format!("after {} messages in {} minutes", Self::MESSAGES, Self::MINUTES),
            Self::QuietHours => "for quiet hours".to_owned(),
        }
    }
}

/// One thing that made a rule fire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// The trigger of the rule.
    pub when: When,
    /// Which issue; none for the project as a whole.
    pub issue: Option<IssueId>,
    /// What was known of it then.
    pub subject: Subject,
    /// The numbers.
    pub reason: Reason,
}

impl Cause {
    /// Whether it is that something is over, or taken for over.
    pub fn is_end(&self) -> bool {
        match &self.reason {
            Reason::Happened { what, .. } => what.is_end(),
            Reason::Counted { .. } => false,
            Reason::Ended { .. } => true,
        }
    }
}

/// Why a rule fired: the numbers that its messages give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Reason {
    /// Something happened.
    Happened {
        /// Which happening.
        id: HappeningId,
        /// What.
        what: Happened,
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
