//! Issues.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Activity, Actor, IssueStatusDetails, Tag, Version};

/// An issue: events with one cause.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Issue {
    /// Number as a string.
    pub id: String,
    /// For people, `SHOP-12`.
    pub short_id: String,
    /// What happened.
    pub title: String,
    /// Where it happened.
    pub culprit: Option<String>,
    /// Address of its page.
    pub permalink: String,
    /// `fatal`, `error`, `warning`, `info`, `debug` or `sample`.
    pub level: &'static str,
    /// `unresolved`, `resolved` or `ignored`.
    pub status: &'static str,
    /// `new`, `ongoing`, `regressed` or `escalating`; `archived_forever`, `archived_until_escalating` or
    /// `archived_until_condition_met`; null when it is resolved.
    pub substatus: Option<&'static str>,
    /// Platform of its events.
    pub platform: String,
    /// `error`, `default`, `csp` and so on.
    #[serde(rename = "type")]
    pub kind: String,
    /// Always `error`.
    pub issue_type: &'static str,
    /// Always `error`.
    pub issue_category: &'static str,
    /// The project it belongs to.
    pub project: IssueProject,
    /// What the title was made of.
    pub metadata: Metadata,
    /// Time of its first event.
    pub first_seen: Timestamp,
    /// Time of its latest event.
    pub last_seen: Timestamp,
    /// Events so far, a number as a string.
    pub count: String,
    /// Distinct users so far, an estimate past a few dozen.
    pub user_count: u64,
    /// Whether the latest event was not handled by the program.
    pub is_unhandled: bool,
    /// Always true.
    pub has_seen: bool,
    /// Whether the caller keeps a bookmark.
    pub is_bookmarked: bool,
    /// Always false.
    pub is_public: bool,
    /// How many of its events are kept in full, a number as a string: of a flood it is a sample.
    pub kept_count: String,
    /// Whether the caller wants to hear of it.
    pub is_subscribed: bool,
    /// How many comments it has.
    pub num_comments: u32,
    /// Who is to look after it.
    pub assigned_to: Option<Actor>,
    /// Logger of the latest event.
    pub logger: Option<String>,
    /// Always empty.
    pub annotations: Vec<String>,
    /// Always null.
    pub share_id: Option<String>,
    /// In what it is resolved, or until when it is archived, and who said so; empty when it is neither.
    pub status_details: IssueStatusDetails,
    /// Why it stands where it stands, in a sentence; null when nobody ever decided anything.
    pub status_reason: Option<String>,
    /// Events over time, `[unix second, count]`: for the asked period in a list; `24h` by hour and `30d` by day in a
    /// single issue.
    pub stats: BTreeMap<String, Vec<(i64, u64)>>,
    /// The same counts once more: clients read either.
    pub lifetime: Lifetime,
    /// Environments it was seen in.
    pub environments: Vec<String>,
    /// The first release it was seen in.
    pub first_release: Option<Version>,
    /// The latest release it was seen in.
    pub last_release: Option<Version>,
    /// Its tags; in a single issue only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
    /// What happened to it, latest first, at most 100 entries; in a single issue only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<Vec<Activity>>,
}

/// The project of an issue.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IssueProject {
    /// Number as a string.
    pub id: String,
    /// Its name in URLs.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// The platform chosen at creation.
    pub platform: Option<String>,
}

/// What the title of an issue or event was made of.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Metadata {
    /// Type of the exception.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Message of the exception.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// File of the frame that names the culprit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    /// Function of that frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// The title of an event without an exception.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// All-time counts of an issue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Lifetime {
    /// Events, a number as a string.
    pub count: String,
    /// Distinct users.
    pub user_count: u64,
    /// Time of the first event.
    pub first_seen: Timestamp,
    /// Time of the latest event.
    pub last_seen: Timestamp,
}

/// A hash that leads to the issue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Hash {
    /// 32 hex digits.
    pub id: String,
    /// The latest event that goes by it; null when none does: such a hash came along with another one.
    pub latest_event: Option<HashEvent>,
    /// What its latest event is called.
    pub title: Option<String>,
    /// How many events go by it.
    pub count: u64,
    /// When the earliest of them happened.
    pub first_seen: Option<Timestamp>,
    /// When the latest of them happened.
    pub last_seen: Option<Timestamp>,
}

/// The latest event of a hash.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HashEvent {
    /// 32 hex digits.
    pub id: String,
    /// The id once more: clients read either.
    #[serde(rename = "eventID")]
    pub event_id: String,
    /// What happened.
    pub title: String,
    /// When it happened.
    pub date_created: Timestamp,
}

/// What a split came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Split {
    /// The new issue.
    pub destination: IssueName,
}

/// An issue by its names.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssueName {
    /// Number as a string.
    pub id: String,
    /// For people, `SHOP-12`.
    pub short_id: String,
}

/// The issue behind a short id.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ShortIdLookup {
    /// The organisation.
    pub organization_slug: String,
    /// The project.
    pub project_slug: String,
    /// Id of the issue.
    pub group_id: String,
    /// The issue.
    pub group: Issue,
    /// The short id, as it is spelled here.
    pub short_id: String,
}
