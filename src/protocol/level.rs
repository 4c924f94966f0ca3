//! How severe an event is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Severity, in ascending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// For developers only.
    Debug,
    /// Nothing is wrong.
    Info,
    /// Something may be wrong.
    Warning,
    /// Something went wrong; what an event has that does not say.
    #[default]
    Error,
    /// The program could not go on.
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

    /// The level of a number of Python's `logging`, 10 to 50.
    pub const fn from_number(number: u64) -> Option<Self> {
        match number {
            10 => Some(Self::Debug),
            20 => Some(Self::Info),
            30 => Some(Self::Warning),
            40 => Some(Self::Error),
            50 => Some(Self::Fatal),
            _ => None,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What was given is no level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected one of debug, info, warning, error, fatal")]
pub struct NotALevel;

impl FromStr for Level {
    type Err = NotALevel;

    /// Reads a level in any case, under the names that SDKs use: `log` is what JavaScript's console says for info,
    /// `critical` is Python's fatal.
    fn from_str(text: &str) -> Result<Self, NotALevel> {
        match text.to_ascii_lowercase().as_str() {
            "debug" => Ok(Self::Debug),
            "info" | "log" => Ok(Self::Info),
            "warning" | "warn" => Ok(Self::Warning),
            "error" => Ok(Self::Error),
            "fatal" | "critical" => Ok(Self::Fatal),
            other => other.parse().ok().and_then(Self::from_number).ok_or(NotALevel),
        }
    }
}
