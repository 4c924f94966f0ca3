//! What no tracker that keeps its events can be faster than: unpack, parse once, pack again, on all cores.

use std::io::Read;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::events::Pool;
use crate::process;

/// What only that comes to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    /// Events a second.
    pub(crate) rate: f64,
    /// Seconds of processors for 1,000 events.
    pub(crate) cpu: f64,
    /// Bytes of an event as zstd leaves them.
    pub(crate) bytes: f64,
}

impl Limit {
    /// Measures it, for two seconds.
    pub(crate) fn of(pool: &Pool) -> Self {
        const TIME: Duration = Duration::from_secs(2);
        let bodies = pool.bodies();
        let (packed, mut events) = (AtomicU64::new(0), 0);
        let (begin, before) = (Instant::now(), process::cpu(std::process::id()));
        while begin.elapsed() < TIME {
            bodies.par_iter().for_each(|body| {
                packed.fetch_add(work(body) as u64, Ordering::Relaxed);
            });
            events += bodies.len();
        }
        let events = events as f64;
        let cpu = process::cpu(std::process::id()) - before;
        Self {
            rate: events / begin.elapsed().as_secs_f64(),
            cpu: cpu.as_secs_f64() / events * 1_000.0,
            bytes: packed.into_inner() as f64 / events,
        }
    }

    /// The mean of two: what else the machine does changes while something is measured between them.
    pub(crate) fn mean(self, other: Self) -> Self {
        Self {
            rate: (self.rate + other.rate) / 2.0,
            cpu: (self.cpu + other.cpu) / 2.0,
            bytes: (self.bytes + other.bytes) / 2.0,
        }
    }
}

/// The least that has to be done with an event; answers what it takes then.
fn work(body: &[u8]) -> usize {
    let mut plain = Vec::new();
    GzDecoder::new(body).read_to_end(&mut plain).unwrap();
    let payload = plain.splitn(3, |byte| *byte == b'\n').nth(2).unwrap();
    let parsed: serde_json::Value = serde_json::from_slice(payload).unwrap();
    std::hint::black_box(&parsed);
    zstd::bulk::compress(payload, 3).unwrap().len()
}
