//! What the program takes while it works: memory, processor, disk; how long its journal is, and how long a page takes.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::harness::api::Api;
use crate::harness::program::Program;

/// How often it is looked at.
const PERIOD: Duration = Duration::from_millis(200);

/// Looks at a program until it is finished with.
pub(crate) struct Watch {
    idle: u64,
    cpu: Duration,
    disk: u64,
    begin: Instant,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Series>,
}

/// What was seen while it ran.
#[derive(Debug, Default)]
struct Series {
    peak: u64,
    journal: Vec<u64>,
    pages: Vec<Duration>,
}

/// What a program took.
#[derive(Debug)]
pub(crate) struct Watched {
    /// Bytes of memory before, at most, and after.
    pub(crate) memory: [u64; 3],
    /// Time of processors.
    pub(crate) cpu: Duration,
    /// Bytes on disk that were added.
    pub(crate) disk: u64,
    /// From the first event until the last one was worked on.
    pub(crate) took: Duration,
    /// Entries of the journal, every 200 ms.
    pub(crate) journal: Vec<u64>,
    /// How long the list of issues took, sorted.
    pub(crate) pages: Vec<Duration>,
}

impl Watch {
    pub(crate) fn start(program: &Program) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (pid, api, stopped) = (program.id(), program.api.clone(), stop.clone());
        Self {
            idle: memory(pid),
            cpu: cpu(pid),
            disk: size(&program.place().data()),
            begin: Instant::now(),
            thread: thread::spawn(move || look(pid, &api, &stopped)),
            stop,
        }
    }

    /// Waits until all events were worked on.
    pub(crate) fn finish(self, program: &Program, events: u64) -> Watched {
        while metric(&program.api, "tripline_digested_entries_total") < events {
            thread::sleep(Duration::from_millis(20));
        }
        let took = self.begin.elapsed();
        let cpu = cpu(program.id()) - self.cpu;
        self.stop.store(true, Ordering::Relaxed);
        let mut series = self.thread.join().unwrap();
        series.pages.sort_unstable();
        // What is freed is given back after a while.
        thread::sleep(Duration::from_secs(5));
        Watched {
            memory: [self.idle, series.peak, memory(program.id())],
            cpu,
            disk: size(&program.place().data()).saturating_sub(self.disk),
            took,
            journal: series.journal,
            pages: series.pages,
        }
    }
}

fn look(pid: u32, api: &Api, stop: &AtomicBool) -> Series {
    let mut series = Series::default();
    while !stop.load(Ordering::Relaxed) {
        series.peak = series.peak.max(memory(pid));
        series.journal.push(metric(api, "tripline_journal_entries"));
        let asked = Instant::now();
        api.get("/organizations/default/issues/?query=is:unresolved");
        series.pages.push(asked.elapsed());
        thread::sleep(PERIOD);
    }
    series
}

/// A figure of the program's own metrics; 0 before there is one.
fn metric(api: &Api, name: &str) -> u64 {
    let answer = api.ask("GET", "/metrics", &[], b"");
    let text = String::from_utf8(answer.body).unwrap();
    let line = text.lines().find(|line| line.starts_with(name));
    let figure = line.and_then(|line| line.rsplit(' ').next()?.parse::<f64>().ok());
    figure.unwrap_or(0.0) as u64
}

/// Bytes of memory that a process has.
fn memory(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    let kilobytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes * 1_024
}

/// Time that a process had of processors, in the kernel too: fields 14 and 15 of proc(5), in hundredths of seconds.
fn cpu(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = fields[11..13]
        .iter()
        .map(|field| field.parse::<u64>().unwrap())
        .sum();
    Duration::from_millis(ticks * 10)
}

/// Bytes that a directory takes on disk.
fn size(directory: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let entries = fs::read_dir(directory).unwrap().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(it) if it.is_dir() => size(&entry.path()),
            Ok(it) => it.blocks() * 512,
            Err(_) => 0,
        })
        .sum()
}
