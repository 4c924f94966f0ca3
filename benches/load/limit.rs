//! What no tracker that keeps its events can be faster than: unpack, parse once, pack again, on all cores.

use std::io::Read;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::events::Pool;

/// Events a second.
pub(crate) fn limit(pool: &Pool) -> f64 {
    const TIME: Duration = Duration::from_secs(2);
    let bodies: Vec<_> = pool.bodies().collect();
    let (begin, mut events) = (Instant::now(), 0);
    while begin.elapsed() < TIME {
        bodies.par_iter().for_each(|body| {
            let mut plain = Vec::new();
            GzDecoder::new(&body[..]).read_to_end(&mut plain).unwrap();
            let payload = plain.splitn(3, |byte| *byte == b'\n').nth(2).unwrap();
            let parsed: serde_json::Value = serde_json::from_slice(payload).unwrap();
            let packed = zstd::bulk::compress(payload, 3).unwrap();
            std::hint::black_box((parsed, packed));
        });
        events += bodies.len();
    }
    events as f64 / begin.elapsed().as_secs_f64()
}
