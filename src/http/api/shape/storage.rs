//! What is kept and what it takes.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// What the installation takes on disk.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Storage {
    /// Bytes of everything below the data directory.
    pub used: u64,
    /// Bytes at which nothing is accepted any more: the budget without what sweeping takes, or what the disk has.
    pub limit: u64,
    /// `storage.max_disk_bytes`; null without one.
    pub budget: Option<u64>,
    /// In how many days `used` is at the limit if it goes on like the last seven days; null when it does not grow so
    /// far in ten years, or no day is over yet.
    pub full_in_days: Option<u64>,
    /// Whether payloads are no longer kept because the disk fills, and not only because of their age.
    pub is_thinned: bool,
    /// The day of the oldest payload that is kept.
    pub oldest_event: Option<Timestamp>,
    /// Days that payloads are kept unless their project says otherwise.
    pub retention_days: u32,
    /// The same bytes by what they are for.
    pub kinds: StorageKinds,
    /// What each project keeps, the one that keeps most first.
    pub projects: Vec<ProjectStorage>,
}

/// Bytes by what they are for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StorageKinds {
    /// Accepted, not yet digested.
    pub journal: u64,
    /// Payloads of events, and everything else that happened.
    pub events: u64,
    /// Files that came with events.
    pub attachments: u64,
    /// Counts, issues and what else can be asked for.
    pub index: u64,
    /// Copies of that, from which it can be made anew.
    pub checkpoints: u64,
    /// The rest.
    pub other: u64,
}

/// What a project keeps.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectStorage {
    /// Its id, a number as a string.
    pub id: String,
    /// Its name in URLs.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// Payloads.
    pub events: u64,
    /// Bytes of payloads.
    pub bytes: u64,
    /// Bytes of attachments.
    pub attachments: u64,
    /// Days that its payloads are kept; null for as long as the settings say.
    pub retention_days: Option<u32>,
}
