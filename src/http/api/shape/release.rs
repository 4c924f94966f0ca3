//! Releases, what went into them and where they went.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A release, of one project or of several.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Release {
    /// Its number, as a text.
    pub id: String,
    /// Its name.
    pub version: String,
    /// The name without the package.
    pub short_version: String,
    /// The name taken apart.
    pub version_info: VersionInfo,
    /// `open` or `archived`.
    pub status: &'static str,
    /// When it was first known.
    pub date_created: Timestamp,
    /// When it went out, if somebody said so.
    pub date_released: Option<Timestamp>,
    /// When something in it first happened.
    pub first_event: Option<Timestamp>,
    /// When something in it last happened.
    pub last_event: Option<Timestamp>,
    /// How many issues were first seen in it.
    pub new_groups: u64,
    /// Where to read about it.
    pub url: Option<String>,
    /// The commit that it was built from.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// How many commits went into it.
    pub commit_count: u32,
    /// How many deploys are known.
    pub deploy_count: usize,
    /// The latest commit.
    pub last_commit: Option<Commit>,
    /// The latest deploy.
    pub last_deploy: Option<Deploy>,
    /// Who wrote the commits: on a single release, of its latest ones.
    pub authors: Vec<Author>,
    /// Its projects.
    pub projects: Vec<ReleaseProject>,
    /// Always empty.
    pub data: BTreeMap<String, String>,
}

/// A release's name taken apart.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VersionInfo {
    /// The package, if it names one.
    pub package: Option<String>,
    /// The version.
    pub version: RawVersion,
    /// The version for people.
    pub description: String,
    /// Always null.
    pub build_hash: Option<String>,
}

/// A version as it was written.
#[derive(Debug, Serialize, ToSchema)]
pub struct RawVersion {
    /// The text.
    pub raw: String,
}

/// A project of a release.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseProject {
    /// Its number, as a text.
    pub id: String,
    /// Its name in URLs.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// For example `python`.
    pub platform: Option<String>,
    /// The same as a list.
    pub platforms: Vec<String>,
    /// How many of its issues were first seen in the release.
    pub new_groups: u64,
    /// How the release is used, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health_data: Option<HealthData>,
}

/// How a release is used in a project. Rates are in percent, and null without data.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HealthData {
    /// Whether there were sessions in the period.
    pub has_health_data: bool,
    /// Sessions in the period.
    pub total_sessions: u64,
    /// Sessions that crashed.
    pub sessions_crashed: u64,
    /// Sessions with errors that ended well.
    pub sessions_errored: u64,
    /// Users in the period.
    pub total_users: u64,
    /// Sessions without a crash, in percent.
    pub crash_free_sessions: Option<f64>,
    /// Users without a crash, in percent.
    pub crash_free_users: Option<f64>,
    /// The release's share of its project's sessions (of its events, when it has no sessions) in a day, in percent.
    pub adoption: Option<f64>,
    /// The same.
    pub sessions_adoption: Option<f64>,
    /// Sessions in the last day.
    #[serde(rename = "totalSessions24h")]
    pub total_sessions_24h: u64,
    /// Sessions of the whole project in the last day.
    #[serde(rename = "totalProjectSessions24h")]
    pub total_project_sessions_24h: u64,
    /// Users in the last day.
    #[serde(rename = "totalUsers24h")]
    pub total_users_24h: u64,
    /// Users of the whole project in the last day.
    #[serde(rename = "totalProjectUsers24h")]
    pub total_project_users_24h: u64,
    /// Sessions over the period, or events when there are none, as `[Unix seconds, count]`.
    pub stats: BTreeMap<String, Vec<(i64, u64)>>,
    /// How many issues came back in it after they were resolved, and still stand so.
    pub regressed_groups: u64,
    /// Events in the period.
    pub total_events: u64,
    /// Events over the period, as `[Unix seconds, count]`.
    pub event_stats: BTreeMap<String, Vec<(i64, u64)>>,
}

/// A commit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Commit {
    /// Its hash.
    pub id: String,
    /// What it says.
    pub message: Option<String>,
    /// When it was written.
    pub date_created: Option<Timestamp>,
    /// Who wrote it.
    pub author: Option<Author>,
    /// Where.
    pub repository: Option<Repository>,
    /// The files that it touched.
    #[serde(rename = "patch_set")]
    pub patch_set: Vec<ChangedFile>,
}

/// Who wrote a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Author {
    /// Name for people.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
}

/// A repository.
#[derive(Debug, Serialize, ToSchema)]
pub struct Repository {
    /// Its name.
    pub name: String,
}

/// A file that a commit touched.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangedFile {
    /// Path in the repository.
    pub path: String,
    /// `A`, `M` or `D`.
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// That a release was put to work.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Deploy {
    /// Its number, as a text.
    pub id: String,
    /// Where.
    pub environment: String,
    /// What people call it.
    pub name: Option<String>,
    /// Where to read about it.
    pub url: Option<String>,
    /// When it began.
    pub date_started: Option<Timestamp>,
    /// When it was done.
    pub date_finished: Timestamp,
}

/// Sessions over time.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sessions {
    /// Start of the first interval.
    pub start: Timestamp,
    /// End of the last one.
    pub end: Timestamp,
    /// What was searched for.
    pub query: String,
    /// Start of each interval.
    pub intervals: Vec<Timestamp>,
    /// One group a combination of the `groupBy` values.
    pub groups: Vec<SessionGroup>,
}

/// The sessions of one combination of `groupBy` values.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionGroup {
    /// The combination, for example `{"release":"shop@1.0"}`.
    pub by: BTreeMap<&'static str, Value>,
    /// Over the period, by field; null where there is no data.
    pub totals: BTreeMap<String, Value>,
    /// By interval, by field; null where there is no data.
    pub series: BTreeMap<String, Vec<Value>>,
}
