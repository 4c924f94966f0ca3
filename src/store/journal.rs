//! The journal: accepted envelopes, on disk before their sender is answered, until they are digested.
//!
//! They are handed out project by project in turn, so that what one sends is not digested behind the backlog of another;
//! of one project in the order in which they came.

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Result;
use crate::model::OutcomeCount;
use crate::model::quota::Charge;
use crate::protocol::category::DataCategory;
use crate::protocol::envelope::{Envelope, Item};
use crate::protocol::ids::{ProjectId, PublicKey};

/// A place in the journal. 0 is the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Position(pub u64);

/// A stretch of the journal: entries one behind another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// Where it begins.
    pub begin: Position,
    /// The position behind it.
    pub end: Position,
}

/// What was handed out to be digested together.
#[derive(Debug, Clone, PartialEq)]
pub struct Portion {
    /// The entries, in the order in which they came; none where the journal is damaged.
    pub entries: Vec<Entry>,
    /// Where they stood, in order: to be recorded with what the entries came to.
    pub spans: Vec<Span>,
}

/// One accepted request.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Who sent it, and what was decided when it came.
    pub head: Head,
    /// What is left of the envelope, as `protocol::Envelope` reads it; empty when nothing was left of it.
    pub envelope: Bytes,
}

impl Entry {
    /// What it counts for, held against limits.
    pub fn charge(&self) -> Charge {
        let items = Envelope::parse_accepted(&self.envelope).map(|envelope| envelope.items);
        let amounts = items.unwrap_or_default();
        self.head
            .charge(amounts.iter().flat_map(Item::quantities).collect())
    }
}

/// What is known of a request apart from its body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// The project that it was sent to.
    pub project: ProjectId,
    /// The key that it was sent with.
    pub key: PublicKey,
    /// When its head was received.
    pub received: Timestamp,
    /// How many items of the envelope digest will give an outcome.
    pub items: u32,
    /// What the client calls itself, such as `sentry.python/2.75.0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The client's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_ip: Option<std::net::IpAddr>,
    /// The `User-Agent` of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// Outcomes of the items that were refused when the request came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<OutcomeCount>,
}

impl Head {
    /// How many items wait for their outcome to be counted: those that were refused, too.
    pub fn waiting(&self) -> u32 {
        let refused = self.refused.iter().filter(|count| !count.category.is_bytes());
        let refused = refused.fold(0_u64, |sum, count| sum.saturating_add(count.quantity));
        self.items
            .saturating_add(u32::try_from(refused).unwrap_or(u32::MAX))
    }

    /// That these amounts came with the request.
    pub fn charge(&self, amounts: Vec<(DataCategory, u64)>) -> Charge {
        Charge {
            project: self.project,
            key: self.key,
            time: self.received,
            amounts,
        }
    }
}

/// What waits to be digested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backlog {
    /// Requests.
    pub entries: u64,
    /// Items in them.
    pub items: u64,
    /// Bytes of them on disk.
    pub bytes: u64,
    /// When the oldest of them was received.
    pub oldest: Option<Timestamp>,
}

/// Accepted envelopes until they are digested.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Adds an entry; it is on disk when this returns. Everyone who waits at the same time shares one fsync.
    async fn append(&self, entry: Entry) -> Result<()>;
    /// Entries that were not handed out yet, up to `max_entries` and about `max_bytes`, an equal share of every project
    /// that has some. Waits until there is one.
    async fn next(&self, max_entries: usize, max_bytes: usize) -> Result<Portion>;
    /// Hands out once more what was handed out and is not recorded: for who begins, perhaps after a failure.
    async fn rewind(&self) -> Result<()>;
    /// Everything before it is recorded (see [`super::Batch::spans`]).
    async fn recorded(&self) -> Result<Position>;
    /// Gives the room of what is recorded back.
    async fn release(&self) -> Result<()>;
    /// What was accepted in the entries that waited when the journal was opened.
    fn charges(&self) -> Vec<Charge>;
    /// What waits to be digested.
    fn backlog(&self) -> Backlog;
}
