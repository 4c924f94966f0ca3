//! Many tests at once: p-values corrected so that one false alarm among all of them is as rare as it would be in one.
//!
//! Holm's step-down procedure (1979) over the tests that could succeed at all: an issue with so few events that even
//! the most extreme split would prove nothing cannot raise a false alarm, and need not be paid for (Tarone 1990).

use super::rates::Pair;

/// Corrected p-values, in the order of the pairs; 1 for a pair that has too few events to prove anything, or none.
pub(super) fn corrected(pairs: &[Option<Pair>], level: f64) -> Vec<f64> {
    let most = tests(pairs, level);
    let bound = level / most as f64;
    let mut tested: Vec<(usize, f64)> = pairs
        .iter()
        .enumerate()
        .filter_map(|(at, pair)| Some((at, (*pair)?)))
        .filter(|(_, pair)| pair.least_p() <= bound)
        .map(|(at, pair)| (at, pair.p()))
        .collect();
    tested.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut corrected = vec![1.0; pairs.len()];
    let mut highest = 0.0_f64;
    for (rank, &(at, p)) in tested.iter().enumerate() {
        highest = highest.max(p * (tested.len() - rank) as f64).min(1.0);
        corrected[at] = highest;
    }
    corrected
}

/// The number of tests to correct for: the least `k` such that at most `k` of them can reach `level / k`.
pub(super) fn tests(pairs: &[Option<Pair>], level: f64) -> usize {
    let mut least: Vec<f64> = pairs.iter().flatten().map(Pair::least_p).collect();
    least.sort_by(f64::total_cmp);
    (1..=least.len())
        .find(|&k| least.partition_point(|&p| p <= level / k as f64) <= k)
        .unwrap_or(1)
}
