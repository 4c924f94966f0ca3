//! Types of events.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::read::Place;

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventType {
    /// Exceptions.
    Error,
    /// Messages and whatever has no type of its own.
    Default,
    /// A timed operation.
    Transaction,
    /// A violation of a content security policy.
    Csp,
    /// A violation of public key pinning.
    Hpkp,
    /// A violation of certificate transparency.
    ExpectCt,
    /// A violation of certificate stapling.
    ExpectStaple,
    /// Feedback of a user.
    Feedback,
}

impl EventType {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Default => "default",
            Self::Transaction => "transaction",
            Self::Csp => "csp",
            Self::Hpkp => "hpkp",
            Self::ExpectCt => "expectct",
            Self::ExpectStaple => "expectstaple",
            Self::Feedback => "feedback",
        }
    }

    /// Whatever has no name here (sentry-ruby sends `event`) is inferred from the other members, so
    /// that it deserves no remark.
    pub(crate) fn read(value: Value, _at: &mut Place) -> Option<Self> {
        serde_json::from_value(value).ok()
    }
}
