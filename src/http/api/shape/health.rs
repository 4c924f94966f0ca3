//! How the installation fares.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// How the installation fares, for who runs it; what is kept on disk is told by its storage.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// The program's version.
    pub version: &'static str,
    /// When it was started.
    pub started: Timestamp,
    /// Bytes of memory in use; null where the system does not say.
    pub memory: Option<u64>,
    /// Why nothing is accepted at the moment; null while all is well.
    pub refusal: Option<String>,
    /// Accepted requests that wait to be digested.
    pub waiting: u64,
    /// Bytes of them on disk.
    pub waiting_bytes: u64,
    /// Seconds that the oldest of them waits; 0 when none does.
    pub lag: i64,
    /// Items a second that got an outcome, in this hour and the one before.
    pub items_per_second: f64,
    /// Requests that could not be digested and were set aside.
    pub dead_letters: u64,
    /// Messages that nobody got who was to, at most 100.
    pub undelivered: usize,
    /// When the index was last found damaged, and made anew.
    pub repaired: Option<Timestamp>,
    /// Loops beside the server that failed since the start, and were started again.
    pub failures: Vec<LoopFailures>,
}

/// How often a loop failed.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoopFailures {
    /// What it does: `digest`, `retention`, ….
    pub name: &'static str,
    /// Since the start.
    pub times: u64,
}
