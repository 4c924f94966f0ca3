//! Messages on their way. They are put here in the commit of what caused them: see [`AlertStep`](super::AlertStep).

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Result;
use crate::model::alert::{Attempt, Delivery, DeliveryId, DeliveryState, DestinationId, Fared, FiringId};
use crate::model::{Page, PageRequest};

/// What became of a try, or of asking to send again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// Which delivery; one that is gone is passed over.
    pub delivery: DeliveryId,
    /// See [`Delivery::created`]; another one with the same number is passed over. Over damage, numbers are given anew.
    pub created: Timestamp,
    /// What the other side said; none when somebody asked to send it again, which begins to count anew.
    pub attempt: Option<Attempt>,
    /// How it stands now.
    pub state: DeliveryState,
}

/// Which deliveries are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deliveries {
    /// Those that nobody got who was to: see [`Delivery::is_undelivered`].
    Undelivered,
    /// All.
    All,
}

/// Messages on their way, and what became of them.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// What waits and is due at `now`: for each recipient the alert and the recap that are due for longest, in this order, at
    /// most `limit`. And when the next one is due of those for whom nothing is yet.
    async fn due(&self, now: Timestamp, limit: usize) -> Result<(Vec<Delivery>, Option<Timestamp>)>;
    /// Keeps what became of tries. The same try told again changes nothing.
    async fn tried(&self, tried: Vec<Tried>) -> Result<()>;
    /// Deliveries, latest first.
    async fn deliveries(&self, which: Deliveries, page: PageRequest) -> Result<Page<Delivery>>;
    /// One delivery.
    async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>>;
    /// The deliveries of these firings, each once, oldest first.
    async fn deliveries_of(&self, ids: &[FiringId]) -> Result<Vec<Delivery>>;
    /// How each of these destinations fared, and how many messages wait for it.
    async fn fared(&self, ids: &[DestinationId]) -> Result<Vec<(Fared, u64)>>;
}
