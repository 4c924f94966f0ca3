//! Expand: the event that an item holds.

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::super::Origin;
use crate::protocol::envelope::{Item, ItemType};
use crate::protocol::event::Event;
use crate::protocol::ids::EventId;
use crate::protocol::security;

/// Reads the payload. The id in the header of the envelope wins. The error is the reason of an outcome.
pub(super) fn expand(item: &Item, origin: &Origin<'_>) -> Result<(EventId, Event), &'static str> {
    let mut event = match item.ty() {
        ItemType::RawSecurity => report(item, origin)?,
        _ => Event::parse(&item.payload).map_err(|_| "invalid_event")?,
    };
    let id = origin
        .headers
        .event_id
        .or(event.event_id)
        .unwrap_or_else(|| id_of(&item.payload));
    event.event_id = Some(id);
    Ok((id, event))
}

/// The event of a browser's report, whose name stands in the request.
fn report(item: &Item, origin: &Origin<'_>) -> Result<Event, &'static str> {
    let header = |key: &str| item.headers.other.get(key).and_then(Value::as_str);
    let event = security::event(
        &item.payload,
        header("sentry_release"),
        header("sentry_environment"),
    );
    let mut event = event.map_err(|_| "invalid_report")?;
    let request = event.request.get_or_insert_default();
    if let (None, Some(user_agent)) = (request.header("User-Agent"), &origin.head.user_agent) {
        request.headers.push("User-Agent", user_agent);
    }
    Ok(event)
}

/// An id that depends on nothing but the payload, so that digesting it again gives the same event.
fn id_of(payload: &[u8]) -> EventId {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&Sha256::digest(payload)[..16]);
    Uuid::from_bytes(bytes).into()
}
