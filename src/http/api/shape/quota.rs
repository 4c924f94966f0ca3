//! Rate limits and quotas.

use serde::Serialize;
use utoipa::ToSchema;

/// How much may be sent in a window.
#[derive(Debug, Serialize, ToSchema)]
pub struct Quota {
    /// Data categories that are counted together; empty: every item counts one.
    pub categories: Vec<&'static str>,
    /// `minute`, `hour`, `day` or `month`, as the calendar has them in UTC.
    pub window: &'static str,
    /// How much: bytes for categories that are counted in bytes.
    pub count: u64,
}

/// How many items may be sent in a window.
#[derive(Debug, Serialize, ToSchema)]
pub struct RateLimit {
    /// 60, 3600, 86400 or 2592000 seconds: the minute, hour, day or month of the calendar, in UTC.
    pub window: u64,
    /// How many items.
    pub count: u64,
}

/// What the keys of a project may send together.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectQuotas {
    /// How much.
    pub quotas: Vec<Quota>,
    /// Whether it is held to a multiple of what it usually sends.
    pub spike_protection: bool,
}
