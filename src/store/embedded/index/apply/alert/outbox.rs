//! Messages on their way: when they are due, and what became of them.

use crate::model::alert::delivery::Cargo;
use crate::model::alert::{Attempt, Delivery, DeliveryId, DeliveryState, Fared, Recipient};
use crate::store::embedded::index::alerts::{
    dead_key, delivery_key, destination_key, due_key, fared_key, firing_deliveries_key,
};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::Meta;
use crate::store::{NewDelivery, Result, Tried};

/// Puts a message into the outbox.
pub(super) fn post(
    new: &NewDelivery,
    cargo: Cargo,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    meta.last_delivery += 1;
    meta.posted += 1;
    let delivery = Delivery {
        id: DeliveryId(meta.last_delivery),
        to: new.to.clone(),
        cargo,
        caused: new.caused,
        created: new.created,
        state: DeliveryState::Waiting { next: new.created },
        tries: 0,
        attempts: Vec::new(),
    };
    if let Cargo::Firings(firings) = &delivery.cargo {
        for firing in firings {
            overlay.put(firing_deliveries_key(*firing).number(delivery.id.0), &())?;
        }
    }
    put(&delivery, overlay)
}

/// Keeps what became of a try.
pub(in crate::store::embedded::index::apply) fn tried(
    tried: &Tried,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let Some(mut delivery) = overlay.get::<Delivery>(&delivery_key(tried.delivery))? else {
        return Ok(());
    };
    if delivery.created != tried.created {
        return Ok(());
    }
    unlist(&delivery, overlay);
    match &tried.attempt {
        Some(attempt) if delivery.attempts.iter().any(|known| known.time == attempt.time) => {
            return put(&delivery, overlay);
        }
        Some(attempt) => {
            delivery.tries += 1;
            fare(&delivery, attempt, tried.state, overlay)?;
            let mut attempt = attempt.clone();
            let end = attempt.answer.floor_char_boundary(Attempt::MAX_ANSWER);
            attempt.answer.truncate(end);
            delivery.attempts.push(attempt);
            let superfluous = delivery.attempts.len().saturating_sub(Delivery::MAX_ATTEMPTS);
            delivery.attempts.drain(..superfluous);
        }
        None => {
            delivery.tries = 0;
            meta.posted += 1;
        }
    }
    delivery.state = tried.state;
    put(&delivery, overlay)
}

/// Notes how the destination of a message fares.
fn fare(
    delivery: &Delivery,
    attempt: &Attempt,
    state: DeliveryState,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let Recipient::Destination(id) = delivery.to else {
        return Ok(());
    };
    if !overlay.has(&destination_key(id))? {
        return Ok(());
    }
    let fared = overlay.get::<Fared>(&fared_key(id))?.unwrap_or_default();
    overlay.put(fared_key(id), &fared.and(attempt.time, state))
}

/// Forgets a message.
pub(super) fn forget(delivery: &Delivery, overlay: &mut Overlay<'_>) {
    unlist(delivery, overlay);
    if let Cargo::Firings(firings) = &delivery.cargo {
        for firing in firings {
            overlay.remove(firing_deliveries_key(*firing).number(delivery.id.0));
        }
    }
    overlay.remove(delivery_key(delivery.id));
}

fn put(delivery: &Delivery, overlay: &mut Overlay<'_>) -> Result<()> {
    match delivery.state {
        DeliveryState::Waiting { next } => overlay.put(due_key(delivery, next), &())?,
        _ if delivery.is_undelivered() => overlay.put(dead_key(delivery.id), &())?,
        _ => {}
    }
    overlay.put(delivery_key(delivery.id), delivery)
}

/// Takes it off the lists that its state put it on.
fn unlist(delivery: &Delivery, overlay: &mut Overlay<'_>) {
    match delivery.state {
        DeliveryState::Waiting { next } => overlay.remove(due_key(delivery, next)),
        _ if delivery.is_undelivered() => overlay.remove(dead_key(delivery.id)),
        _ => {}
    }
}
