//! Events.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Entry, Metadata};

/// An event with everything that the SDK told about it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// 32 hex digits.
    pub id: String,
    /// The id once more: clients read either.
    #[serde(rename = "eventID")]
    pub event_id: String,
    /// Id of its issue.
    #[serde(rename = "groupID")]
    pub group_id: String,
    /// Id of its project.
    #[serde(rename = "projectID")]
    pub project_id: String,
    /// What happened.
    pub title: String,
    /// The message, empty for an exception.
    pub message: String,
    /// Where it happened.
    pub culprit: Option<String>,
    /// File it happened in.
    pub location: Option<String>,
    /// Platform of the SDK.
    pub platform: String,
    /// `error`, `default`, `csp` and so on.
    #[serde(rename = "type")]
    pub kind: String,
    /// `fatal`, `error`, `warning`, `info`, `debug` or `sample`.
    pub level: &'static str,
    /// When it happened, by the SDK's clock after correction.
    pub date_created: Timestamp,
    /// When it arrived.
    pub date_received: Timestamp,
    /// Bytes of the stored event.
    pub size: u64,
    /// Its tags.
    pub tags: Vec<EventTag>,
    /// The person affected.
    pub user: Option<EventUser>,
    /// Device, operating system, runtime, trace and so on, by name.
    pub contexts: BTreeMap<String, Value>,
    /// What the program added as extra data.
    pub context: BTreeMap<String, Value>,
    /// Installed packages and their versions.
    pub packages: BTreeMap<String, String>,
    /// The SDK that sent it.
    pub sdk: Option<Sdk>,
    /// The release it happened in.
    pub release: Option<Version>,
    /// The distribution of the release.
    pub dist: Option<String>,
    /// The environment it happened in.
    pub environment: Option<String>,
    /// Exceptions, message, request, breadcrumbs and so on.
    pub entries: Vec<Entry>,
    /// What was wrong with the event as it was sent.
    pub errors: Vec<Remark>,
    /// The hashes that it was grouped by.
    pub fingerprints: Vec<String>,
    /// What the title was made of.
    pub metadata: Metadata,
    /// Always null.
    pub occurrence: Option<Value>,
    /// The next younger event of the issue.
    #[serde(rename = "nextEventID")]
    pub next_event_id: Option<String>,
    /// The next older event of the issue.
    #[serde(rename = "previousEventID")]
    pub previous_event_id: Option<String>,
}

/// An event in a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventSummary {
    /// 32 hex digits.
    pub id: String,
    /// The id once more: clients read either.
    #[serde(rename = "eventID")]
    pub event_id: String,
    /// Id of its issue.
    #[serde(rename = "groupID")]
    pub group_id: String,
    /// Id of its project.
    #[serde(rename = "projectID")]
    pub project_id: String,
    /// What happened.
    pub title: String,
    /// The message, empty for an exception.
    pub message: String,
    /// Platform of the SDK.
    pub platform: String,
    /// When it happened.
    pub date_created: Timestamp,
    /// When it arrived.
    pub date_received: Timestamp,
    /// Its tags.
    pub tags: Vec<EventTag>,
    /// The person affected.
    pub user: Option<EventUser>,
    /// The release it happened in.
    pub release: Option<String>,
    /// The environment it happened in.
    pub environment: Option<String>,
    /// `error`, `default`, `csp` and so on.
    #[serde(rename = "event.type")]
    pub kind: String,
}

/// A tag of an event.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventTag {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
}

/// The person an event happened to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventUser {
    /// As the program knows the person.
    pub id: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Login name.
    pub username: Option<String>,
    /// Name for people.
    pub name: Option<String>,
    /// IP address.
    pub ip_address: Option<String>,
    /// Whatever else the program told.
    pub data: BTreeMap<String, Value>,
}

/// The SDK that sent an event.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sdk {
    /// For example `sentry.python`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A release by its version.
#[derive(Debug, Serialize, ToSchema)]
pub struct Version {
    /// For example `shop@1.2.3`.
    pub version: String,
}

/// Something about an event that was wrong as sent, and was left out or corrected.
#[derive(Debug, Serialize, ToSchema)]
pub struct Remark {
    /// Kind of the fault, for example `invalid_data`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Field at fault.
    pub name: String,
    /// Path to the field.
    pub path: String,
    /// The fault in words.
    pub message: String,
    /// Always empty.
    pub data: BTreeMap<String, Value>,
}

/// The event behind an event id.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventLookup {
    /// The organisation.
    pub organization_slug: String,
    /// The project.
    pub project_slug: String,
    /// Id of the issue.
    pub group_id: String,
    /// Id of the event.
    pub event_id: String,
    /// The event.
    pub event: Event,
}
