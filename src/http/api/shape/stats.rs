//! Counts over time.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// The counts of one issue.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssueSeries {
    /// Start of the first interval.
    pub start: Timestamp,
    /// End of the last one.
    pub end: Timestamp,
    /// `1h` or `1d`.
    pub interval: &'static str,
    /// Start of each interval in Unix seconds, and the count in it, zeros included.
    pub series: Vec<(i64, u64)>,
}

/// What became of everything that arrived in a period.
#[derive(Debug, Serialize, ToSchema)]
pub struct Outcomes {
    /// Start of the first interval.
    pub start: Timestamp,
    /// End of the last one.
    pub end: Timestamp,
    /// Start of each interval.
    pub intervals: Vec<Timestamp>,
    /// One group a combination of the `groupBy` values.
    pub groups: Vec<OutcomeGroup>,
    /// Items received in the period: the sum of all outcomes, apart from those in bytes, and of what is pending.
    pub received: u64,
    /// Accepted items that are not digested yet, now.
    pub pending: u64,
}

/// The quantities of one combination of `groupBy` values.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutcomeGroup {
    /// The combination, for example `{"outcome":"accepted"}`.
    pub by: BTreeMap<&'static str, String>,
    /// Over the period.
    pub totals: Counts,
    /// By interval.
    pub series: Series,
}

/// A sum of quantities.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counts {
    /// Items.
    #[serde(rename = "sum(quantity)")]
    pub quantity: u64,
}

/// A sum of quantities in each interval.
#[derive(Debug, Serialize, ToSchema)]
pub struct Series {
    /// Items, in the order of `intervals`.
    #[serde(rename = "sum(quantity)")]
    pub quantity: Vec<u64>,
}
