//! When an event happened, by our clock.

use jiff::{SignedDuration, Timestamp};

use crate::digest::drift::{TOLERANCE, drift};
use crate::protocol::event::{Event, RemarkKind};

/// Age up to which an event is believed.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Corrects the times of an event by the drift of the client's clock, and puts an event that is still
/// implausible at the time when it was received.
pub(super) fn normalize(event: &mut Event, sent_at: Option<Timestamp>, received: Timestamp) {
    event.received = Some(received);
    if let Some(drift) = drift(sent_at, received) {
        shift(event, drift);
        event.remark(
            RemarkKind::ClockDrift,
            "timestamp",
            "the clock of the client was wrong",
        );
    }
    let timestamp = event.timestamp.unwrap_or(received);
    let age = received.duration_since(timestamp);
    let implausible = match age {
        age if age > MAX_AGE => Some((RemarkKind::PastTimestamp, "older than 30 days")),
        age if age < -TOLERANCE => Some((RemarkKind::FutureTimestamp, "in the future")),
        _ => None,
    };
    if let Some((kind, why)) = implausible {
        event.remark(kind, "timestamp", why);
    }
    event.timestamp = Some(if implausible.is_some() {
        received
    } else {
        timestamp
    });
}

fn shift(event: &mut Event, drift: SignedDuration) {
    let crumbs = event.breadcrumbs.iter_mut().map(|crumb| &mut crumb.timestamp);
    for time in crumbs
        .chain([&mut event.timestamp, &mut event.start_timestamp])
        .flatten()
    {
        *time = time.checked_add(drift).unwrap_or(*time);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn wrong_clocks_are_corrected_and_the_implausible_is_dated_by_its_arrival() {
        let received: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        for (timestamp, sent_at, expected, kind) in [
            (None, None, "2026-11-21T10:00:00Z", None),
            (Some("2026-11-21T09:00:00Z"), None, "2026-11-21T09:00:00Z", None),
            (
                Some("2026-11-21T09:59:00Z"),
                Some("2026-11-21T09:59:30Z"),
                "2026-11-21T09:59:00Z",
                None,
            ),
            (
                Some("2026-11-21T11:59:50Z"),
                Some("2026-11-21T12:00:00Z"),
                "2026-11-21T09:59:50Z",
                Some(RemarkKind::ClockDrift),
            ),
            (
                Some("2001-01-01T00:00:00Z"),
                Some("2001-01-01T00:00:10Z"),
                "2026-11-21T09:59:50Z",
                Some(RemarkKind::ClockDrift),
            ),
            (
                Some("2026-10-01T00:00:00Z"),
                None,
                "2026-11-21T10:00:00Z",
                Some(RemarkKind::PastTimestamp),
            ),
            (Some("2026-11-21T10:00:59Z"), None, "2026-11-21T10:00:59Z", None),
            (
                Some("2026-11-21T10:02:00Z"),
                None,
                "2026-11-21T10:00:00Z",
                Some(RemarkKind::FutureTimestamp),
            ),
        ] {
            let mut event = Event::from_value(json!({"timestamp": timestamp})).unwrap();
            normalize(&mut event, sent_at.map(|text| text.parse().unwrap()), received);
            assert_eq!(
                event.timestamp.unwrap().to_string(),
                expected,
                "{timestamp:?} {sent_at:?}"
            );
            assert_eq!(
                event.errors.first().map(|remark| remark.kind),
                kind,
                "{timestamp:?} {sent_at:?}"
            );
        }
    }

    #[test]
    fn extremes_are_survived() {
        let mut event = Event::from_value(json!({"timestamp": "9999-12-30T22:00:00Z"})).unwrap();
        normalize(&mut event, Some(Timestamp::MIN), Timestamp::MAX);
        normalize(&mut event, Some(Timestamp::MAX), Timestamp::MIN);
    }
}
