//! Events at a rate, whatever the answers: raised until the program does not keep up; then nine tenths of it for long.

use std::time::Duration;

use crate::closed;
use crate::drive;
use crate::events::{Pool, Shop};
use crate::harness::program::Program;
use crate::limit::Limit;
use crate::report::Report;
use crate::watch::{Watch, drained, waiting};

/// One size, on a directory of its own.
pub(crate) fn measure(report: &mut Report, kilobytes: usize, time: Duration) {
    let pool = Pool::new(Shop::busy(kilobytes * 1_000));
    let before = Limit::of(&pool);
    let program = Program::start();
    let knee = knee(&program, &pool);
    let watch = Watch::start(&program);
    let sent = drive::open(&program, &pool, knee * 0.9, time);
    let watched = watch.finish(&program);
    program.stop();
    let limit = before.mean(Limit::of(&pool));
    let mut sheet = report.sheet("soak", &format!("{kilobytes} KB"));
    sheet.add("limit, events/s", limit.rate);
    sheet.compare("knee, events/s", knee, limit.rate);
    sheet.compare("accepted, events/s", sent.rate(), limit.rate);
    sheet.add("refused, events", sent.refused as f64);
    for (name, share) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
        sheet.add(&format!("ack {name}, ms"), sent.milliseconds(share));
    }
    let memory = &watched.series.memory;
    let third = memory.len().div_ceil(3);
    let flat = median(&memory[memory.len() - third..]) / median(&memory[..third]);
    sheet.add("memory, last third / first third", flat);
    closed::write(&mut sheet, &watched, sent.accepted, &limit);
}

/// The highest rate that is kept up with: accepted as it comes, and worked on within a second.
fn knee(program: &Program, pool: &Pool) -> f64 {
    const STEP: Duration = Duration::from_secs(5);
    let (mut rate, mut knee) = (500.0, 500.0);
    loop {
        let sent = drive::open(program, pool, rate, STEP);
        let keeps_up = sent.keeps_up(rate) && (waiting(&program.api) as f64) < rate;
        drained(&program.api);
        if !keeps_up {
            return knee;
        }
        knee = rate;
        rate *= 1.2;
    }
}

fn median(values: &[u64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_unstable();
    values[values.len() / 2] as f64
}
