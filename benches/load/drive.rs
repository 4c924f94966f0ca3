//! Sends events. In a closed loop the next one follows the answer; in an open one they are sent when their time has come,
//! and a late answer counts from then (Schroeder, Wierman, Harchol-Balter: Open versus closed, NSDI 2006).

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::connection::Connection;
use crate::events::Pool;
use crate::harness::program::Program;

/// Over so many connections a closed loop sends unless it is told otherwise.
pub(crate) const CONNECTIONS: usize = 16;

/// What came of sending.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    /// How many events were accepted.
    pub(crate) accepted: u64,
    /// How many were refused, or got no answer.
    pub(crate) refused: u64,
    /// How long it took.
    pub(crate) took: Duration,
    /// How long each answer took, sorted.
    answers: Vec<Duration>,
}

impl Sent {
    /// Accepted events a second.
    pub(crate) fn rate(&self) -> f64 {
        self.accepted as f64 / self.took.as_secs_f64()
    }

    /// The milliseconds within which this share of the answers came.
    pub(crate) fn milliseconds(&self, share: f64) -> f64 {
        percentile(&self.answers, share)
    }

    /// Whether events were accepted as they came.
    pub(crate) fn keeps_up(&self, rate: f64) -> bool {
        self.rate() > 0.97 * rate && self.refused == 0 && self.milliseconds(0.99) < 1_000.0
    }
}

/// The milliseconds within which this share of sorted times lies.
pub(crate) fn percentile(sorted: &[Duration], share: f64) -> f64 {
    let at = (sorted.len() as f64 * share) as usize;
    let time = sorted.get(at).or(sorted.last()).copied().unwrap_or_default();
    time.as_secs_f64() * 1_000.0
}

/// As many as are answered within `time`, over so many connections.
pub(crate) fn closed(program: &Program, pool: &Pool, connections: usize, time: Duration) -> Sent {
    let begin = Instant::now();
    let next = |number: u64| (begin.elapsed() < time).then_some((number, Instant::now()));
    send(program, pool, connections, begin, &next)
}

/// `events`, as fast as they are answered.
pub(crate) fn all(program: &Program, pool: &Pool, connections: usize, events: u64) -> Sent {
    let next = |number: u64| (number < events).then_some((number, Instant::now()));
    send(program, pool, connections, Instant::now(), &next)
}

/// `rate` a second, for `time`.
pub(crate) fn open(program: &Program, pool: &Pool, rate: f64, time: Duration) -> Sent {
    /// More than can be under way at once as long as the program keeps up.
    const CONNECTIONS: usize = 64;
    let begin = Instant::now();
    let next = |number: u64| {
        let due = Duration::from_secs_f64(number as f64 / rate);
        (due < time).then(|| {
            thread::sleep(due.saturating_sub(begin.elapsed()));
            (number, begin + due)
        })
    };
    send(program, pool, CONNECTIONS, begin, &next)
}

fn send(
    program: &Program,
    pool: &Pool,
    connections: usize,
    begin: Instant,
    next: &(dyn Fn(u64) -> Option<(u64, Instant)> + Sync),
) -> Sent {
    let (counter, sent) = (AtomicU64::new(0), Mutex::new(Sent::default()));
    thread::scope(|scope| {
        for _ in 0..connections {
            scope.spawn(|| {
                let mut connection = Connection::new(program);
                let (mut answers, mut refused) = (Vec::new(), 0);
                while let Some((number, due)) = next(counter.fetch_add(1, Ordering::Relaxed)) {
                    match connection.send(pool, number, rand::random()) {
                        Some(200) => answers.push(due.elapsed()),
                        _ => refused += 1,
                    }
                }
                let mut sent = sent.lock().unwrap();
                sent.answers.append(&mut answers);
                sent.refused += refused;
            });
        }
    });
    let mut sent = sent.into_inner().unwrap();
    sent.took = begin.elapsed();
    sent.answers.sort_unstable();
    sent.accepted = sent.answers.len() as u64;
    sent
}
