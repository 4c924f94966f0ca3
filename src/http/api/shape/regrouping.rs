//! What grouping rules would do, and how far they are applied.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::User;

/// How the events of a project are grouped.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectGrouping {
    /// Rules about stack traces, one a line.
    pub grouping_enhancements: String,
    /// Rules about fingerprints, one a line.
    pub fingerprinting_rules: String,
    /// How far rules are applied to stored events: what runs, or what ran last.
    pub job: Option<GroupingJob>,
}

/// Rules being applied to stored events.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupingJob {
    /// When it began.
    pub date_started: Timestamp,
    /// Who wanted it.
    pub user: Option<User>,
    /// How many events there were then.
    pub total: u64,
    /// How many of them were looked at.
    pub looked_at: u64,
    /// How many of those have other hashes now.
    pub moved: u64,
    /// When it ended; null while it runs.
    pub date_ended: Option<Timestamp>,
    /// Why it did not come to the last event.
    pub failure: Option<String>,
}

/// What other rules would make of the issues of a project.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupingPreview {
    /// How many events were looked at: the latest of every fingerprint.
    pub looked_at: u64,
    /// How many there are.
    pub total: u64,
    /// How many issues they are in.
    pub issues: u64,
    /// How many of these would keep exactly what they have.
    pub unchanged: u64,
    /// How many issues would take over events of others.
    pub merges: u64,
    /// How many issues would come apart.
    pub splits: u64,
    /// Some of the merges, those with most events first.
    pub merge_examples: Vec<MergePreview>,
    /// Some of the splits, those with most events first.
    pub split_examples: Vec<SplitPreview>,
}

/// An issue that would take over events of others.
#[derive(Debug, Serialize, ToSchema)]
pub struct MergePreview {
    /// Where they would go.
    pub into: PreviewedIssue,
    /// What would come from where.
    pub from: Vec<PreviewedFlow>,
}

/// An issue that would come apart.
#[derive(Debug, Serialize, ToSchema)]
pub struct SplitPreview {
    /// Which.
    pub from: PreviewedIssue,
    /// What would go where.
    pub into: Vec<PreviewedFlow>,
}

/// Events that would go the same way.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreviewedFlow {
    /// The issue at the other end.
    pub issue: PreviewedIssue,
    /// About how many events.
    pub events: u64,
    /// One of them.
    #[serde(rename = "eventID")]
    pub event_id: String,
}

/// An issue that there is or would be.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreviewedIssue {
    /// Number as a string; null for one that would be new.
    pub id: Option<String>,
    /// For people, `SHOP-12`; null for one that would be new.
    pub short_id: Option<String>,
    /// What it is called.
    pub title: String,
}
