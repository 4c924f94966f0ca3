//! Expand: the sessions that an item holds.

use crate::protocol::envelope::{Item, ItemType};
use crate::protocol::session::{self, SessionAttributes, SessionGroup, SessionUpdate};

/// What was sent.
pub(super) enum Sent {
    /// One session as it stands.
    One(SessionUpdate),
    /// Counts of some that ended.
    Many(Vec<SessionGroup>, SessionAttributes),
}

/// Reads the payload. The error is the reason of an outcome.
pub(super) fn expand(item: &Item) -> Result<Sent, &'static str> {
    let sent = match item.ty() {
        ItemType::Sessions => {
            session::groups(&item.payload).map(|(groups, attributes)| Sent::Many(groups, attributes))
        }
        _ => session::update(&item.payload).map(Sent::One),
    };
    sent.map_err(|error| match error {
        session::Error::NotASession => "invalid_session",
        session::Error::Started => "invalid_started",
        session::Error::Status => "invalid_status",
        session::Error::Release => "invalid_release",
    })
}
