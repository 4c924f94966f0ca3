//! What is kept, what it takes on disk, and how that comes back.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Result;
use crate::model::PartId;
use crate::model::retention::{Ends, KeptDay, Thinning};
use crate::protocol::ids::{EventId, ProjectId};

/// Payloads and files that are no longer kept. What was counted of the events stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Eviction {
    /// Whose.
    pub project: ProjectId,
    /// Of which events; at most [`Eviction::MOST`].
    pub events: Vec<EventId>,
    /// Events that were recorded on this day or later, in days since 1970, still count once when a client repeats them.
    pub known_since: i32,
    /// The day that is thinned so far with it, in days since 1970.
    pub thinned: Option<(i64, Thinning)>,
}

impl Eviction {
    /// The most events that go at once: what arrives must not wait for long.
    pub const MOST: usize = 500;
}

/// The payloads that a part has of one day, in order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartDay {
    /// Whose.
    pub part: PartId,
    /// The events, each with the bytes that its payload takes.
    pub events: Vec<(EventId, u32)>,
    /// Whether they begin or end what the part has.
    pub ends: Ends,
}

/// What sweeping a file of payloads came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Swept {
    /// Bytes that the file took.
    pub before: u64,
    /// Bytes that it takes.
    pub after: u64,
}

/// Bytes on disk by what they are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DiskUse {
    /// Accepted, not yet digested.
    pub journal: u64,
    /// Payloads and everything else that happened.
    pub segments: u64,
    /// Attachments.
    pub blobs: u64,
    /// What they add up to, and the words by which they are found.
    pub index: u64,
    /// Copies of that, from which it can be made anew.
    pub checkpoints: u64,
    /// The rest below the data directory.
    pub other: u64,
    /// The most that all of them may take; 0 for no bound.
    pub budget: u64,
    /// Bytes of the budget that stay free for what is written while space is freed.
    pub headroom: u64,
    /// Free bytes of the disk above its floor.
    pub free: u64,
}

impl DiskUse {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.journal + self.segments + self.blobs + self.index + self.checkpoints + self.other
    }

    /// The most that may be used until nothing is accepted any more: the budget without its headroom, or what the disk
    /// has, whichever is less.
    pub fn limit(&self) -> u64 {
        let disk = self.total().saturating_add(self.free);
        match self.budget {
            0 => disk,
            budget => disk.min(budget.saturating_sub(self.headroom)),
        }
    }
}

/// What is kept, and how space comes back: payloads are evicted, a checkpoint holds what they added up to, then their
/// files are swept.
#[async_trait]
pub trait Retention: Send + Sync {
    /// What is on disk.
    async fn usage(&self) -> Result<DiskUse>;
    /// What is kept, by project and day.
    async fn kept(&self) -> Result<Vec<KeptDay>>;
    /// The payloads that a project has of `day` (days since 1970), those of its first part behind `after` that has any.
    async fn part_day(&self, project: ProjectId, day: i64, after: Option<PartId>) -> Result<Option<PartDay>>;
    /// The events of a project with files that were received on `day` (days since 1970), kept or not.
    async fn with_files(&self, project: ProjectId, day: i64) -> Result<Vec<EventId>>;
    /// Evicts payloads.
    async fn evict(&self, eviction: Eviction) -> Result<()>;
    /// Writes a checkpoint of what everything adds up to, while all goes on.
    async fn checkpoint(&self) -> Result<()>;
    /// Sweeps the file in which most is to be freed of those that may be swept: at least a tenth of it. None when there is
    /// none, or files are being copied.
    async fn sweep(&self) -> Result<Option<Swept>>;
    /// Removes the bytes of files that no attachment names any more and that nobody wrote or read since `before`.
    /// Answers how many bytes.
    async fn sweep_blobs(&self, before: Timestamp) -> Result<u64>;
}
