//! How fast spikes are looked for: microseconds a judgement on one core.
//!
//! Of four weeks of hours and two hours of minutes: of an issue with too few events to be one, of one that is as usual,
//! of one with a spike, of that spike going on, and of one that is a day old. What is measured is the time that the
//! thread had a processor, and the median of 200 rounds counts. Reads and writes nothing.

use std::hint::black_box;
use std::io::Write;

use rustix::time::{ClockId, clock_gettime};
use tripline::alerts::spike::{Ongoing, Series, Verdict, judge};

const HOUR: i64 = 3_600;
/// 2026-03-12, 02:30.
const END: i64 = 1_773_282_600;
const ROUNDS: usize = 200;
const JUDGEMENTS: u32 = 100;

/// An issue with so many events an hour, for so many hours, with so many in the last minutes.
fn judged(
    name: &str,
    hours: i64,
    an_hour: u64,
    lately: u32,
    ongoing: Option<&Ongoing>,
    out: &mut impl Write,
) -> Verdict {
    let since = END - HOUR / 2 - hours * HOUR;
    // Not a single hour is like another, as sorting those is slower.
    let hours: Vec<_> = (0..hours)
        .map(|at| {
            (
                since + at * HOUR,
                an_hour + (at * 7919 % 101) as u64 * an_hour / 1_000,
            )
        })
        .collect();
    let mut minutes = [(an_hour / 60) as u32; 120];
    minutes[110..].fill(lately);
    let series = Series {
        hours: &hours,
        since,
        minutes: &minutes,
        minute_end: END,
    };
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = cpu();
            for _ in 0..JUDGEMENTS {
                black_box(judge(black_box(&series), ongoing));
            }
            (cpu() - start) / f64::from(JUDGEMENTS)
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    let _ = writeln!(out, "{name}: {:.1} µs", rounds[ROUNDS / 2] * 1e6);
    judge(&series, ongoing)
}

/// Seconds that this thread had a processor.
fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

fn main() {
    let mut out = std::io::stdout().lock();
    judged("too few events", 672, 3, 0, None, &mut out);
    judged("as usual", 672, 600, 10, None, &mut out);
    let found = judged("a spike", 672, 600, 60, None, &mut out);
    if let Verdict::Spiking { ongoing, .. } = found {
        judged("it goes on", 672, 600, 60, Some(&ongoing), &mut out);
        judged("it is over", 672, 600, 10, Some(&ongoing), &mut out);
    }
    judged("a day old", 24, 600, 60, None, &mut out);
}
