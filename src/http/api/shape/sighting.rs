//! Where an issue was seen, what was shipped meanwhile, and whose commits may have to do with it.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Author, Commit};

/// A release that an issue was seen in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssueRelease {
    /// Its name; null for events that named none.
    pub version: Option<String>,
    /// The name without the package.
    pub short_version: Option<String>,
    /// Events of the issue in it.
    pub count: u64,
    /// When the earliest of them happened.
    pub first_seen: Timestamp,
    /// When the latest of them happened.
    pub last_seen: Timestamp,
    /// Where.
    pub environments: Vec<IssueEnvironment>,
}

/// An environment of a release that an issue was seen in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssueEnvironment {
    /// Its name; null for events that named none.
    pub environment: Option<String>,
    /// Events of the issue in it.
    pub count: u64,
    /// When the earliest of them happened.
    pub first_seen: Timestamp,
    /// When the latest of them happened.
    pub last_seen: Timestamp,
}

/// A moment at which a release came out or was put to work.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Marker {
    /// `release` or `deploy`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The release.
    pub version: String,
    /// Its name without the package.
    pub short_version: String,
    /// Where it was deployed; null for a release.
    pub environment: Option<String>,
    /// When it was deployed; when it was released, or else first seen or declared.
    pub date: Timestamp,
}

/// Who may know about an event.
#[derive(Debug, Serialize, ToSchema)]
pub struct Committers {
    /// Those whose commits touched files of the event's own frames; whose commit is latest first.
    pub committers: Vec<Committer>,
}

/// Somebody whose commits are suspect.
#[derive(Debug, Serialize, ToSchema)]
pub struct Committer {
    /// Who wrote them; null for commits that do not say.
    pub author: Option<Author>,
    /// The commits, latest first.
    pub commits: Vec<SuspectCommit>,
    /// The release that they went into.
    pub release: String,
}

/// A commit that touched a file of one of the frames.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SuspectCommit {
    /// The commit.
    #[serde(flatten)]
    pub commit: Commit,
    /// File of the innermost frame that it touched, as the frame names it.
    pub frame_file: String,
    /// Why it is suspect.
    pub suspect_commit_type: &'static str,
}
