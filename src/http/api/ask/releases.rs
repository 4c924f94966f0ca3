//! What is asked and said about releases and their sessions.

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// A project, by slug or by id: clients send either, the id as a text or as a number.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum ProjectName {
    /// Slug, or id.
    Text(String),
    /// Id.
    Number(u64),
}

/// A new release.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewRelease {
    /// Its name, for example `shop@1.2.0`.
    pub version: String,
    /// The projects that it is a release of; in an address below a project, that one.
    #[serde(default)]
    pub projects: Vec<ProjectName>,
    /// What else is said about it.
    #[serde(flatten)]
    pub details: EditRelease,
}

/// What is said about a release; what is absent stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EditRelease {
    /// Where to read about it.
    pub url: Option<String>,
    /// The commit that it was built from.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// The heads of the repositories that it was built from: the first one counts.
    pub refs: Option<Vec<HeadRef>>,
    /// When it went out.
    pub date_released: Option<String>,
    /// `open` or `archived`.
    pub status: Option<String>,
    /// The commits that went into it, latest first.
    pub commits: Option<Vec<SentCommit>>,
}

/// The head of a repository.
#[derive(Debug, Deserialize, ToSchema)]
pub struct HeadRef {
    /// The commit.
    pub commit: String,
}

/// A commit as version control tells it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SentCommit {
    /// Its hash.
    pub id: String,
    /// The repository's name.
    pub repository: Option<String>,
    /// Who wrote it.
    pub author_name: Option<String>,
    /// Their e-mail address.
    pub author_email: Option<String>,
    /// When it was written.
    pub timestamp: Option<String>,
    /// What it says.
    pub message: Option<String>,
    /// The files that it touched.
    pub patch_set: Option<Vec<SentFile>>,
}

/// A file that a commit touched.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SentFile {
    /// Path in the repository.
    pub path: String,
    /// `A`, `M` or `D`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// That a release was put to work.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewDeploy {
    /// Where, for example `production`.
    pub environment: String,
    /// What people call it.
    pub name: Option<String>,
    /// Where to read about it.
    pub url: Option<String>,
    /// When it began.
    pub date_started: Option<String>,
    /// When it was done; now when absent.
    pub date_finished: Option<String>,
    /// Of these projects; all that have the release when absent.
    #[serde(default)]
    pub projects: Vec<ProjectName>,
}

/// Which releases.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseSearch {
    /// A part of the version.
    pub query: Option<String>,
    /// Ids of projects; none or -1 means all.
    #[serde(default)]
    pub project: Vec<String>,
    /// Names of environments; none means all.
    #[serde(default)]
    pub environment: Vec<String>,
    /// `open` or `archived`; all when absent.
    pub status: Option<String>,
    /// `1` adds `healthData` to each project of a release.
    pub health: Option<String>,
    /// The time that `healthData` is of, for example `24h` or `14d`.
    pub summary_stats_period: Option<String>,
}

/// Which moments of a project's releases.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MarkerSearch {
    /// Deploys to these environments only; none means all.
    #[serde(default)]
    pub environment: Vec<String>,
}

/// Which sessions, and how they are summed up.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct SessionSearch {
    /// `sum(session)`, `count_unique(user)`, `crash_rate(session)`, `crash_rate(user)`, `crash_free_rate(session)`,
    /// `crash_free_rate(user)`, `errored_rate(session)`, `abnormal_rate(session)`, `unhandled_rate(session)`.
    #[serde(default)]
    pub field: Vec<String>,
    /// `project`, `release`, `environment`, `session.status`.
    #[serde(default)]
    pub group_by: Vec<String>,
    /// Ids of projects; none or -1 means all.
    #[serde(default)]
    pub project: Vec<String>,
    /// Names of environments; none means all.
    #[serde(default)]
    pub environment: Vec<String>,
    /// `release:shop@1.0` and `environment:production`.
    pub query: Option<String>,
    /// `1h` or `1d`.
    pub interval: Option<String>,
}
