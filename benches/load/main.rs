//! How fast the program takes events and works on them, and what that costs: memory, processor, disk.
//!
//! Starts the real binary on a fresh directory, sends it events over HTTP and waits until the journal is empty, so that
//! what is counted is done and durable. Beside each figure stands what share it is of the *limit*: of these very events,
//! so many a second the same cores could only gunzip, parse once and compress by zstd, doing nothing else with them. The
//! generator runs on the same machine and is counted to nobody. Figures of a busy machine compare with nothing but
//! their own limit.
//!
//! ```sh
//! cargo bench --bench load                          # closed loop, 4, 10 and 50 KB, 16 connections
//! cargo bench --bench load -- --open --soak 300     # ramp to the knee, then a soak at 90 % of it
//! cargo bench --bench load -- --alerts 100           # how long it takes until somebody is told, instead
//! cargo bench --bench load -- --json > now.json     # and: --compare before.json
//! ```
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on fails")]

#[path = "../../tests/harness/mod.rs"]
mod harness;

mod alerts;
mod drive;
mod events;
mod limit;
mod receiver;
mod report;
mod watch;

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use drive::Sent;
use events::Pool;
use harness::program::Program;
use report::{Report, Run};
use watch::Watch;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How fast events are accepted and worked on.
#[derive(Parser)]
struct Flags {
    /// Sizes of events, in KB.
    #[arg(long, value_delimiter = ',', default_values_t = [4, 10, 50])]
    sizes: Vec<usize>,
    /// For how many seconds events are sent, as fast as they are answered.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How many connections send at once.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Send at a rate instead, whatever the answers: raise it until the program does not keep up, then soak.
    #[arg(long)]
    open: bool,
    /// For how many seconds, at 90 % of the rate that it kept up with.
    #[arg(long, default_value_t = 300)]
    soak: u64,
    /// Measure how long the messages about so many first events take instead.
    #[arg(long, value_name = "RUNS")]
    alerts: Option<usize>,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
    /// Show what changed since a result that was printed as JSON.
    #[arg(long, value_name = "FILE")]
    compare: Option<PathBuf>,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let flags = Flags::parse();
    if let Some(runs) = flags.alerts {
        return alerts::measure(runs);
    }
    let runs = flags.sizes.iter().map(|size| measure(&flags, *size)).collect();
    let report = Report { runs };
    let before = flags.compare.as_deref().map(Report::read);
    match flags.json {
        true => report.write_json(),
        false => report.write_table(before.as_ref()),
    }
}

/// One size, on a directory of its own.
fn measure(flags: &Flags, kilobytes: usize) -> Run {
    let pool = Pool::new(kilobytes * 1_000);
    let limit = limit::limit(&pool);
    let program = Program::start();
    let watch = Watch::start(&program);
    let sent = match flags.open {
        false => drive::closed(
            &program,
            &pool,
            flags.connections,
            Duration::from_secs(flags.seconds),
        ),
        true => open(flags, &program, &pool),
    };
    let watched = watch.finish(&program, sent.total);
    program.stop();
    Run::new(kilobytes, limit, &sent, &watched)
}

/// Raises the rate until the program does not keep up, then soaks it.
fn open(flags: &Flags, program: &Program, pool: &Pool) -> Sent {
    const STEP: Duration = Duration::from_secs(5);
    let (mut rate, mut knee, mut before) = (500.0, 500.0, 0);
    loop {
        let sent = drive::open(program, pool, rate, STEP);
        before += sent.total;
        if !sent.keeps_up(rate) {
            break;
        }
        knee = rate;
        rate *= 1.25;
    }
    let mut soaked = drive::open(program, pool, knee * 0.9, Duration::from_secs(flags.soak));
    soaked.total += before;
    soaked.rate = Some(knee);
    soaked
}
