//! As many events as are answered: how fast they are taken and worked on, and what that takes.

use std::time::Duration;

use crate::drive;
use crate::events::{Pool, Shop};
use crate::harness::program::Program;
use crate::limit::Limit;
use crate::report::{Report, Sheet};
use crate::watch::{Watch, Watched};

/// One size, on a directory of its own, over so many connections.
pub(crate) fn measure(report: &mut Report, kilobytes: usize, connections: usize, time: Duration) {
    let pool = Pool::new(Shop::busy(kilobytes * 1_000));
    let before = Limit::of(&pool);
    let program = Program::start();
    let watch = Watch::start(&program);
    let sent = drive::closed(&program, &pool, connections, time);
    let watched = watch.finish(&program);
    program.stop();
    let limit = before.mean(Limit::of(&pool));
    let mut sheet = report.sheet("closed loop", &format!("{kilobytes} KB"));
    let processed = sent.accepted as f64 / watched.took.as_secs_f64();
    sheet.add("limit, events/s", limit.rate);
    sheet.compare("accepted, events/s", sent.rate(), limit.rate);
    sheet.compare("processed, events/s", processed, limit.rate);
    sheet.add("refused, events", sent.refused as f64);
    for (name, share) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
        sheet.add(&format!("ack {name}, ms"), sent.milliseconds(share));
    }
    write(&mut sheet, &watched, sent.accepted, &limit);
}

/// What `events` took.
pub(crate) fn write(sheet: &mut Sheet<'_>, watched: &Watched, events: u64, limit: &Limit) {
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    let thousands = events as f64 / 1_000.0;
    sheet.add("memory idle, MB", megabytes(watched.idle));
    sheet.add("memory peak, MB", megabytes(watched.peak()));
    sheet.add("memory after, MB", megabytes(watched.after));
    sheet.compare(
        "processor, s/1,000 events",
        watched.cpu.as_secs_f64() / thousands,
        limit.cpu,
    );
    sheet.compare(
        "generator, s/1,000 events",
        watched.generator.as_secs_f64() / thousands,
        limit.cpu,
    );
    let disk = &watched.disk;
    let kilobytes = |bytes: u64| bytes as f64 / 1e3 / events as f64;
    let spent = disk.segments + disk.index + disk.rest;
    sheet.compare("disk, KB/event", kilobytes(spent), limit.bytes / 1e3);
    sheet.add("of it segments, KB/event", kilobytes(disk.segments));
    sheet.add("of it index, KB/event", kilobytes(disk.index));
    sheet.add("of it the rest, KB/event", kilobytes(disk.rest));
    sheet.add("the journal's last file, MB", megabytes(disk.journal));
    sheet.add(
        "issue list p95, ms",
        crate::drive::percentile(&watched.series.pages, 0.95),
    );
    sheet.add("events, in all", events as f64);
    sheet.add("issues, in all", watched.issues as f64);
    sheet.series("journal, entries", &watched.series.journal);
    sheet.series("memory, MB", &in_megabytes(&watched.series.memory));
}

fn in_megabytes(bytes: &[u64]) -> Vec<u64> {
    bytes.iter().map(|bytes| bytes / 1_000_000).collect()
}
