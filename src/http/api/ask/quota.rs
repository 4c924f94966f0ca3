//! What is asked of rate limits and quotas.

use serde::Deserialize;
use utoipa::ToSchema;

/// How much may be sent in a window.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = EditQuota)]
pub struct Quota {
    /// Data categories that are counted together; empty: every item counts one.
    #[serde(default)]
    pub categories: Vec<String>,
    /// `minute`, `hour`, `day` or `month`, as the calendar has them in UTC.
    pub window: String,
    /// How much: bytes for categories that are counted in bytes.
    pub count: u64,
}

/// How many items may be sent in a window.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = EditRateLimit)]
pub struct RateLimit {
    /// 60, 3600, 86400 or 2592000 seconds: the minute, hour, day or month of the calendar, in UTC.
    pub window: u64,
    /// How many items.
    pub count: u64,
}

/// Changes to what the keys of a project may send together; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EditQuotas {
    /// All of them: those that are not named any more go.
    pub quotas: Option<Vec<Quota>>,
    /// Whether it is held to a multiple of what it usually sends.
    pub spike_protection: Option<bool>,
}
