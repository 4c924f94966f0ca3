//! What happened to an issue.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::User;

/// A page of the story of an issue.
#[derive(Debug, Serialize, ToSchema)]
pub struct Activities {
    /// Latest entry first.
    pub activity: Vec<Activity>,
}

/// One thing that happened to an issue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Activity {
    /// Number as a string.
    pub id: String,
    /// As Sentry has them: `set_resolved`, `set_resolved_in_release`, `set_resolved_in_commit`, `set_unresolved`,
    /// `set_ignored`, `set_regression`, `set_escalating`, `assigned`, `unassigned`, `note`, `merge`, `unmerge_source`,
    /// `unmerge_destination`, `first_seen`. Our own: `reconsidered`, `merged_into`, `came_back`, `went_back`, `undo`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Who did it; null for what an event did.
    pub user: Option<User>,
    /// When.
    pub date_created: Timestamp,
    /// What there is to say about it, by type: `reason` in a sentence, the `text` of a note, issues as `{id, shortId}`.
    #[schema(value_type = Object)]
    pub data: Value,
    /// Whether it can be taken back.
    pub can_undo: bool,
    /// Whether it was taken back.
    pub is_undone: bool,
}
