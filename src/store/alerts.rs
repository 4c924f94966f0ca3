//! What happened, what fired, and what is to be told.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Result;
use crate::model::alert::delivery::Cargo;
use crate::model::alert::{
    Attempt, Delivery, DeliveryId, DeliveryState, Firing, FiringId, Happened, Happening, HappeningId, Minute,
    Pulse, Recipient, RuleId, Subject,
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
}

/// What came of judging some happenings or a minute: kept as one unit, with how far that is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertStep {
    /// How far it is now. A step that is not further than what is kept changes nothing: it was done before.
    pub progress: Progress,
    /// Rows of the engine's memory that changed; none for those that are gone. Keys are at most 64 bytes.
    pub memory: BTreeMap<String, Option<String>>,
    /// What was found out by looking at the minute (spikes and their end, bad releases): happenings of their own, judged later.
    pub happenings: Vec<NewHappening>,
    /// What fired, each with whom to tell. `Firing::id` is given by the store.
    pub firings: Vec<Firing>,
    /// What is to be brought to whom.
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
    /// See [`Delivery::caused`].
    pub caused: Timestamp,
    /// See [`Delivery::created`]; it is due at once.
    pub created: Timestamp,
}

/// What became of a try, or of asking to send again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// Which delivery; one that is gone is passed over.
    pub delivery: DeliveryId,
    /// What the other side said; none when somebody asked to send it again, which begins to count anew.
    pub attempt: Option<Attempt>,
    /// How it stands now.
    pub state: DeliveryState,
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

/// Happenings, firings, and the outbox. Kept for [`RETENTION_DAYS`].
#[async_trait]
pub trait Alerts: Send + Sync {
    /// Happenings behind `after`, oldest first, at most `limit`.
    async fn happenings(&self, after: HappeningId, limit: usize) -> Result<Vec<Happening>>;
    /// Happenings of a project whose time is in `start..end`, oldest first, at most `limit`.
    async fn happened(
        &self,
        project: ProjectId,
        start: Timestamp,
        end: Timestamp,
        limit: usize,
    ) -> Result<Vec<Happening>>;
    /// What was received of a project in `first..=last`, in order of minutes.
    async fn pulse(&self, project: ProjectId, first: Minute, last: Minute) -> Result<Vec<Pulse>>;
    /// How far alerts are, and the engine's whole memory.
    async fn progress(&self) -> Result<(Progress, BTreeMap<String, String>)>;
    /// Keeps what came of a step.
    async fn keep(&self, step: AlertStep) -> Result<()>;
    /// What fired, latest first.
    async fn firings(&self, filter: &FiringFilter, page: PageRequest) -> Result<Page<Firing>>;
    /// These firings; those that are gone are left out.
    async fn firing(&self, ids: &[FiringId]) -> Result<Vec<Firing>>;
    /// Deliveries of these firings.
    async fn deliveries_of(&self, ids: &[FiringId]) -> Result<Vec<Delivery>>;
    /// Deliveries, latest first.
    async fn deliveries(&self, only_dead: OnlyDead, page: PageRequest) -> Result<Page<Delivery>>;
    /// What waits and is due at `now`, longest waiting first, at most `limit`; and when the next one is due.
    async fn due(&self, now: Timestamp, limit: usize) -> Result<(Vec<Delivery>, Option<Timestamp>)>;
    /// Keeps what became of tries.
    async fn tried(&self, tried: Vec<Tried>) -> Result<()>;
}

/// Which deliveries are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnlyDead {
    /// Those that were given up.
    Dead,
    /// All.
    All,
}

/// For how long happenings, firings and what was received by minute are kept, in days.
pub const RETENTION_DAYS: i64 = 30;
