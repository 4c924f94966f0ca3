//! Very many events at once: the journal takes them all, and what they took of memory is given back.

use std::thread;
use std::time::Duration;

use crate::closed;
use crate::drive::{self, CONNECTIONS};
use crate::events::{Pool, Shop};
use crate::harness::program::Program;
use crate::limit::Limit;
use crate::process;
use crate::report::Report;
use crate::watch::{Watch, drained};

/// What is loaded before, so that memory is compared with a program that has worked.
const BEFORE: u64 = 10_000;
/// How long memory may take to come back.
const AFTER: Duration = Duration::from_secs(60);

/// So many events of 4 KB, on a directory of its own.
pub(crate) fn measure(report: &mut Report, events: u64) {
    let pool = Pool::new(Shop::busy(4_000));
    let before = Limit::of(&pool);
    let program = Program::start();
    drive::all(&program, &pool, CONNECTIONS, BEFORE);
    drained(&program.api);
    thread::sleep(Duration::from_secs(10));
    let rested = process::memory(program.id());
    let watch = Watch::start(&program);
    let sent = drive::all(&program, &pool, CONNECTIONS, events);
    let watched = watch.finish(&program);
    thread::sleep(AFTER);
    let memory = process::memory(program.id());
    program.stop();
    let limit = before.mean(Limit::of(&pool));
    let mut sheet = report.sheet("burst", "4 KB");
    sheet.add("limit, events/s", limit.rate);
    sheet.compare("accepted, events/s", sent.rate(), limit.rate);
    sheet.add("refused, events", sent.refused as f64);
    sheet.add("ack p99, ms", sent.milliseconds(0.99));
    sheet.add("drained after, s", watched.took.as_secs_f64());
    closed::write(&mut sheet, &watched, sent.accepted, &limit);
    sheet.add("memory 60 s after, MB", memory as f64 / 1e6);
    sheet.add("memory, 60 s after / before", memory as f64 / rested as f64);
}
