//! Simulated series: how often spikes are found, how soon, and how often there is a false alarm, with fixed seeds.
//!
//! `cargo test --release --lib spike::simulated -- --nocapture --test-threads 1` prints the tables of `docs/spikes.md`.
//! Without `--release` less is looked at for false alarms and at quiet series, for the sake of time.

mod kind;
mod world;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rayon::prelude::*;

use self::kind::{DAY, HOUR, Kind, Life, log_uniform};
use self::world::{Counts, Until};

/// Series of a kind, without a spike and with each.
const SERIES: u64 = 500;
/// How long a planted spike lasts.
const SPIKE: i64 = 2 * HOUR;
/// How long series without one are looked at.
const CALM: i64 = if cfg!(debug_assertions) { 2 * HOUR } else { 2 * DAY };
/// The most false alarms an issue-month. Of little more than a month as many as two are chance.
const MOST_ALARMS: f64 = if cfg!(debug_assertions) { 2.0 } else { 1.0 };
/// Of one rate. All are looked at for long where there is little to find.
const STEADY: u64 = if cfg!(debug_assertions) { 50 } else { SERIES };
/// Of how many series the end of the spike is waited for.
const ENDS: u64 = 20;
/// A loud issue, in events an hour: any between these, as likely in each decade.
const LOUD: (f64, f64) = (50.0, 5_000.0);

/// What came of series with a spike.
#[derive(Debug, Default)]
struct Spiked {
    /// How many there were.
    series: u64,
    /// Minutes from the start of the spike to the end of the minute at which it was found.
    delays: Vec<i64>,
    /// Minutes from its end until that was said.
    ends: Vec<i64>,
}

impl Spiked {
    /// All series of a kind with a spike of this factor from minute 0 on.
    fn of(kind: Kind, an_hour: (f64, f64), factor: f64) -> Self {
        Self::some(kind, an_hour, factor, SERIES)
    }

    /// So many of them.
    fn some(kind: Kind, an_hour: (f64, f64), factor: f64, series: u64) -> Self {
        let mut spiked = Self {
            series,
            ..Self::default()
        };
        for seed in 0..series {
            let mut rng = StdRng::seed_from_u64(seed + 1_000 * factor as u64);
            let mut life = Life::of(kind, log_uniform(an_hour.0, an_hour.1, &mut rng), &mut rng);
            life.plant(SPIKE, factor);
            let until = if seed < ENDS { Until::Ended } else { Until::Found };
            let minutes = SPIKE + 2 * HOUR;
            let said = Counts::of(&life, minutes, &mut rng).said(minutes, until);
            spiked
                .delays
                .extend(said.begun.first().filter(|it| **it <= SPIKE));
            spiked.ends.extend(said.ended.first().map(|it| it - SPIKE));
        }
        spiked.delays.sort_unstable();
        spiked.ends.sort_unstable();
        spiked
    }

    fn recall(&self) -> f64 {
        self.delays.len() as f64 / self.series as f64
    }

    /// `99.8 % | 2 min | 14 min`: found, the median delay, and that within which nine of ten were found.
    fn row(&self) -> String {
        let (median, most) = (quantile(&self.delays, 50), quantile(&self.delays, 90));
        format!("{:.1} % | {median} min | {most} min", self.recall() * 100.0)
    }
}

/// A value than which so many of a hundred are less; those are sorted.
fn quantile(values: &[i64], percent: usize) -> i64 {
    values
        .get(values.len() * percent / 100)
        .copied()
        .unwrap_or(i64::MAX)
}

/// Minutes that any test takes in the mean that is told the rates before and after, of which nothing drifts or clumps, and
/// that raises one false alarm a month: the logarithm of that time over how much a minute of the spike tells, Kullback and
/// Leibler's divergence of the two (Lorden 1971, "Procedures for reacting to a change in distribution"). A minute is the least.
fn least_delay(an_hour: f64, factor: f64) -> f64 {
    let before = an_hour / HOUR as f64;
    let told = before * (factor * factor.ln() - (factor - 1.0));
    (((30 * DAY) as f64).ln() / told).max(1.0)
}

/// False alarms an issue-month of all series of a kind without a spike. A month has thirty days.
fn false_alarms(kind: Kind) -> f64 {
    let alarms: usize = (0..SERIES)
        .map(|seed| {
            let mut rng = StdRng::seed_from_u64(seed + 90_000);
            let life = Life::of(kind, log_uniform(1.0, LOUD.1, &mut rng), &mut rng);
            let counts = Counts::of(&life, CALM, &mut rng);
            counts.said(CALM, Until::TheEnd).begun.len()
        })
        .sum();
    alarms as f64 * (30 * DAY) as f64 / (SERIES as i64 * CALM) as f64
}

#[test]
fn spikes_are_found_soon_and_nothing_else_is_called_one() {
    let rows: Vec<_> = Kind::ALL
        .into_par_iter()
        .map(|kind| {
            let [three, ten] = [3.0, 10.0].map(|factor| Spiked::of(kind, LOUD, factor));
            (kind, three, ten, false_alarms(kind))
        })
        .collect();
    println!(
        "| kind | 3×: found | median delay | 90 % within | 10×: found | median delay | 90 % within | its end said after | false alarms an issue-month |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
    for (kind, three, ten, alarms) in &rows {
        let (name, end) = (kind.name(), quantile(&ten.ends, 50));
        println!(
            "| {name} | {} | {} | {end} min | {alarms:.2} |",
            three.row(),
            ten.row()
        );
    }
    let mut delays: Vec<i64> = rows
        .iter()
        .flat_map(|it| it.1.delays.iter().chain(&it.2.delays))
        .copied()
        .collect();
    delays.sort_unstable();
    println!("Median delay of all: {} minutes.", quantile(&delays, 50));
    for (kind, three, ten, alarms) in &rows {
        assert!(three.recall() >= 0.9 && ten.recall() >= 0.98, "{kind:?}");
        assert!(quantile(&ten.ends, 50) <= 20, "{kind:?}");
        assert!(*alarms <= MOST_ALARMS, "{kind:?}: {alarms}");
    }
    assert!(quantile(&delays, 50) <= 2);
}

#[test]
fn the_louder_the_sooner() {
    let rates = [10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 5_000.0];
    let rows: Vec<_> = rates
        .into_par_iter()
        .map(|rate| {
            (
                rate,
                [3.0, 10.0].map(|factor| Spiked::some(Kind::Steady, (rate, rate * 1.001), factor, STEADY)),
            )
        })
        .collect();
    println!(
        "| events an hour | 3×: found | median delay | 90 % within | no test is faster than | 10×: found | median delay | 90 % within | no test is faster than |"
    );
    println!("|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for (rate, [three, ten]) in &rows {
        let [bound_of_three, bound_of_ten] = [3.0, 10.0].map(|factor| least_delay(*rate, factor));
        println!(
            "| {rate} | {} | {bound_of_three:.1} min | {} | {bound_of_ten:.1} min |",
            three.row(),
            ten.row()
        );
        assert!(ten.recall() >= 0.98 || *rate < 20.0, "{rate}");
        assert!(three.recall() >= 0.9 || *rate < 50.0, "{rate}");
        let most = 2.0 * bound_of_three + 2.0;
        assert!(
            *rate < 50.0 || quantile(&three.delays, 50) as f64 <= most,
            "{rate}"
        );
    }
    assert!(rows.is_sorted_by_key(|(_, [three, _])| -quantile(&three.delays, 50)));
}
