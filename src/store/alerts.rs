//! What happened, what was received minute by minute, and what fired. How that is brought to people is the
//! [outbox](super::Outbox)'s.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Result;
use crate::model::alert::delivery::Cargo;
use crate::model::alert::{
    Firing, FiringId, Happened, Happening, HappeningId, Minute, Pulse, Recipient, RuleId, Subject,
};
use crate::model::{IssueId, Page, PageRequest};
use crate::protocol::ids::ProjectId;

/// How far alerts are: what was judged, and what is remembered of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The last happening that was judged.
    pub happening: HappeningId,
    /// The last minute that was judged; none at the very beginning.
    pub minute: Option<Minute>,
    /// Which step that was, counted from 1. Only by this one is further than another: time may have gone back.
    #[serde(default)]
    pub steps: u64,
}

/// What came of judging some happenings or a minute: kept as one unit, with how far that is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertStep {
    /// How far it is now. A step whose number is not higher than that of the last one changes nothing: it was done before.
    pub progress: Progress,
    /// Rows of the engine's memory that changed; none for those that are gone. Keys are at most 64 bytes, values stay
    /// under 4 KB.
    pub memory: BTreeMap<String, Option<String>>,
    /// What was found out by looking at the minute (spikes and their end, bad releases): happenings of their own, judged later.
    pub happenings: Vec<NewHappening>,
    /// What fired, each with whom to tell. `Firing::id` is given by the store.
    pub firings: Vec<Firing>,
    /// What is to be brought to whom; digests too, with the minute in which they are due.
    pub outbox: Vec<NewDelivery>,
}

/// A happening without its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewHappening {
    /// See [`Happening::time`].
    pub time: Timestamp,
    /// See [`Happening::project`].
    pub project: ProjectId,
    /// See [`Happening::issue`].
    pub issue: Option<IssueId>,
    /// See [`Happening::what`].
    pub what: Happened,
    /// See [`Happening::subject`].
    pub subject: Subject,
}

/// A delivery without its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDelivery {
    /// To whom.
    pub to: Recipient,
    /// What. The ids of firings are indexes into [`AlertStep::firings`], for the store to replace.
    pub cargo: Cargo,
    /// See `Delivery::caused`.
    pub caused: Timestamp,
    /// See `Delivery::created`; it is due at once.
    pub created: Timestamp,
}

/// Which firings are asked for.
#[derive(Debug, Clone, Default)]
pub struct FiringFilter {
    /// Of these projects; empty for all.
    pub projects: Vec<ProjectId>,
    /// Of this rule.
    pub rule: Option<RuleId>,
    /// About this issue.
    pub issue: Option<IssueId>,
}

/// What is newest: whoever works on it waits until that is something else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Newest {
    /// The last happening.
    pub happening: HappeningId,
    /// How often something was put into the outbox, or back into it by hand.
    pub posted: u64,
}

/// What happened, what was received, and what fired. Kept for [`RETENTION_DAYS`].
#[async_trait]
pub trait Alerts: Send + Sync {
    /// Waits until something is newer than `known`, and says what. [`super::Error::Closed`] when nothing will ever be.
    async fn newer(&self, known: Newest) -> Result<Newest>;
    /// Happenings behind `after`, oldest first, at most `limit`. Those of one command are in order of time; between
    /// commands times may go back by as much as requests overtake each other.
    async fn happenings(&self, after: HappeningId, limit: usize) -> Result<Vec<Happening>>;
    /// Happenings of a project whose time is in `start..end`, in order of time and number, at most `limit`.
    async fn happened(
        &self,
        project: ProjectId,
        start: Timestamp,
        end: Timestamp,
        limit: usize,
    ) -> Result<Vec<Happening>>;
    /// What was received of a project in `first..=last`, in order of minutes, issues (sessions first) and environments.
    /// What is over never changes, whatever becomes of the issues: issues that are one now are told apart as they were.
    async fn pulse(&self, project: ProjectId, first: Minute, last: Minute) -> Result<Vec<Pulse>>;
    /// How far alerts are, and the engine's whole memory.
    async fn progress(&self) -> Result<(Progress, BTreeMap<String, String>)>;
    /// Keeps what came of a step. What concerns projects that are gone is left out.
    async fn keep(&self, step: AlertStep) -> Result<()>;
    /// What fired, latest first.
    async fn firings(&self, filter: &FiringFilter, page: PageRequest) -> Result<Page<Firing>>;
    /// These firings, in the order asked; those that are gone are left out.
    async fn firing(&self, ids: &[FiringId]) -> Result<Vec<Firing>>;
}

/// For how long happenings, firings and what was received by minute are kept, in days.
pub const RETENTION_DAYS: i64 = 30;
