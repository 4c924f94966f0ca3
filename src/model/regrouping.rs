//! Applying rules to history: how far a project's stored events are grouped anew.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::part::PartId;
use super::person::UserId;
use super::project::GroupingRules;
use crate::protocol::ids::ProjectId;

/// A project's history being grouped anew, or that it was: one at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Regrouping {
    /// Whose history.
    pub project: ProjectId,
    /// When it was asked for: tells it from earlier ones.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub started: Timestamp,
    /// By whom.
    pub who: Option<UserId>,
    /// The rules that are applied.
    pub rules: GroupingRules,
    /// The rules that were applied before: to go back to.
    pub before: GroupingRules,
    /// How many events there were when it began.
    pub total: u64,
    /// How many of them were looked at.
    pub looked: u64,
    /// How many of those have other hashes now.
    pub moved: u64,
    /// The part that was dealt with last; none at the beginning.
    pub part: Option<PartId>,
    /// The newest part when it began: what is in later ones was grouped by these rules.
    pub until: PartId,
    /// How it ended; none while it runs.
    pub end: Option<RegroupEnd>,
}

/// How applying rules to history ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegroupEnd {
    /// When.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub time: Timestamp,
    /// Why, if it did not come to the last event.
    pub failure: Option<String>,
}
