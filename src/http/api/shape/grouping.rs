//! Why events are one issue.

use serde::Serialize;
use utoipa::ToSchema;

use super::IssueName;

/// Why an event is in its issue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupingInfo {
    /// Id of the event.
    #[serde(rename = "eventID")]
    pub event_id: String,
    /// Id of its issue.
    #[serde(rename = "groupID")]
    pub group_id: String,
    /// The version of the algorithm by which it is explained here.
    pub config: &'static str,
    /// The version by which it was grouped when it came.
    pub recorded_config: String,
    /// What it is grouped by, in a line: `the app stack trace: 4 of 31 frames`.
    pub summary: String,
    /// The rule about fingerprints that fired, as it was written.
    pub rule: Option<String>,
    /// The title that this rule gives.
    pub title: Option<String>,
    /// The ways to look at it that lead to an issue, the most telling first, by the rules of today.
    pub variants: Vec<GroupingVariant>,
    /// The hashes under which it was recorded, the first known one decided.
    pub recorded: Vec<String>,
    /// The one of them that led to its issue.
    pub led: Option<String>,
    /// Whether the rules of today give other hashes than those under which it was recorded.
    pub is_outdated: bool,
    /// Issues of the project that resemble it, those first that differ in least.
    pub nearest: Vec<NearMiss>,
    /// The event that it was to be compared with.
    pub compared: Option<NearMiss>,
}

/// Another event, and in what it differs.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NearMiss {
    /// Its issue.
    pub issue: IssueName,
    /// What that is called.
    pub title: String,
    /// Where it happened.
    pub culprit: Option<String>,
    /// Id of the other event.
    #[serde(rename = "eventID")]
    pub event_id: String,
    /// In how many parts they differ.
    pub total: usize,
    /// The first of them.
    pub differences: Vec<GroupingDifference>,
}

/// A part that is on both sides in two forms, or on one side only.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupingDifference {
    /// Which part, in words.
    pub part: String,
    /// What it is here; null where it is missing.
    pub here: Option<String>,
    /// What it is there.
    pub there: Option<String>,
}

/// One way to look at an event.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupingVariant {
    /// `app`, `system`, `default`, `custom-fingerprint`, `checksum` or `fallback`.
    pub name: &'static str,
    /// 32 hex digits.
    pub hash: String,
    /// Whether it was recorded under this hash.
    pub is_recorded: bool,
    /// Whether this hash led to its issue.
    pub has_led: bool,
    /// What the hash is made of, and what was left out and why.
    pub component: Component,
}

/// A part of an event. A leaf has a value, a branch has parts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GroupingComponent)]
pub struct Component {
    /// What it is, such as `frame` or `function`.
    pub id: &'static str,
    /// Whether it is part of the hash.
    pub contributes: bool,
    /// Which exception or thread of the event it is, from 0. A stack trace has a part for each of its frames.
    pub place: Option<u16>,
    /// Why it is not part of the hash, or what was done to it.
    pub hint: Option<String>,
    /// The text of a leaf.
    pub value: Option<String>,
    /// The parts of a branch.
    #[schema(no_recursion)]
    pub parts: Vec<Component>,
}
