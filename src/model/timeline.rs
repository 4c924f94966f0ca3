//! Counts over time: whole hours of UTC, the finest step that is kept.

use jiff::Timestamp;

/// Seconds in an hour.
pub const HOUR: i64 = 3_600;
/// Seconds in a day.
pub const DAY: i64 = 86_400;

/// A half-open span of time, `start..end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeRange {
    /// The first moment that belongs to it.
    pub start: Timestamp,
    /// The first moment that does not.
    pub end: Timestamp,
}

impl TimeRange {
    /// The span of `seconds` that ends with the whole step in which `now` lies, begun at a whole step, so that
    /// a chart of it has full buckets and the newest one is the running one. `step` is in seconds.
    pub fn last(seconds: i64, step: i64, now: Timestamp) -> Self {
        let end = (now.as_second().div_euclid(step) + 1) * step;
        Self {
            start: at(end - seconds),
            end: at(end),
        }
    }

    /// Whether `time` lies in it.
    pub fn contains(&self, time: Timestamp) -> bool {
        self.start <= time && time < self.end
    }
}

/// Counts by hour: `(start of the hour in Unix seconds, count)`, in order, hours without a count left out.
pub type Hours = Vec<(i64, u64)>;

/// A series with a bucket for every step of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// `(start of the bucket in Unix seconds, count)`, without gaps.
    pub buckets: Vec<(i64, u64)>,
}

impl Timeline {
    /// Sums `hours` into buckets of `step` seconds over `range`. A range of unreasonable length gives the newest
    /// `MAX_BUCKETS` of its buckets.
    pub fn new(hours: &[(i64, u64)], range: TimeRange, step: i64) -> Self {
        let end = range.end.as_second();
        let last = (end - 1).div_euclid(step) * step;
        let first = (range.start.as_second().div_euclid(step) * step).max(last - (MAX_BUCKETS - 1) * step);
        let mut buckets: Vec<_> = (0..=(last - first).div_euclid(step))
            .map(|i| (first + i * step, 0))
            .collect();
        for &(hour, count) in hours {
            if hour >= first && hour < end {
                let index = (hour - first).div_euclid(step) as usize;
                if let Some(bucket) = buckets.get_mut(index) {
                    bucket.1 += count;
                }
            }
        }
        Self { buckets }
    }

    /// All buckets added up.
    pub fn total(&self) -> u64 {
        self.buckets.iter().map(|(_, count)| count).sum()
    }
}

/// The most buckets of a series: 90 days of hours.
const MAX_BUCKETS: i64 = 90 * 24;

/// The time of a Unix second, held within what a timestamp can say.
pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second()))
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_hours_ends_with_the_running_hour() {
        let now = "2026-03-01T10:20:00Z".parse().unwrap();
        let range = TimeRange::last(DAY, HOUR, now);
        assert_eq!(range.end, "2026-03-01T11:00:00Z".parse().unwrap());
        let hour = range.end.as_second() - HOUR;
        let series = Timeline::new(&[(hour - 5 * HOUR, 2), (hour, 3)], range, HOUR);
        assert_eq!(series.buckets.len(), 24);
        assert_eq!(series.buckets.last(), Some(&(hour, 3)));
        assert_eq!(series.total(), 5);
    }

    #[test]
    fn hours_are_summed_into_days_and_those_outside_are_left_out() {
        let range = TimeRange {
            start: at(0),
            end: at(2 * DAY),
        };
        let series = Timeline::new(
            &[(-HOUR, 9), (0, 1), (23 * HOUR, 1), (DAY, 4), (2 * DAY, 9)],
            range,
            DAY,
        );
        assert_eq!(series.buckets, [(0, 2), (DAY, 4)]);
    }

    #[test]
    fn an_endless_range_is_bounded() {
        let range = TimeRange {
            start: Timestamp::MIN,
            end: Timestamp::MAX,
        };
        assert_eq!(Timeline::new(&[], range, HOUR).buckets.len() as i64, MAX_BUCKETS);
    }
}
