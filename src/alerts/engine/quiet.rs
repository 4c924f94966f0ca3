//! Quiet hours: whether a moment lies in them, and when they end. By the clock on the wall of their zone, also on the
//! days when it is put forward or back.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::model::alert::QuietHours;

/// Quiet hours with their zone looked up.
#[derive(Debug)]
pub(super) struct Quiet {
    from: u16,
    until: u16,
    zone: TimeZone,
}

impl Quiet {
    /// A zone that the database does not know any more is UTC.
    pub(super) fn new(hours: &QuietHours) -> Self {
        Self {
            from: hours.from,
            until: hours.until,
            zone: TimeZone::get(&hours.zone).unwrap_or(TimeZone::UTC),
        }
    }

    /// When they end, if `at` lies in them.
    pub(super) fn end(&self, at: Timestamp) -> Option<Timestamp> {
        let local = at.to_zoned(self.zone.clone()).datetime();
        let minute = u16::from(local.hour().unsigned_abs()) * 60 + u16::from(local.minute().unsigned_abs());
        let is_before = minute < self.until;
        let is_in = match self.from <= self.until {
            true => self.from <= minute && is_before,
            false => self.from <= minute || is_before,
        };
        if !is_in {
            return None;
        }
        let date = match is_before {
            true => local.date(),
            false => local.date().tomorrow().ok()?,
        };
        let time = Time::midnight() + i64::from(self.until).minutes();
        // A time that is left out in spring is taken as the one an hour later.
        let end = date.to_datetime(time).to_zoned(self.zone.clone()).ok()?;
        Some(end.timestamp()).filter(|end| *end > at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(from: u16, until: u16, zone: &str, at: &str) -> Option<String> {
        let hours = QuietHours {
            from,
            until,
            zone: zone.into(),
        };
        let end = Quiet::new(&hours).end(at.parse().unwrap());
        end.map(|end| end.to_string())
    }

    #[test]
    fn quiet_hours_follow_the_clock_on_the_wall() {
        let berlin = |at| end(22 * 60, 7 * 60, "Europe/Berlin", at);
        assert_eq!(berlin("2026-01-15T20:59:59Z"), None);
        assert_eq!(
            berlin("2026-01-15T21:00:00Z").as_deref(),
            Some("2026-01-16T06:00:00Z")
        );
        assert_eq!(
            berlin("2026-01-16T05:59:59Z").as_deref(),
            Some("2026-01-16T06:00:00Z")
        );
        assert_eq!(berlin("2026-01-16T06:00:00Z"), None);
        assert_eq!(
            berlin("2026-07-15T20:00:00Z").as_deref(),
            Some("2026-07-16T05:00:00Z")
        );
        // The night in which clocks go forward, and the one in which they go back.
        assert_eq!(
            berlin("2026-03-28T23:00:00Z").as_deref(),
            Some("2026-03-29T05:00:00Z")
        );
        assert_eq!(
            berlin("2026-10-24T22:00:00Z").as_deref(),
            Some("2026-10-25T06:00:00Z")
        );
    }

    #[test]
    fn they_may_lie_within_a_day() {
        let noon = |at| end(12 * 60, 13 * 60 + 30, "Asia/Kathmandu", at);
        assert_eq!(noon("2026-01-15T06:14:00Z"), None);
        assert_eq!(
            noon("2026-01-15T06:15:00Z").as_deref(),
            Some("2026-01-15T07:45:00Z")
        );
        assert_eq!(noon("2026-01-15T07:45:00Z"), None);
    }

    #[test]
    fn an_end_that_the_clock_leaves_out_comes_later() {
        let gap = end(60, 2 * 60 + 30, "Europe/Berlin", "2026-03-29T00:30:00Z");
        assert_eq!(gap.as_deref(), Some("2026-03-29T01:30:00Z"));
    }

    #[test]
    fn a_zone_that_is_gone_is_utc() {
        let gone = end(0, 60, "Mars/Olympus", "2026-01-15T00:30:00Z");
        assert_eq!(gone.as_deref(), Some("2026-01-15T01:00:00Z"));
    }
}
