//! How long it takes from an exception in somebody's program until a message about it was taken at the other end.
//!
//! The real binary on a fresh directory, a real SDK, a receiver of webhooks in this process. Each run is the first event
//! of a project of its own, since what starts many issues of one project at once is told in one message. First at rest,
//! then while events arrive at another project.

use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

use sentry::ClientOptions;
use serde_json::json;

use crate::drive;
use crate::events::{Pool, Shop};
use crate::harness::program::{Place, Program};
use crate::harness::{EMAIL, PASSWORD};
use crate::receiver::Receiver;

/// So many other events a second, in the second half.
const RATE: f64 = 1_000.0;

/// Sends so many first events, one after the other, twice; and prints how long their messages took.
pub(crate) fn measure(runs: usize) {
    let receiver = Receiver::start();
    let program = Place::new().start_with(&[
        ("TRIPLINE__BOOTSTRAP__EMAIL", EMAIL),
        ("TRIPLINE__BOOTSTRAP__PASSWORD", PASSWORD),
        ("TRIPLINE__NOTIFY__ALLOW_PRIVATE", "127.0.0.1"),
    ]);
    watch_all(&program, &receiver);
    let idle = tell(&program, &receiver, "idle", runs);
    // What a program sends all day: these issues began before anything is measured.
    let pool = Pool::new(Shop::busy(4_000));
    drive::open(&program, &pool, RATE, Duration::from_secs(5));
    program.api.digested();
    let loaded = thread::scope(|scope| {
        let load = scope.spawn(|| drive::open(&program, &pool, RATE, Duration::from_secs(runs as u64)));
        let loaded = tell(&program, &receiver, "load", runs);
        let sent = load.join().unwrap();
        assert!(
            sent.keeps_up(RATE),
            "{} of {RATE} events a second were accepted",
            sent.rate()
        );
        loaded
    });
    let mut out = std::io::stdout().lock();
    let head = ["p50", "p95", "p99", "most"]
        .map(|it| format!("{it:>10}"))
        .concat();
    writeln!(out, "{:<28}{head}", "first event to message").unwrap();
    for (name, mut times) in [("at rest", idle), ("at 1,000 events/s", loaded)] {
        times.sort_unstable();
        let at = |share: f64| {
            let time = times[((times.len() - 1) as f64 * share).ceil() as usize];
            format!("{:>7} ms", time.as_millis())
        };
        writeln!(out, "{name:<28}{}", [0.5, 0.95, 0.99, 1.0].map(at).concat()).unwrap();
    }
}

/// Has new issues of all projects told to the receiver.
fn watch_all(program: &Program, receiver: &Receiver) {
    let alerts = "/organizations/default/alerts";
    let channel =
        json!({"type": "webhook", "url": receiver.url(), "secret": "0123456789abcdef0123456789abcdef"});
    let body = json!({"name": "receiver", "channel": channel});
    let destination = program
        .api
        .call("POST", &format!("{alerts}/destinations/"), &body)
        .expect(201);
    let rule = json!({
        "name": "New", "when": [{"type": "new_issue"}],
        "actions": [{"type": "send", "destination": destination["id"]}],
    });
    program
        .api
        .call("POST", &format!("{alerts}/rules/"), &rule)
        .expect(201);
}

/// The first events of so many projects, one after the other.
fn tell(program: &Program, receiver: &Receiver, name: &str, runs: usize) -> Vec<Duration> {
    let run = |number: usize| {
        let name = format!("{name}-{number}");
        let dsn = project(program, &name);
        let _client = sentry::init((dsn, ClientOptions::default()));
        let begin = Instant::now();
        sentry::capture_message(&format!("the first event of {name}."), sentry::Level::Error);
        receiver.wait(&format!("the first event of {name}.")) - begin
    };
    (0..runs).map(run).collect()
}

/// A new project's DSN.
fn project(program: &Program, name: &str) -> String {
    let body = json!({"name": name, "slug": name});
    program
        .api
        .call("POST", "/organizations/default/projects/", &body)
        .expect(201);
    let keys = program.api.get(&format!("/projects/default/{name}/keys/"));
    keys[0]["dsn"]["public"].as_str().unwrap().to_owned()
}
