//! Sends events. In a closed loop the next one follows the answer; in an open one they are sent when their time has come,
//! and a late answer counts from then (Schroeder, Wierman, Harchol-Balter: Open versus closed, NSDI 2006).

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::events::Pool;
use crate::harness::program::Program;
use crate::harness::{DSN_KEY, PROJECT_ID};

/// What came of sending.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    /// How many events were accepted, in all.
    pub(crate) total: u64,
    /// How many of them while it was measured.
    pub(crate) accepted: u64,
    /// How many were refused.
    pub(crate) refused: u64,
    /// How long it was measured.
    pub(crate) took: Duration,
    /// How long each answer took, sorted.
    pub(crate) answers: Vec<Duration>,
    /// The rate that the program kept up with, when it was looked for.
    pub(crate) rate: Option<f64>,
}

impl Sent {
    /// The time within which this share of the answers came.
    pub(crate) fn percentile(&self, share: f64) -> Duration {
        let at = (self.answers.len() as f64 * share) as usize;
        self.answers
            .get(at)
            .or(self.answers.last())
            .copied()
            .unwrap_or_default()
    }

    /// Whether events were accepted as they came.
    pub(crate) fn keeps_up(&self, rate: f64) -> bool {
        let accepted = self.accepted as f64 / self.took.as_secs_f64();
        accepted > 0.97 * rate && self.refused == 0 && self.percentile(0.99) < Duration::from_secs(1)
    }
}

/// As many as are answered within `time`, over so many connections.
pub(crate) fn closed(program: &Program, pool: &Pool, connections: usize, time: Duration) -> Sent {
    let begin = Instant::now();
    let next = |number: u64| (begin.elapsed() < time).then_some((number, Instant::now()));
    send(program, pool, connections, begin, &next)
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
                let mut connection = Connection::new(program.api.url.trim_start_matches("http://"));
                let (mut answers, mut refused) = (Vec::new(), 0);
                while let Some((number, due)) = next(counter.fetch_add(1, Ordering::Relaxed)) {
                    match connection.post(&pool.body(number)) {
                        200 => answers.push(due.elapsed()),
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
    sent.total = sent.accepted;
    sent
}

/// A connection that is kept. Says and understands what it takes to send an event and no more: the generator shares the
/// cores with the program, and a client made for people takes as long as the server.
struct Connection {
    stream: TcpStream,
    head: String,
    answer: Vec<u8>,
}

impl Connection {
    fn new(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        let head = format!(
            "POST /api/{PROJECT_ID}/envelope/ HTTP/1.1\r\nHost: {address}\r\nContent-Encoding: gzip\r\n\
             X-Sentry-Auth: Sentry sentry_version=7, sentry_client=load/1, sentry_key={DSN_KEY}\r\n"
        );
        Self {
            stream,
            head,
            answer: vec![0; 16 << 10],
        }
    }

    /// Sends a body and answers the status.
    fn post(&mut self, body: &[u8]) -> u16 {
        let mut request = format!("{}Content-Length: {}\r\n\r\n", self.head, body.len()).into_bytes();
        request.extend_from_slice(body);
        self.stream.write_all(&request).unwrap();
        let mut filled = 0;
        loop {
            let more = self.stream.read(&mut self.answer[filled..]).unwrap();
            assert_ne!(more, 0, "the server hung up");
            filled += more;
            let answer = String::from_utf8_lossy(&self.answer[..filled]);
            let Some((head, rest)) = answer.split_once("\r\n\r\n") else {
                continue;
            };
            let length = head.to_ascii_lowercase();
            let length = length.split_once("content-length: ").unwrap().1;
            let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
            if rest.len() >= length {
                return head.split(' ').nth(1).unwrap().parse().unwrap();
            }
        }
    }
}
