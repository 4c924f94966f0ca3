//! Projects and their keys.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Organization, Quota, RateLimit, Team};

/// A project.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Project {
    /// Id, a number as a string; the last part of a DSN.
    pub id: String,
    /// Its name in URLs.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// The platform chosen at creation, for example `python`.
    pub platform: Option<String>,
    /// When it was made.
    pub date_created: Timestamp,
    /// When its first event came; null while waiting for it.
    pub first_event: Option<Timestamp>,
    /// Always false.
    pub is_bookmarked: bool,
    /// Always true.
    pub is_member: bool,
    /// Always true.
    pub has_access: bool,
    /// Environments seen in its events.
    pub environments: Vec<String>,
    /// Always empty.
    pub features: Vec<String>,
    /// Always `active`.
    pub status: &'static str,
    /// The one team.
    pub team: Team,
    /// The one team once more: clients read either.
    pub teams: Vec<Team>,
    /// The organisation; in the answer for a single project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<Organization>,
    /// Rules about stack traces, one a line; in the answer for a single project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grouping_enhancements: Option<String>,
    /// Rules about fingerprints, one a line; in the answer for a single project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprinting_rules: Option<String>,
    /// Days that its payloads are kept, null for as long as the settings say; in the answer for a single project.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>)]
    pub retention_days: Option<Option<u32>>,
    /// Accepted events over the asked `statsPeriod`, `[unix second, count]` by hour or day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stats: Option<Vec<(i64, u64)>>,
    /// Open issues; with `statsPeriod` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unresolved_count: Option<u64>,
}

/// A key that lets SDKs send to a project.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Key {
    /// The public key.
    pub id: String,
    /// What its owner called it.
    pub name: String,
    /// The name once more: clients read either.
    pub label: String,
    /// 32 hex digits, the user part of the DSN.
    pub public: String,
    /// 32 hex digits, for SDKs of old; never checked.
    pub secret: String,
    /// Id of the project, a number.
    pub project_id: u64,
    /// False when events with this key are refused.
    pub is_active: bool,
    /// Ready-made addresses.
    pub dsn: Dsn,
    /// When it was made.
    pub date_created: Timestamp,
    /// How many items of any kind may be sent with it, if that is bounded.
    pub rate_limit: Option<RateLimit>,
    /// How much may be sent with it.
    pub quotas: Vec<Quota>,
}

/// Addresses to send to, each complete.
#[derive(Debug, Serialize, ToSchema)]
pub struct Dsn {
    /// For SDKs.
    pub public: String,
    /// For SDKs that still want both keys.
    pub secret: String,
    /// `report-uri` of a content security policy.
    pub csp: String,
    /// The same under its newer name.
    pub security: String,
    /// For native crash handlers.
    pub minidump: String,
    /// The JavaScript loader.
    pub cdn: String,
}
