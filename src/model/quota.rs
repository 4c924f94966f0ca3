//! Rate limits and quotas: how much of what is taken in a window, for a key or for a project.
//!
//! Windows are those of the calendar, in UTC: a minute ends with its 60th second, a month with its last day. What counts
//! is what was accepted, whatever became of it later.

mod rules;
mod usage;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

pub use rules::{Rule, Rules, Spike};
pub use usage::{Charge, Usage, coalesced};

use crate::protocol::category::DataCategory;
use crate::protocol::ids::PublicKey;
use crate::protocol::rate_limit::Scope;

/// How long what is counted is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// A minute of the clock.
    Minute,
    /// An hour of the clock.
    Hour,
    /// A day of UTC.
    Day,
    /// A month of UTC.
    Month,
}

impl Window {
    /// All of them, the shortest first.
    pub const ALL: [Self; 4] = [Self::Minute, Self::Hour, Self::Day, Self::Month];

    /// About how long it is; what the API calls it by.
    pub fn seconds(self) -> u64 {
        match self {
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => 86_400,
            Self::Month => 2_592_000,
        }
    }

    /// Its name on pages and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
        }
    }

    /// Which one `time` is in: they are numbered.
    pub fn number(self, time: Timestamp) -> i64 {
        match self {
            Self::Month => {
                let date = date(time);
                i64::from(date.year()) * 12 + i64::from(date.month()) - 1
            }
            _ => time.as_second().div_euclid(self.seconds() as i64),
        }
    }

    /// When the one that `time` is in is over.
    pub fn end(self, time: Timestamp) -> Timestamp {
        let end = match self {
            Self::Month => {
                let after = date(time).last_of_month().tomorrow().ok();
                let midnight = after.and_then(|date| date.to_zoned(TimeZone::UTC).ok());
                midnight.map(|midnight| midnight.timestamp())
            }
            _ => Timestamp::from_second((self.number(time) + 1) * self.seconds() as i64).ok(),
        };
        end.unwrap_or(Timestamp::MAX)
    }
}

fn date(time: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(time).date()
}

/// How much is taken in a window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// What is counted together; when empty every item, of whatever kind, counts one.
    pub categories: Vec<DataCategory>,
    /// In which time.
    pub window: Window,
    /// How much: bytes for categories that are counted in bytes.
    pub count: u64,
}

impl Limit {
    /// How much of what it counts is in these amounts.
    pub fn measure<'a>(&self, amounts: impl IntoIterator<Item = &'a (DataCategory, u64)>) -> u64 {
        let counts = |category: &DataCategory| match self.categories.is_empty() {
            // Bytes are no items. What the machinery says of itself takes nobody's place, but waits with the rest.
            true => !category.is_bytes() && *category != DataCategory::Internal,
            false => self.categories.contains(category),
        };
        let counted = amounts.into_iter().filter(|(category, _)| counts(category));
        counted.fold(0, |sum, (_, amount)| sum.saturating_add(*amount))
    }

    /// Whether it says something of such an item.
    fn concerns(&self, amounts: &[(DataCategory, u64)]) -> bool {
        self.categories.is_empty()
            || amounts
                .iter()
                .any(|(category, _)| self.categories.contains(category))
    }
}

/// What owners and admins allow a project and its keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectLimits {
    /// For all keys together.
    pub project: Vec<Limit>,
    /// For each key that has limits of its own.
    pub keys: Vec<(PublicKey, Vec<Limit>)>,
    /// Whether it is held to a multiple of what it usually sends.
    pub spike_protection: bool,
}

impl Default for ProjectLimits {
    fn default() -> Self {
        Self {
            project: Vec::new(),
            keys: Vec::new(),
            spike_protection: true,
        }
    }
}

impl ProjectLimits {
    /// The most limits of a project, or of a key.
    pub const MAX: usize = 20;

    /// Those of one key alone.
    pub fn of_key(&self, key: PublicKey) -> &[Limit] {
        let found = self.keys.iter().find(|(public, _)| *public == key);
        found.map(|(_, limits)| &limits[..]).unwrap_or_default()
    }

    /// Sets those of one key.
    pub fn set_key(&mut self, key: PublicKey, limits: Vec<Limit>) {
        self.keys.retain(|(public, _)| *public != key);
        if !limits.is_empty() {
            self.keys.push((key, limits));
        }
    }
}

/// Why something is limited, as outcomes and clients read it.
fn reason(scope: Scope, window: Window) -> &'static str {
    match (scope, window) {
        (Scope::Key, Window::Minute) => "key_per_minute",
        (Scope::Key, Window::Hour) => "key_per_hour",
        (Scope::Key, Window::Day) => "key_per_day",
        (Scope::Key, Window::Month) => "key_per_month",
        (_, Window::Minute) => "project_per_minute",
        (_, Window::Hour) => "project_per_hour",
        (_, Window::Day) => "project_per_day",
        (_, Window::Month) => "project_per_month",
    }
}

#[cfg(test)]
mod tests;
