//! What a member wants to be told of by e-mail.

use serde::{Deserialize, Serialize};

/// What a member wants to be told of by e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// Which alerts.
    pub alerts: WantedAlerts,
    /// How often a digest.
    pub digest: DigestEvery,
    /// The hour of the day at which digests come, 0 to 23; weekly ones on Mondays.
    pub hour: u8,
    /// Where that hour is meant: the name of a zone in the IANA database, such as `Europe/Berlin`.
    pub zone: String,
}

impl Default for Preferences {
    /// Who never said anything is told of all, and gets a digest on Monday mornings.
    fn default() -> Self {
        Self {
            alerts: WantedAlerts::All,
            digest: DigestEvery::Weekly,
            hour: 9,
            zone: "UTC".into(),
        }
    }
}

/// Which of the alerts that are for them a member wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WantedAlerts {
    /// All.
    All,
    /// Those about issues that are given to them, or that they subscribed to.
    Mine,
    /// None.
    None,
}

/// How often a digest comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DigestEvery {
    /// Never.
    Off,
    /// Every day.
    Daily,
    /// Every Monday.
    Weekly,
}

/// Signs the links with which people unsubscribe without signing in: drawn at random once, kept for ever.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningKey(pub [u8; 32]);

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey(…)")
    }
}
