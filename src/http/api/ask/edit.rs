//! What is asked of issues: the body of a change.

use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

/// Changes to issues; what is absent stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EditIssue {
    /// `resolved`, `unresolved`, `ignored` or `resolvedInNextRelease`.
    pub status: Option<String>,
    /// With `ignored`: `archived_forever` (unless told), `archived_until_escalating` or `archived_until_condition_met`.
    /// With `unresolved`: `ongoing` (unless told), or `new` to take back what was decided of an issue that was new.
    pub substatus: Option<String>,
    /// With `resolved`: in what. With `ignored`: until when.
    pub status_details: Option<StatusDetails>,
    /// With `ignored`: for so many minutes. `ignoreDuration` in older words.
    pub snooze_duration: Option<i64>,
    /// `user:1`, `team:everyone`, an e-mail address or `me`; empty or null for nobody.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub assigned_to: Option<Option<String>>,
    /// Whether the caller keeps a bookmark.
    pub is_bookmarked: Option<bool>,
    /// Whether the caller wants to hear of it.
    pub is_subscribed: Option<bool>,
    /// True deletes them, and drops their events from then on.
    #[schema(value_type = Option<bool>)]
    pub discard: Option<Switch>,
    /// True makes one issue of all of them.
    #[schema(value_type = Option<bool>)]
    pub merge: Option<Switch>,
}

/// In what an issue is resolved, or until when it is archived: one of them.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusDetails {
    /// Resolved in this version, or `latest` for the current one.
    pub in_release: Option<String>,
    /// Resolved in the release after the current one.
    pub in_next_release: Option<bool>,
    /// Resolved in the first release that has this commit.
    pub in_commit: Option<InCommit>,
    /// Archived for so many minutes.
    pub ignore_duration: Option<i64>,
    /// Archived until this time: RFC 3339, or a date and time in UTC.
    pub ignore_until: Option<String>,
    /// Archived until so many more events.
    pub ignore_count: Option<i64>,
    /// `ignoreCount` within so many minutes.
    pub ignore_window: Option<i64>,
    /// Archived until so many more users.
    pub ignore_user_count: Option<i64>,
    /// `ignoreUserCount` within so many minutes.
    pub ignore_user_window: Option<i64>,
}

/// A commit.
#[derive(Debug, Deserialize, ToSchema)]
pub struct InCommit {
    /// Its hash.
    pub commit: String,
    /// Where it is; hashes are unique enough without.
    pub repository: Option<String>,
}

/// On or off; some clients write 1 and 0.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
pub enum Switch {
    /// As JSON has it.
    Bool(bool),
    /// 0 for off.
    Number(u8),
}

impl Switch {
    /// Whether it is on.
    pub fn is_on(self) -> bool {
        matches!(self, Self::Bool(true) | Self::Number(1..))
    }
}

/// What somebody says about an issue.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Note {
    /// Markdown.
    pub text: String,
}

/// Tells `null` from nothing.
fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(value).map(Some)
}
