//! Messages on their way, and what members want of them.

use crate::http::api::shape::{AlertDelivery, DeliveryAttempt, DeliveryRecipient, Notifications};
use crate::http::api::wanted::{EVERY, WANTED};
use crate::model::User;
use crate::model::alert::delivery::Cargo;
use crate::model::alert::{Attempt, Delivery, DeliveryState, Destination, Preferences, Recipient};

/// Whom messages may be for.
pub(in crate::http::api) struct Recipients {
    /// All members.
    pub(in crate::http::api) people: Vec<User>,
    /// All destinations.
    pub(in crate::http::api) destinations: Vec<Destination>,
}

/// A delivery.
pub(in crate::http::api) fn delivery(kept: &Delivery, recipients: &Recipients) -> AlertDelivery {
    let (cargo, firings) = match &kept.cargo {
        Cargo::Firings(ids) => ("firings", ids.iter().map(|id| id.0.to_string()).collect()),
        Cargo::Digest { .. } => ("digest", Vec::new()),
        Cargo::Notice(_) => ("notice", Vec::new()),
    };
    let (state, next_try) = match kept.state {
        DeliveryState::Waiting { next } => ("waiting", Some(next)),
        DeliveryState::Delivered => ("delivered", None),
        DeliveryState::Dead => ("dead", None),
        DeliveryState::Dropped => ("dropped", None),
    };
    AlertDelivery {
        id: kept.id.0.to_string(),
        to: recipient(&kept.to, recipients),
        cargo,
        firings,
        date_caused: kept.caused,
        date_created: kept.created,
        state,
        next_try,
        tries: kept.tries,
        attempts: kept.attempts.iter().map(attempt).collect(),
        latency_millis: latency(kept),
    }
}

/// What a member wants.
pub(in crate::http::api) fn notifications(kept: &Preferences) -> Notifications {
    let alerts = WANTED.iter().find(|(_, wanted)| *wanted == kept.alerts);
    let digest = EVERY.iter().find(|(_, every)| *every == kept.digest);
    Notifications {
        alerts: alerts.map_or("all", |(name, _)| name),
        digest: digest.map_or("weekly", |(name, _)| name),
        hour: kept.hour,
        zone: kept.zone.clone(),
    }
}

fn recipient(to: &Recipient, recipients: &Recipients) -> DeliveryRecipient {
    match to {
        Recipient::Member(id) => {
            let member = recipients.people.iter().find(|it| it.id == *id);
            DeliveryRecipient::Member {
                id: id.0.to_string(),
                name: member.map(|it| it.name.clone()),
            }
        }
        Recipient::Destination(id) => {
            let place = recipients.destinations.iter().find(|it| it.id == *id);
            DeliveryRecipient::Destination {
                id: id.0.to_string(),
                name: place.map(|it| it.name.clone()),
                channel: place.map(|it| it.channel.name()),
            }
        }
    }
}

fn attempt(kept: &Attempt) -> DeliveryAttempt {
    DeliveryAttempt {
        date: kept.time,
        millis: kept.millis,
        status: kept.status,
        answer: kept.answer.clone(),
    }
}

/// From what caused it until the end of the try that was taken.
fn latency(kept: &Delivery) -> Option<u64> {
    let taken = kept
        .attempts
        .last()
        .filter(|_| kept.state == DeliveryState::Delivered)?;
    let waited = taken.time.duration_since(kept.caused).as_millis();
    Some(
        u64::try_from(waited)
            .unwrap_or_default()
            .saturating_add(taken.millis),
    )
}
