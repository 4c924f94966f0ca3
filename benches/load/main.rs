//! How fast the program takes events and works on them, and what that costs: memory, processor, disk.
//!
//! Starts the real binary on a fresh directory, sends it events over HTTP and waits until the journal is empty, so that
//! what is counted is done and durable. Beside each figure stands what share it is of the *limit*: of these very events,
//! so many a second the same cores could only gunzip, parse once and compress by zstd, doing nothing else with them. The
//! generator runs on the same machine and is counted to nobody; what it takes is said. Figures of a busy machine compare
//! with nothing but their own limit. `docs/performance.md` says how each figure is come by.
//!
//! ```sh
//! cargo bench --bench load                          # closed loop: 4, 10 and 50 KB, 16 connections
//! cargo bench --bench load -- --ramp --soak 1800    # open loop to the knee, then a soak at 90 % of it
//! cargo bench --bench load -- --burst 100000        # as many events of 4 KB as fast as they are accepted
//! cargo bench --bench load -- --visible             # from the 200 until an event is on the API
//! cargo bench --bench load -- --million             # pages and starts with 1,000,000 events in 10,000 issues
//! cargo bench --bench load -- --alerts 100          # from a first event until somebody is told
//! cargo bench --bench load -- --all                 # all of these but the last
//! cargo bench --bench load -- --json > now.json     # and: --compare before.json
//! ```
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on fails")]

#[path = "../../tests/harness/mod.rs"]
mod harness;

mod alerts;
mod burst;
mod closed;
mod connection;
mod drive;
mod events;
mod goals;
mod limit;
mod million;
mod process;
mod ramp;
mod receiver;
mod report;
mod visible;
mod watch;

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use report::Report;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// How fast events are accepted and worked on.
#[derive(Parser)]
struct Flags {
    /// Sizes of events in a closed loop and a soak, in KB; the soak takes the first.
    #[arg(long, value_delimiter = ',', default_values_t = [4, 10, 50])]
    sizes: Vec<usize>,
    /// For how many seconds events are sent in a closed loop, as fast as they are answered.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How many connections send at once in a closed loop.
    #[arg(long, default_value_t = drive::CONNECTIONS)]
    connections: usize,
    /// Measure the closed loop beside what else is asked for.
    #[arg(long)]
    closed: bool,
    /// Send at a rate, whatever the answers: raise it until the program does not keep up, then soak.
    #[arg(long)]
    ramp: bool,
    /// For how many seconds, at 90 % of the rate that it kept up with.
    #[arg(long, default_value_t = 300)]
    soak: u64,
    /// Send so many events of 4 KB at once, and see memory come back.
    #[arg(long, value_name = "EVENTS", num_args = 0..=1, default_missing_value = "100000")]
    burst: Option<u64>,
    /// Measure how long it takes until an event can be looked at.
    #[arg(long)]
    visible: bool,
    /// Measure pages and starts with so many events.
    #[arg(long, value_name = "EVENTS", num_args = 0..=1, default_missing_value = "1000000")]
    million: Option<u64>,
    /// Keep these in a directory, or take those that are there.
    #[arg(long, value_name = "DIRECTORY")]
    data: Option<PathBuf>,
    /// Measure all of this.
    #[arg(long)]
    all: bool,
    /// Measure how long the messages about so many first events take instead.
    #[arg(long, value_name = "RUNS")]
    alerts: Option<usize>,
    /// Print JSON instead of tables.
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
    let before = flags.compare.as_deref().map(Report::read);
    let mut report = Report::new();
    for scene in scenes(&flags) {
        scene(&mut report);
        if !flags.json {
            report.write_news(before.as_ref());
        }
    }
    match flags.json {
        true => report.write_json(),
        false => report.write_goals(),
    }
}

/// What measures something and notes it.
type Scene<'a> = Box<dyn Fn(&mut Report) + 'a>;

/// Everything that is asked for; a closed loop when nothing is.
fn scenes(flags: &Flags) -> Vec<Scene<'_>> {
    let burst = flags.burst.or(flags.all.then_some(100_000));
    let million = flags.million.or(flags.all.then_some(1_000_000));
    let others = flags.ramp || burst.is_some() || flags.visible || million.is_some();
    let mut scenes: Vec<Scene<'_>> = Vec::new();
    if flags.closed || flags.all || !others {
        let time = Duration::from_secs(flags.seconds);
        scenes.push(Box::new(move |report| {
            for size in &flags.sizes {
                closed::measure(report, *size, flags.connections, time);
            }
        }));
    }
    if let Some(events) = burst {
        scenes.push(Box::new(move |report| burst::measure(report, events)));
    }
    if flags.visible || flags.all {
        scenes.push(Box::new(visible::measure));
    }
    if flags.ramp || flags.all {
        let soak = Duration::from_secs(flags.soak);
        scenes.push(Box::new(move |report| {
            ramp::measure(report, flags.sizes[0], soak)
        }));
    }
    if let Some(events) = million {
        scenes.push(Box::new(move |report| {
            million::measure(report, events, flags.data.as_deref())
        }));
    }
    scenes
}
