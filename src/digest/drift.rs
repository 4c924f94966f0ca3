//! How wrong the clock of a client is.

use jiff::{SignedDuration, Timestamp};

/// Difference of the clocks that is not worth correcting: it is the time that sending takes.
pub(super) const TOLERANCE: SignedDuration = SignedDuration::from_secs(60);

/// What must be added to a client's times: none when its clock is about right, or it does not say what it shows.
pub(super) fn drift(sent_at: Option<Timestamp>, received: Timestamp) -> Option<SignedDuration> {
    sent_at
        .map(|sent_at| received.duration_since(sent_at))
        .filter(|drift| drift.abs() > TOLERANCE)
}
