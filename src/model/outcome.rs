//! Outcomes: what became of every item that arrived. Not errors: a dropped item is a fact to be counted.
//!
//! The ledger adds up at every moment: received = accepted + filtered + rate limited + invalid + unsupported +
//! pending. What a client dropped by itself never arrived; it is counted beside the ledger, as `client_discard`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::protocol::category::DataCategory;
use crate::protocol::ids::ProjectId;

/// What became of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Kept.
    Accepted,
    /// Dropped by a filter that somebody set up.
    Filtered,
    /// Dropped by a rate limit or quota.
    RateLimited,
    /// Not usable; the reason says why.
    Invalid,
    /// Understood, but of a kind that is not kept (yet).
    Unsupported,
    /// Dropped by the client before it was sent.
    ClientDiscard,
}

impl Outcome {
    /// All of them, in the order of pages and rows.
    pub const ALL: [Self; 6] = [
        Self::Accepted,
        Self::Filtered,
        Self::RateLimited,
        Self::Invalid,
        Self::Unsupported,
        Self::ClientDiscard,
    ];

    /// Its name on the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Filtered => "filtered",
            Self::RateLimited => "rate_limited",
            Self::Invalid => "invalid",
            Self::Unsupported => "unsupported",
            Self::ClientDiscard => "client_discard",
        }
    }

    /// Whether the item arrived here, so that it counts as received.
    pub fn is_received(self) -> bool {
        self != Self::ClientDiscard
    }
}

/// Some items of one project that had the same outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeCount {
    /// Whose items they were.
    pub project: ProjectId,
    /// When they were received; counted by the hour of it.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub time: Timestamp,
    /// What kind of item.
    pub category: DataCategory,
    /// What became of them.
    pub outcome: Outcome,
    /// Why, in a word of a bounded vocabulary; empty for `accepted`.
    pub reason: String,
    /// How many: bytes for categories that are counted in bytes.
    pub quantity: u64,
}

/// The counts of one (project, category, outcome, reason) over a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeRow {
    /// Whose items.
    pub project: ProjectId,
    /// What kind of item.
    pub category: DataCategory,
    /// What became of them.
    pub outcome: Outcome,
    /// Why; empty for `accepted`.
    pub reason: String,
    /// By hour.
    pub hours: super::timeline::Hours,
}
