//! What the program takes while it works: memory, processor, disk; how long its journal is, and how long a page takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::harness::api::Api;
use crate::harness::program::Program;
use crate::process::{self, Disk};

/// How often it is looked at.
pub(crate) const PERIOD: Duration = Duration::from_millis(200);
/// What is freed is given back to the system after a while, and the index is written behind.
const CALM: Duration = Duration::from_secs(5);

/// Looks at a program until it is finished with.
pub(crate) struct Watch {
    idle: u64,
    cpu: [Duration; 2],
    disk: Disk,
    begin: Instant,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Series>,
}

/// What was seen while it ran, every 200 ms.
#[derive(Debug, Default)]
pub(crate) struct Series {
    /// Bytes of memory.
    pub(crate) memory: Vec<u64>,
    /// Entries of the journal.
    pub(crate) journal: Vec<u64>,
    /// How long the list of issues took.
    pub(crate) pages: Vec<Duration>,
}

/// What a program took.
#[derive(Debug)]
pub(crate) struct Watched {
    /// Bytes of memory before, at rest.
    pub(crate) idle: u64,
    /// Bytes of memory a little later.
    pub(crate) after: u64,
    /// Time of processors that the program had.
    pub(crate) cpu: Duration,
    /// Time of processors that sending and looking had.
    pub(crate) generator: Duration,
    /// Bytes on disk that were added.
    pub(crate) disk: Disk,
    /// Issues that there are.
    pub(crate) issues: usize,
    /// From the first event until the last one was worked on.
    pub(crate) took: Duration,
    /// What was seen meanwhile.
    pub(crate) series: Series,
}

impl Watched {
    /// Bytes of memory at most.
    pub(crate) fn peak(&self) -> u64 {
        self.series.memory.iter().copied().max().unwrap_or_default()
    }
}

impl Watch {
    pub(crate) fn start(program: &Program) -> Self {
        thread::sleep(CALM);
        let stop = Arc::new(AtomicBool::new(false));
        let (pid, api, stopped) = (program.id(), program.api.clone(), stop.clone());
        Self {
            idle: process::memory(pid),
            cpu: [pid, std::process::id()].map(process::cpu),
            disk: Disk::of(&program.place().data()),
            begin: Instant::now(),
            thread: thread::spawn(move || look(pid, &api, &stopped)),
            stop,
        }
    }

    /// Waits until all that was accepted was worked on.
    pub(crate) fn finish(self, program: &Program) -> Watched {
        drained(&program.api);
        let took = self.begin.elapsed();
        let [cpu, generator] = [program.id(), std::process::id()].map(process::cpu);
        self.stop.store(true, Ordering::Relaxed);
        let mut series = self.thread.join().unwrap();
        series.pages.sort_unstable();
        thread::sleep(CALM);
        Watched {
            idle: self.idle,
            after: process::memory(program.id()),
            cpu: cpu - self.cpu[0],
            generator: generator - self.cpu[1],
            disk: Disk::of(&program.place().data()).since(self.disk),
            issues: program.api.issues("").len(),
            took,
            series,
        }
    }
}

/// Waits until the journal is empty.
pub(crate) fn drained(api: &Api) {
    while waiting(api) > 0 {
        thread::sleep(Duration::from_millis(20));
    }
}

/// How many entries of the journal wait.
pub(crate) fn waiting(api: &Api) -> u64 {
    metric(api, "tripline_journal_entries")
}

fn look(pid: u32, api: &Api, stop: &AtomicBool) -> Series {
    let mut series = Series::default();
    while !stop.load(Ordering::Relaxed) {
        series.memory.push(process::memory(pid));
        series.journal.push(waiting(api));
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
