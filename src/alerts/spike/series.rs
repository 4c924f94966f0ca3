//! What a spike is looked for in: whole hours for the usual, minutes for what is going on.
//!
//! Looks counts up; judges nothing.

/// Seconds in an hour.
pub(super) const HOUR: i64 = 3_600;
/// As many hours back as are looked at: four weeks, and a day to either side of an hour.
pub(super) const MOST_HOURS: usize = 29 * 24;

/// Events of an issue, or of a project, by the time at which they were received.
#[derive(Debug, Clone, Copy)]
pub struct Series<'a> {
    /// `(start of the hour in Unix seconds, events)`: past hours of UTC, in any order, those without events left out.
    /// What is older than 29 days is not looked at, nor are the running hour and what is before `since`.
    pub hours: &'a [(i64, u64)],
    /// From when on `hours` tells all, in Unix seconds: when the issue or project was first seen, or the oldest hour
    /// that is kept, if that is later.
    pub since: i64,
    /// Events in each of the last minutes, the oldest first, minutes without events too; best 120 of them. The last one
    /// is the minute that is just over.
    pub minutes: &'a [u32],
    /// When the last minute ended, in Unix seconds.
    pub minute_end: i64,
}

impl<'a> Series<'a> {
    /// The last `minutes` minutes; none if fewer are known.
    pub(super) fn last(&self, minutes: usize) -> Option<&'a [u32]> {
        self.minutes.get(self.minutes.len().checked_sub(minutes)?..)
    }

    /// Events in the last `minutes` minutes; none if fewer are known.
    pub(super) fn count(&self, minutes: usize) -> Option<u64> {
        self.last(minutes).map(total)
    }

    /// At most `most` minutes before the last `gap` ones, none from before it was first seen.
    pub(super) fn before(&self, gap: usize, most: usize) -> &'a [u32] {
        let end = self.minutes.len().saturating_sub(gap);
        let age = usize::try_from(self.age() / 60).unwrap_or(0);
        let born = self.minutes.len().saturating_sub(age);
        let start = end.saturating_sub(most).max(born).min(end);
        &self.minutes[start..end]
    }

    /// Seconds since it was first seen.
    pub(super) fn age(&self) -> i64 {
        self.minute_end.saturating_sub(self.since).max(0)
    }

    /// The start of the hour in which the last minute lies.
    pub(super) fn running_hour(&self) -> i64 {
        self.minute_end
            .saturating_sub(1)
            .div_euclid(HOUR)
            .saturating_mul(HOUR)
    }

    /// How many of the last `minutes` minutes lie in the running hour; the others are in the one before.
    pub(super) fn in_running_hour(&self, minutes: usize) -> usize {
        let passed = self.minute_end.saturating_sub(self.running_hour()).div_euclid(60);
        usize::try_from(passed).unwrap_or(0).min(minutes)
    }
}

/// Events of some minutes.
pub(super) fn total(minutes: &[u32]) -> u64 {
    minutes.iter().map(|it| u64::from(*it)).sum()
}

/// The past, hour by hour.
#[derive(Debug)]
pub(super) struct Past {
    /// Events of the hour so many hours before the running one; index 0 is not used.
    counts: [f64; MOST_HOURS + 1],
    /// How many hours are known, from the youngest on.
    known: usize,
}

impl Past {
    pub(super) fn of(series: &Series) -> Self {
        let running = series.running_hour();
        // The hour in which it was first seen is not a whole one.
        let known = running.saturating_sub(series.since).div_euclid(HOUR).max(0);
        let known = usize::try_from(known).unwrap_or(MOST_HOURS).min(MOST_HOURS);
        let mut counts = [0.0; MOST_HOURS + 1];
        for (hour, count) in series.hours {
            let ago = running.saturating_sub(*hour).div_euclid(HOUR);
            if let Ok(ago) = usize::try_from(ago)
                && (1..=known).contains(&ago)
            {
                counts[ago] += *count as f64;
            }
        }
        Self { counts, known }
    }

    /// How many hours are known.
    pub(super) fn known(&self) -> usize {
        self.known
    }

    /// Events of the hour that is so many hours before the running one; none if that is not known.
    pub(super) fn at(&self, ago: usize) -> Option<f64> {
        (1..=self.known).contains(&ago).then(|| self.counts[ago])
    }

    /// Whether there was nothing in the hour and the two before and behind it.
    pub(super) fn is_silent_about(&self, ago: usize) -> bool {
        self.span(ago.saturating_sub(2).max(1), 5)
            .iter()
            .all(|it| *it == 0.0)
    }

    /// Events of the hours from `from` hours ago back, as many as are known of `hours`.
    pub(super) fn span(&self, from: usize, hours: usize) -> &[f64] {
        let start = from.min(self.known + 1);
        &self.counts[start..(from + hours).min(self.known + 1)]
    }
}

/// The middle value; the upper one of two. 0 of none.
pub(super) fn upper_median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
