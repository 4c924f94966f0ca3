//! How much of a flood is kept. Every event is counted, whatever becomes of its payload; of an issue that gets more of them
//! in an hour than anybody reads, a sample is kept in full. Pure.
//!
//! Beside the sample are kept: the first event of an issue, the latest, and each that brings a tag (a release, an
//! environment, a browser) which is new to the issue. That takes rows, so whoever has them decides on those.

/// How many events an hour are kept of what goes by one hash, before only a sample is; 0 keeps all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget(pub u64);

impl Budget {
    /// Whether the `nth` event of the hour, from 1, is in the sample: all up to the budget, then every 10th, beyond ten
    /// times the budget every 100th, and so on. So ten times as many events are nine tenths of a budget more.
    pub fn samples(self, nth: u64) -> bool {
        let Self(budget) = self;
        if budget == 0 || nth <= budget {
            return true;
        }
        let mut every: u64 = 10;
        while nth > budget.saturating_mul(every) {
            every = every.saturating_mul(10);
        }
        nth.is_multiple_of(every)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_times_the_flood_is_not_ten_times_the_sample() {
        let kept = |budget, events| (1..=events).filter(|nth| Budget(budget).samples(*nth)).count();
        let cases = [
            (1_000, 1_000, 1_000),
            (1_000, 10_000, 1_900),
            (1_000, 100_000, 2_800),
            (7, 1, 1),
            (7, 70, 14),
            (0, 5_000, 5_000),
        ];
        for (budget, events, sample) in cases {
            assert_eq!(kept(budget, events), sample, "{events} over {budget}");
        }
        assert!(!Budget(u64::MAX / 2).samples(u64::MAX));
    }
}
