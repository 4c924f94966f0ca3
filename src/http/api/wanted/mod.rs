//! What people want to be told of and where, and how much they let in, from a body to the words of `alerts` and `model`.
//! Pure: it looks nothing up, and whether a thing makes sense is decided there.

mod channel;
mod limits;
mod rule;

use serde::de::DeserializeOwned;
use serde_json::Value;

pub(super) use channel::{channel, masked};
pub(super) use limits::{limits, with_rate_limit};
pub(super) use rule::{Around, rule};

use super::ask::EditNotifications;
use crate::http::error::ApiError;
use crate::model::alert::{DigestEvery, Preferences, WantedAlerts};

/// The longest text of ours about what a client sent, in characters: it may quote it.
const MAX_FAULT: usize = 300;

/// What is wrong with a body: field by field, under the names that they have there.
#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn add(&mut self, field: &str, what: &str) {
        let fault = format!("{field}: {what}");
        self.0.push(fault.chars().take(MAX_FAULT).collect());
    }

    /// What `value`, at `field`, says as a `T`.
    fn read<T: DeserializeOwned>(&mut self, field: &str, value: Value) -> Option<T> {
        let read = serde_json::from_value(value);
        read.map_err(|fault| self.add(field, &fault.to_string())).ok()
    }

    /// A refusal of `what` was to be kept, if there is any fault.
    fn end(self, what: &str) -> Result<(), ApiError> {
        match self.0.is_empty() {
            true => Ok(()),
            false => Err(ApiError::refused(format!("The {what} cannot be kept."), self.0)),
        }
    }
}

/// What a member wants, after what they asked to be changed.
pub(super) fn preferences(mut kept: Preferences, asked: EditNotifications) -> Result<Preferences, ApiError> {
    let mut faults = Faults::default();
    if let Some(name) = asked.alerts {
        match WANTED.iter().find(|(known, _)| *known == name) {
            Some((_, wanted)) => kept.alerts = *wanted,
            None => faults.add("alerts", "is all, mine or none"),
        }
    }
    if let Some(name) = asked.digest {
        match EVERY.iter().find(|(known, _)| *known == name) {
            Some((_, every)) => kept.digest = *every,
            None => faults.add("digest", "is off, daily or weekly"),
        }
    }
    kept.hour = asked.hour.unwrap_or(kept.hour);
    kept.zone = asked.zone.unwrap_or(kept.zone);
    faults.end("notifications")?;
    Ok(kept)
}

/// Which alerts a member may want, by name.
pub(super) const WANTED: [(&str, WantedAlerts); 3] = [
    ("all", WantedAlerts::All),
    ("mine", WantedAlerts::Mine),
    ("none", WantedAlerts::None),
];

/// How often a digest may come, by name.
pub(super) const EVERY: [(&str, DigestEvery); 3] = [
    ("off", DigestEvery::Off),
    ("daily", DigestEvery::Daily),
    ("weekly", DigestEvery::Weekly),
];
