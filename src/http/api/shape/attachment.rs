//! Files that came with an event.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A file that came with an event.
#[derive(Debug, Serialize, ToSchema)]
pub struct Attachment {
    /// Unique within its event.
    pub id: String,
    /// 32 hex digits.
    pub event_id: String,
    /// File name as the SDK gave it.
    pub name: String,
    /// For example `event.attachment` or `event.minidump`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the SDK says is in it; a download never repeats it as its content type.
    pub mimetype: String,
    /// Bytes.
    pub size: u64,
    /// Always null: contents are addressed by SHA-256.
    pub sha1: Option<String>,
    /// Hex.
    pub sha256: String,
    /// When it was received.
    #[serde(rename = "dateCreated")]
    pub date_created: Timestamp,
    /// `Content-Type`.
    pub headers: BTreeMap<&'static str, String>,
}
