//! Normalize: when sessions happened, by our clock.
//!
//! A session is counted in the hour in which it began. Unlike an event, one that cannot have been then is not put where
//! it could be: it would be counted in a place of which nothing is known.

use jiff::{SignedDuration, Timestamp};

use super::super::Origin;
use super::super::drift::{TOLERANCE, drift};
use super::expand::Sent;

/// Age up to which a session is believed, and up to which its updates are recognised.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(5 * 24);
/// The reason of those that are not.
const OUT_OF_RANGE: &str = "timestamp_out_of_range";

/// Corrects the times by the drift of the client's clock, numbers the updates of a client that does not, and refuses
/// what cannot have been.
pub(super) fn normalize(mut sent: Sent, origin: &Origin<'_>) -> Result<Sent, &'static str> {
    let received = origin.head.received;
    let drift = drift(origin.headers.sent_at, received).unwrap_or_default();
    let by_our_clock = |time: Timestamp| -> Result<Timestamp, &'static str> {
        let time = time.checked_add(drift).map_err(|_| OUT_OF_RANGE)?;
        let age = received.duration_since(time);
        if age > MAX_AGE || age < -TOLERANCE {
            return Err(OUT_OF_RANGE);
        }
        Ok(time)
    };
    match &mut sent {
        Sent::One(update) => {
            // The client's own clock orders its updates, however wrong it is and whenever they arrive.
            let said = update.timestamp.unwrap_or(received);
            update
                .sequence
                .get_or_insert(u64::try_from(said.as_millisecond()).unwrap_or_default());
            update.started = by_our_clock(update.started)?;
            update.timestamp = update.timestamp.map(by_our_clock).transpose()?;
        }
        Sent::Many(groups, _) => {
            groups.retain_mut(|group| match by_our_clock(group.started) {
                Ok(time) => {
                    group.started = time;
                    true
                }
                Err(_) => false,
            });
            if groups.is_empty() {
                return Err(OUT_OF_RANGE);
            }
        }
    }
    Ok(sent)
}
