//! The first line of an envelope.
//!
//! Every header is optional, and one that makes no sense is treated as absent: it never costs the
//! items.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::protocol::ids::EventId;
use crate::protocol::timestamp;

/// What holds for all items of an envelope.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Headers {
    /// The event that the items belong to; wins over an id in the payload.
    pub event_id: Option<EventId>,
    /// The data source name, as it was sent. Through a tunnel it is all the authentication there is.
    pub dsn: Option<String>,
    /// When the client sent this by its own clock: the difference to ours is its drift.
    pub sent_at: Option<Timestamp>,
    /// Everything else: `sdk`, `trace` and whatever comes.
    pub other: Map<String, Value>,
}

impl Headers {
    /// Sorts the members of the header object; cannot fail.
    pub(super) fn read(mut object: Map<String, Value>) -> Self {
        let event_id = object
            .remove("event_id")
            .and_then(|value| value.as_str()?.parse().ok());
        let sent_at = object.remove("sent_at").and_then(|value| timestamp::read(&value));
        let dsn = match object.remove("dsn") {
            Some(Value::String(dsn)) => Some(dsn),
            _ => None,
        };
        Self {
            event_id,
            dsn,
            sent_at,
            other: object,
        }
    }

    /// The header object.
    pub(super) fn write(&self) -> Map<String, Value> {
        let mut object = self.other.clone();
        let mut put = |key: &str, value: Option<String>| {
            if let Some(value) = value {
                object.insert(key.to_owned(), value.into());
            }
        };
        put("event_id", self.event_id.map(|id| id.to_string()));
        put("dsn", self.dsn.clone());
        put("sent_at", self.sent_at.map(|at| at.to_string()));
        object
    }
}
