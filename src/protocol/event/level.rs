//! Levels and types of events.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::read::Place;

/// How bad an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// For developers.
    Debug,
    /// For the record.
    Info,
    /// Something is odd.
    Warning,
    /// Something failed.
    Error,
    /// The program ended.
    Fatal,
}

impl Level {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }

    pub(crate) fn read(value: Value, at: &mut Place) -> Option<Self> {
        let level = match &value {
            Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
            // The levels of Python's logging.
            Value::Number(number) => match number.as_u64() {
                Some(10) => Some(Self::Debug),
                Some(20) => Some(Self::Info),
                Some(30) => Some(Self::Warning),
                Some(40) => Some(Self::Error),
                Some(50) => Some(Self::Fatal),
                _ => None,
            },
            _ => None,
        };
        level.or_else(|| at.invalid("expected a level"))
    }
}

/// A name that is no level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown level")]
pub struct UnknownLevel;

impl FromStr for Level {
    type Err = UnknownLevel;

    fn from_str(name: &str) -> Result<Self, UnknownLevel> {
        match name {
            "debug" | "10" => Ok(Self::Debug),
            "info" | "log" | "20" => Ok(Self::Info),
            "warning" | "warn" | "30" => Ok(Self::Warning),
            "error" | "40" => Ok(Self::Error),
            "fatal" | "critical" | "50" => Ok(Self::Fatal),
            _ => Err(UnknownLevel),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn levels_have_many_names() {
        let mut at = Place::default();
        for (value, level) in [
            (json!("log"), Some(Level::Info)),
            (json!("Critical"), Some(Level::Fatal)),
            (json!("warn"), Some(Level::Warning)),
            (json!(40), Some(Level::Error)),
            (json!("bad"), None),
            (json!(7), None),
        ] {
            assert_eq!(Level::read(value.clone(), &mut at), level, "{value}");
        }
        for level in [
            Level::Debug,
            Level::Info,
            Level::Warning,
            Level::Error,
            Level::Fatal,
        ] {
            assert_eq!(level.as_str().parse(), Ok(level));
        }
    }
}
