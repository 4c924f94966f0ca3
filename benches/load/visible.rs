//! How long it takes from the 200 until an event can be looked at: at rest, and while 1,000 others arrive a second.

use std::thread;
use std::time::{Duration, Instant};

use crate::connection::Connection;
use crate::drive::{self, percentile};
use crate::events::{Pool, Shop};
use crate::harness::program::Program;
use crate::harness::{PATIENCE, PROJECT};
use crate::report::{Report, Sheet};

const RATE: f64 = 1_000.0;
/// For so long one event after the other is looked for.
const TIME: Duration = Duration::from_secs(30);

/// With events of 4 KB, on a directory of its own.
pub(crate) fn measure(report: &mut Report) {
    let pool = Pool::new(Shop::busy(4_000));
    let program = Program::start();
    // What a program sends all day: these issues began before anything is measured.
    drive::open(&program, &pool, RATE, Duration::from_secs(5));
    program.api.digested();
    let times = look(&program, &pool);
    write(&mut report.sheet("visible", "at rest"), &times);
    let (times, sent) = thread::scope(|scope| {
        let load = scope.spawn(|| drive::open(&program, &pool, RATE, TIME + Duration::from_secs(5)));
        (look(&program, &pool), load.join().unwrap())
    });
    program.stop();
    let mut sheet = report.sheet("visible", "1,000/s");
    write(&mut sheet, &times);
    sheet.add("accepted, events/s", sent.rate());
    sheet.add("refused, events", sent.refused as f64);
    for (name, share) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
        sheet.add(&format!("ack {name}, ms"), sent.milliseconds(share));
    }
}

fn write(sheet: &mut Sheet<'_>, times: &[Duration]) {
    sheet.add("visible p50, ms", percentile(times, 0.5));
    sheet.add("visible p99, ms", percentile(times, 0.99));
}

/// How long it took until each of some events was there, sorted.
fn look(program: &Program, pool: &Pool) -> Vec<Duration> {
    let mut connection = Connection::new(program);
    let mut look = |number| {
        let id: u128 = rand::random();
        assert_eq!(connection.send(pool, number, id), Some(200));
        let answered = Instant::now();
        let path = format!("/projects/default/{PROJECT}/events/{id:032x}/");
        loop {
            let answer = program.api.call("GET", &path, &serde_json::Value::Null);
            if answer.status == 200 {
                break;
            }
            assert!(answered.elapsed() < PATIENCE, "{path} is not there");
            thread::sleep(Duration::from_millis(1));
        }
        let took = answered.elapsed();
        // Not in step with anything the program does by the clock.
        thread::sleep(Duration::from_millis(rand::random_range(20..200)));
        took
    };
    let begin = Instant::now();
    let mut times: Vec<_> = (0..)
        .take_while(|_| begin.elapsed() < TIME)
        .map(&mut look)
        .collect();
    times.sort_unstable();
    times
}
