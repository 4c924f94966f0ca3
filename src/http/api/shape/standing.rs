//! Where an issue stands and whose it is, and what a change of that answers.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::User;

/// Somebody who looks after an issue.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Actor {
    /// `user` or `team`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Id of the account, or of the team.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// E-mail address; a team has none.
    pub email: Option<String>,
}

/// In what an issue is resolved, or until when it is archived: only what holds is there.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssueStatusDetails {
    /// Resolved in this version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_release: Option<String>,
    /// True when it is resolved in the release after the current one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_next_release: Option<bool>,
    /// Resolved in the first release that has this commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_commit: Option<CommitId>,
    /// Resolved in this environment only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Archived until this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_until: Option<Timestamp>,
    /// Archived until so many more events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_count: Option<u64>,
    /// Within so many minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_window: Option<u32>,
    /// Archived until so many more users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_user_count: Option<u64>,
    /// Within so many minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_user_window: Option<u32>,
    /// Who decided it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<User>,
}

/// A commit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CommitId {
    /// Its hash.
    pub commit: String,
}

/// What a bulk change did: the fields that now hold for every issue that it touched.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssueChange {
    /// How many issues those are.
    pub changed: usize,
    /// The new status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// The new substatus.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub substatus: Option<&'static str>,
    /// In what they are resolved, or until when they are archived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_details: Option<IssueStatusDetails>,
    /// Who is to look after them; null for nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Actor>)]
    pub assigned_to: Option<Option<Actor>>,
    /// Whether the caller keeps a bookmark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_bookmarked: Option<bool>,
    /// Whether the caller wants to hear of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_subscribed: Option<bool>,
    /// Which issues became one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge: Option<MergedIssues>,
}

/// Which issues became one.
#[derive(Debug, Serialize, ToSchema)]
pub struct MergedIssues {
    /// Id of the one that stays: the one with the most events.
    pub parent: String,
    /// Ids of those that went into it.
    pub children: Vec<String>,
}
