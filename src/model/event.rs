//! Events as they are kept: a record that says what an issue needs to know, and the payload beside it.

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::issue::{IssueId, Metadata};
use crate::protocol::category::DataCategory;
use crate::protocol::ids::{EventId, ProjectId};
use crate::protocol::level::Level;

/// One of the names by which an event finds its issue: 128 bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GroupHash(pub [u8; 16]);

impl std::fmt::Display for GroupHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl std::fmt::Debug for GroupHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

/// What digest found out about an event, apart from its payload: enough to record it, and to do so again when the
/// index is rebuilt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRecord {
    /// Whose it is.
    pub project: ProjectId,
    /// Unique within the project.
    pub id: EventId,
    /// How it is counted: `error`, `default` or `security`.
    pub category: DataCategory,
    /// When it happened.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub timestamp: Timestamp,
    /// When it was received.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub received: Timestamp,
    /// The hashes that name its issue, the first known one decides; never empty.
    pub hashes: Vec<GroupHash>,
    /// Which version of the grouping rules made them.
    pub grouping: String,
    /// One line: type and value, or the message.
    pub title: String,
    /// Where: the transaction, or the function that failed.
    pub culprit: Option<String>,
    /// The title's parts.
    pub metadata: Metadata,
    /// Severity.
    pub level: Level,
    /// The SDK's platform, such as `python`.
    pub platform: String,
    /// `error`, `default`, `csp` ….
    pub event_type: String,
    /// Who logged it.
    pub logger: Option<String>,
    /// Whether the program did not catch it.
    pub unhandled: bool,
    /// The release that it came from.
    pub release: Option<String>,
    /// The environment that it came from.
    pub environment: Option<String>,
    /// What tells its user from others, such as `id:42`.
    pub user: Option<String>,
    /// Its tags, the server's own among them.
    pub tags: Vec<(String, String)>,
}

/// A digested event, ready to be recorded.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// What was found out about it.
    pub record: EventRecord,
    /// The normalised event as JSON, as `protocol::Event` reads it.
    pub payload: Bytes,
}

/// A recorded event.
#[derive(Debug, Clone)]
pub struct StoredEvent {
    /// The issue that it belongs to.
    pub issue: IssueId,
    /// What was found out about it.
    pub record: EventRecord,
    /// The normalised event as JSON.
    pub payload: Bytes,
}

/// Which event of an issue is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventRef {
    /// The one that happened last.
    Latest,
    /// The one that happened first.
    Oldest,
    /// The one with this id.
    Id(EventId),
}

/// The name of a blob: SHA-256 of its bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BlobId(pub [u8; 32]);

impl std::fmt::Display for BlobId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl std::fmt::Debug for BlobId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

/// A file that came with an event. It may come before its event, and stays when the event never comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Whose it is.
    pub project: ProjectId,
    /// The event that it came with.
    pub event: EventId,
    /// Which of the event's attachments it is, from 1. Given by the store; 0 until then.
    pub number: u32,
    /// Its file name, as the client said.
    pub name: String,
    /// What it is for, such as `event.attachment`.
    pub kind: String,
    /// Its media type, as the client said.
    pub content_type: Option<String>,
    /// In bytes.
    pub size: u64,
    /// Where its bytes are.
    pub blob: BlobId,
    /// When it was received.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub received: Timestamp,
}
