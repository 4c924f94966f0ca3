//! Stretches of time as clients ask for them: `statsPeriod=24h`, or `start` and `end`. Pure.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::ask::Period;
use crate::http::error::ApiError;
use crate::model::TimeRange;
use crate::model::timeline::{DAY, HOUR};

/// Beyond this many seconds a series is by day unless asked otherwise.
const HOURLY: i64 = 3 * DAY;
/// The longest period, in days.
const MAX_DAYS: i64 = 3_660;

/// A stretch of time with the name that answers give it, and the step of a series over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    /// The `statsPeriod` as it was asked, or `auto`.
    pub(super) name: String,
    /// From a whole step to a whole step.
    pub(super) range: TimeRange,
    /// Seconds of a bucket: an hour or a day.
    pub(super) step: i64,
}

impl Span {
    /// What is `asked` for; none when nothing is asked, or `auto`. `step` forces a step.
    pub(super) fn read(asked: &Period, step: Option<i64>, now: Timestamp) -> Result<Option<Self>, ApiError> {
        let (start, end) = (asked.start.as_deref(), asked.end.as_deref());
        if let Some(text) = asked
            .stats_period
            .as_deref()
            .filter(|text| !matches!(*text, "" | "auto"))
        {
            return Self::last(text, step, now).map(Some);
        }
        if start.is_none() && end.is_none() {
            return Ok(None);
        }
        let end = end.map_or(Ok(now), |text| time("end", text))?;
        let month = SignedDuration::from_hours(30 * 24);
        let start = start.map_or(Ok(end.saturating_sub(month).unwrap_or(Timestamp::MIN)), |text| {
            time("start", text)
        })?;
        if start >= end {
            return Err(ApiError::bad_request("start is not before end."));
        }
        let step = step.unwrap_or(usual_step(end.as_second() - start.as_second()));
        Ok(Some(Self {
            name: "auto".to_owned(),
            range: TimeRange { start, end },
            step,
        }))
    }

    /// The span of a `statsPeriod` that ends now.
    pub(super) fn last(period: &str, step: Option<i64>, now: Timestamp) -> Result<Self, ApiError> {
        let seconds = seconds(period).ok_or_else(|| {
            ApiError::bad_request("statsPeriod is a number and a unit, such as 24h or 14d.")
        })?;
        let step = step.unwrap_or(usual_step(seconds));
        Ok(Self {
            name: period.to_owned(),
            range: TimeRange::last(seconds.max(step), step, now),
            step,
        })
    }

    /// The step's name on the API.
    pub(super) fn interval(&self) -> &'static str {
        if self.step == HOUR { "1h" } else { "1d" }
    }
}

/// The step that `interval` names.
pub(super) fn step(interval: Option<&str>) -> Result<Option<i64>, ApiError> {
    match interval {
        None => Ok(None),
        Some("1h") => Ok(Some(HOUR)),
        Some("1d" | "24h") => Ok(Some(DAY)),
        Some(_) => Err(ApiError::bad_request("interval is 1h or 1d.")),
    }
}

fn usual_step(seconds: i64) -> i64 {
    if seconds <= HOURLY { HOUR } else { DAY }
}

fn seconds(period: &str) -> Option<i64> {
    let (number, unit) = period.split_at_checked(period.len().checked_sub(1)?)?;
    let unit = match unit {
        "s" => 1,
        "m" => 60,
        "h" => HOUR,
        "d" => DAY,
        "w" => 7 * DAY,
        _ => return None,
    };
    let seconds = number
        .parse::<u32>()
        .ok()
        .map(|number| i64::from(number) * unit)?;
    (1..=MAX_DAYS * DAY).contains(&seconds).then_some(seconds)
}

/// RFC 3339, or a civil time that is taken as UTC, or a date: the value of `field`.
pub(super) fn time(field: &str, text: &str) -> Result<Timestamp, ApiError> {
    let civil = || {
        text.parse::<DateTime>()
            .ok()?
            .to_zoned(TimeZone::UTC)
            .ok()
            .map(|zoned| zoned.timestamp())
    };
    let found = text.parse::<Timestamp>().ok().or_else(civil);
    found.ok_or_else(|| ApiError::bad_request(format!("{field} is a time such as 2026-03-01T10:20:00Z.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-03-01T10:20:00Z";

    fn read(period: Option<&str>, start: Option<&str>, end: Option<&str>) -> Result<Option<Span>, ApiError> {
        let asked = Period {
            stats_period: period.map(str::to_owned),
            start: start.map(str::to_owned),
            end: end.map(str::to_owned),
        };
        Span::read(&asked, None, NOW.parse().unwrap())
    }

    #[test]
    fn a_period_ends_with_the_running_hour_or_day() {
        for (period, start, end, interval) in [
            ("24h", "2026-02-28T11:00:00Z", "2026-03-01T11:00:00Z", "1h"),
            ("14d", "2026-02-16T00:00:00Z", "2026-03-02T00:00:00Z", "1d"),
            ("2w", "2026-02-16T00:00:00Z", "2026-03-02T00:00:00Z", "1d"),
            ("5m", "2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z", "1h"),
        ] {
            let span = read(Some(period), None, None).unwrap().unwrap();
            assert_eq!(span.range.start, start.parse().unwrap(), "{period}");
            assert_eq!(
                (span.range.end, span.interval()),
                (end.parse().unwrap(), interval),
                "{period}"
            );
        }
    }

    #[test]
    fn start_and_end_are_read_in_every_spelling() {
        for start in [
            "2026-02-01T00:00:00Z",
            "2026-02-01T00:00:00",
            "2026-02-01",
            "2026-02-01T01:00:00+01:00",
        ] {
            let span = read(None, Some(start), Some(NOW)).unwrap().unwrap();
            assert_eq!(
                span.range.start,
                "2026-02-01T00:00:00Z".parse().unwrap(),
                "{start}"
            );
        }
        assert_eq!(read(None, None, None).unwrap(), None);
        assert_eq!(read(Some(""), None, None).unwrap(), None);
        assert_eq!(read(Some("auto"), None, None).unwrap(), None);
    }

    #[test]
    fn nonsense_is_refused() {
        for period in ["h", "24", "-1h", "0d", "1y", "99999999999d", "4294967295w", "1é"] {
            assert!(read(Some(period), None, None).is_err(), "{period}");
        }
        assert!(read(None, Some("yesterday"), None).is_err());
        assert!(read(None, Some(NOW), Some("2026-02-01")).is_err());
        assert!(step(Some("5m")).is_err());
    }
}
