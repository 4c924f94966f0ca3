//! The distribution of tags over the events of an issue.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A tag key and how often it was set.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tag {
    /// The key.
    pub key: String,
    /// The key for people.
    pub name: String,
    /// Events that carry the key.
    pub total_values: u64,
    /// Distinct values seen.
    pub unique_values: u64,
}

/// A tag key with its most frequent values.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TagDetails {
    /// The key and its totals.
    #[serde(flatten)]
    pub tag: Tag,
    /// The most frequent values, most frequent first.
    pub top_values: Vec<TagValue>,
}

/// A value of a tag.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TagValue {
    /// The tag's key.
    pub key: String,
    /// The value for people.
    pub name: String,
    /// The value.
    pub value: String,
    /// Events that carry it.
    pub count: u64,
    /// First event that carried it.
    pub first_seen: Timestamp,
    /// Latest event that carried it.
    pub last_seen: Timestamp,
}
