//! Normalize: what the client left out and the request tells.
//!
//! Nothing that the client said is overruled, except a wrong clock.

mod address;
mod time;
mod user_agent;

use super::super::Origin;
use crate::protocol::event::Event;
use crate::protocol::level::Level;

/// Completes an event.
pub(super) fn normalize(event: &mut Event, origin: &Origin<'_>) {
    event.level.get_or_insert(Level::Error);
    event.platform.get_or_insert_with(|| "other".to_owned());
    time::normalize(event, origin.headers.sent_at, origin.head.received);
    address::normalize(event, origin.head.client_ip);
    user_agent::normalize(event);
}
