//! Two Poisson rates beside each other: exact test, interval and power of their ratio.
//!
//! Given the sum of two counts, the one is binomial, whatever the common rate (Przyborowski and Wilenski 1940,
//! "Homogeneity of results in testing samples from Poisson series"). Binomial tails are regularised incomplete beta
//! functions, which take counts that are no whole numbers, as discounting bursts makes them. It knows nothing of
//! issues.

use statrs::function::beta::checked_beta_reg;

/// More events on one side than these tell no more: the practical floor decides long before. It keeps the beta
/// function where it is exact to ten digits.
const MOST: f64 = 100_000.0;

/// A count and what it was counted over, both as they would be without bursts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sample {
    /// Independent occurrences.
    pub(super) count: f64,
    /// Sessions or volume, shrunk like the count, so that the rate is what it was.
    pub(super) exposure: f64,
}

impl Sample {
    /// Discounts a count whose variance is `burst` times its mean: that many events tell as much as one that is
    /// independent of all others.
    pub(super) fn new(count: f64, exposure: f64, burst: f64) -> Self {
        let burst = burst.max(1.0).max(count / MOST);
        Self {
            count: count / burst,
            exposure: exposure / burst,
        }
    }
}

/// A sample that may have the higher rate, and the one that it is measured against.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pair {
    pub(super) high: Sample,
    pub(super) low: Sample,
}

impl Pair {
    /// The share of the common count that falls on the high side when its rate is only as much higher as rates drift.
    fn share(&self) -> f64 {
        let high = super::DRIFT * self.high.exposure;
        high / (high + self.low.exposure)
    }

    /// The probability of at least so many on the high side when its rate is no higher than that.
    pub(super) fn p(&self) -> f64 {
        tail(self.high.count, self.low.count, self.share())
    }

    /// The least p-value that the common count can have at all: with all of it on the high side.
    pub(super) fn least_p(&self) -> f64 {
        self.share().powf(self.high.count + self.low.count)
    }

    /// How many times as high the rate is; infinite or not a number against a count of zero.
    pub(super) fn ratio(&self) -> f64 {
        self.high.count * self.low.exposure / (self.low.count * self.high.exposure)
    }

    /// How many more there are on the high side than the low side's rate would give.
    pub(super) fn excess(&self) -> f64 {
        self.high.count - self.low.count * self.high.exposure / self.low.exposure
    }

    /// The ratio's exact (Clopper and Pearson 1934) 95 % interval; the upper end is infinite against a count of zero.
    pub(super) fn interval(&self) -> (f64, f64) {
        let odds = |share: f64| share / (1.0 - share) * self.low.exposure / self.high.exposure;
        let (high, low) = (self.high.count, self.low.count);
        let lower = share_at(|share| tail(high, low, share) < 0.025);
        let upper = share_at(|share| 1.0 - tail(high + 1.0, low - 1.0, share) > 0.025);
        (odds(lower), if low > 0.0 { odds(upper) } else { f64::INFINITY })
    }

    /// Whether the high side would be called higher at this level in at least 95 of 100 cases, when the counts are
    /// what is expected.
    pub(super) fn shows(&self, level: f64) -> bool {
        let (high, low) = (self.high.count, self.low.count);
        let sum = high + low;
        // The high side's 2.5th percentile given the sum: half of the bad luck is left for the sum itself.
        let unlucky = high - 1.96 * (high * low / sum).sqrt();
        let unlucky = Self {
            high: Sample {
                count: unlucky.max(0.0),
                ..self.high
            },
            low: Sample {
                count: sum - unlucky.max(0.0),
                ..self.low
            },
        };
        unlucky.p() <= level && unlucky.ratio() >= super::NOTABLE && unlucky.excess() >= super::LEAST_EXCESS
    }
}

/// The probability of at least `high` of `high + low` when each falls on the high side with probability `share`.
fn tail(high: f64, low: f64, share: f64) -> f64 {
    if high <= 0.0 {
        return 1.0;
    }
    // Refused only for values that are no numbers or out of range: those prove nothing.
    checked_beta_reg(high, low.max(0.0) + 1.0, share).unwrap_or(1.0)
}

/// The share at which a condition that holds below it stops holding, by bisection.
fn share_at(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut from, mut to) = (0.0, 1.0);
    for _ in 0..50 {
        let middle = f64::midpoint(from, to);
        if holds(middle) { from = middle } else { to = middle }
    }
    from
}
