//! How much counts scatter without a cause: events come in clumps (retries, loops, one user's bad day), and rates drift.
//!
//! Everything is an index of dispersion, variance over mean, at the length of a window: clumps show at once and keep
//! it constant from then on, slow changes of the rate make it grow with the window. Does not say what is expected.

use super::series::{Past, Series, total};

/// The index that is taken for granted before there is evidence: clumps of one and a half events.
const ASSUMED: f64 = 2.0;
/// Of how many events that assumption has the weight.
const WEIGHT: f64 = 10.0;
/// Counts of one and of five minutes are held against those five and ten minutes later: of a clump that takes a while,
/// neighbours have each a part, and do not differ by it.
const APART: [usize; 2] = [5, 2];
/// Minutes that are looked at for clumps.
const MINUTES: usize = 105;
/// The minutes show clumps if there should be at least so many of them.
const CLUMPS: f64 = 5.0;

/// By how much what the minutes show may be too little.
const BY_CHANCE: f64 = 1.5;

/// The index of dispersion of counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scatter {
    /// Of hours.
    hour: f64,
    /// Of one minute and of five.
    minutes: [f64; 2],
    /// Events by which the minutes tell it.
    seen: f64,
}

impl Scatter {
    /// From that of hours, and from the minutes before those that are judged.
    pub(super) fn new(hour: f64, series: &Series, window: usize) -> Self {
        let minutes = series.before(window.max(15), MINUTES);
        let one = differences(minutes.iter().map(|it| f64::from(*it)), APART[0]);
        let five = differences(minutes.chunks_exact(5).map(|it| total(it) as f64), APART[1]);
        Self {
            hour,
            minutes: [one, five],
            seen: total(minutes) as f64,
        }
    }

    /// The index of a count of so many minutes, at most 60.
    pub(super) fn of(&self, minutes: usize) -> f64 {
        let clumps = self.clumps(minutes);
        if self.seen < CLUMPS * self.hour {
            return clumps.max(self.hour);
        }
        clumps.max(1.0 + (self.hour - 1.0) * minutes as f64 / 60.0)
    }

    /// As far as the minutes show it: it grows from one minute to three.
    fn clumps(&self, minutes: usize) -> f64 {
        let [one, five] = self.minutes;
        let grown = (minutes as f64 - 1.0) / 2.0;
        let shown = one + (five - one).max(0.0) * grown.min(1.0);
        // Two hours may show too little by chance; four weeks show no more than there is.
        (1.0 + BY_CHANCE * (shown - 1.0)).min(self.hour.max(shown))
    }

    /// The same beside the hour just before, from which rates hardly drift: clumps alone. Those that spread over longer
    /// than five minutes show in longer windows the more.
    pub(super) fn within_the_hour(&self, minutes: usize) -> f64 {
        if self.seen < CLUMPS * self.hour {
            return self.of(minutes);
        }
        1.0 + (self.clumps(minutes) - 1.0) * (minutes as f64 / 5.0).sqrt().max(1.0)
    }
}

/// The index by differences of counts that are so many apart (von Neumann 1941, "Distribution of the ratio of the mean
/// square successive difference to the variance"): a step or a trend hardly changes it.
pub(super) fn differences(counts: impl Iterator<Item = f64> + Clone, apart: usize) -> f64 {
    let pairs = counts.clone().zip(counts.skip(apart));
    let (squares, sums) = pairs.fold((0.0, 0.0), |(squares, sums), (a, b)| {
        (squares + (a - b) * (a - b), sums + a + b)
    });
    assumed(squares, sums)
}

/// Squares over a sum of events, mixed with what is assumed; never less than 1.
fn assumed(squares: f64, events: f64) -> f64 {
    ((squares + WEIGHT * ASSUMED) / (events + WEIGHT)).max(1.0)
}

/// The index of hours by how far they were above what was expected of them: `expected(ago)`, none where nothing was.
///
/// Hours below tell as much of chance, but also of outages. The worst five days of four weeks, and two of one, are
/// forgotten: what happens that rarely may have been a spike; what happens more often is a habit.
pub(super) fn of_hours(past: &Past, days: usize, expected: impl Fn(usize) -> Option<f64>) -> f64 {
    let mut each: Vec<(f64, f64)> = (0..days)
        .map(|day| {
            (day * 24 + 1..=day * 24 + 24)
                .filter_map(|ago| Some((past.at(ago)?, expected(ago)?)))
                .fold((0.0, 0.0), |(squares, events), (count, expected)| {
                    let above = (count - expected).max(0.0);
                    (squares + above * above, events + count)
                })
        })
        .collect();
    each.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let kept = each.iter().skip((1 + days / 4).min(5));
    let (squares, events) = kept.fold((0.0, 0.0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
    assumed(HALF * squares, events)
}

/// Half of the hours are above, by less than by chance alone, as the median that is expected was taken from them, too.
const HALF: f64 = 3.0;
