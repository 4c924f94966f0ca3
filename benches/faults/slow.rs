//! A disk that takes its time: every fdatasync and fsync is held up by `strace`.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Flags;
use crate::harness::clients::Clients;
use crate::harness::program::{Place, Program};
use crate::tally::{Missing, Tally};

/// How long each takes, in microseconds.
const DELAY: &str = "50000";
const EVENTS: usize = 500;
/// Reads wait for nothing that is written.
const PATIENCE: Duration = Duration::from_secs(1);

pub(crate) fn play(_: &Flags, tally: &mut Tally) -> Result<(), Missing> {
    if Command::new("strace").arg("--version").output().is_err() {
        return Err(Missing("there is no strace".to_owned()));
    }
    let inject = format!("inject=fdatasync,fsync:delay_exit={DELAY}");
    let tracer = [
        "strace",
        "-D",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "trace=fdatasync,fsync",
        "-e",
        &inject,
    ];
    let place = Place::new().under(&tracer);
    let program = place.start();
    let (mut clients, begin) = (Clients::default(), Instant::now());
    let api = program.api.clone();
    let (_, (took, reads)) = clients.send(program, EVENTS, |program: Program| {
        let took = begin.elapsed();
        let reads: Vec<_> = (0..20).map(|_| read(&program)).collect();
        program.kill();
        (took, reads)
    });
    drop(api);
    tally.count("events acknowledged", clients.acknowledged.len() as u64);
    tally.count(
        "ms on average until an event was",
        took.as_millis() as u64 / EVENTS as u64,
    );
    let slowest = reads.iter().max().unwrap();
    tally.count(
        "ms that the slowest list of issues took meanwhile",
        slowest.as_millis() as u64,
    );
    tally.check(*slowest < PATIENCE, || {
        format!("a list of issues took {slowest:?}")
    });
    let program = place.start();
    tally.extend("after a kill", clients.broken_promises(&program.api));
    let (status, place) = program.stop();
    tally.check(status.success(), || format!("a stop ended with {status}"));
    tally.verify("after a stop", &place);
    tally.no_panic("a slow disk", &place);
    Ok(())
}

/// How long a list of issues takes.
fn read(program: &Program) -> Duration {
    thread::sleep(Duration::from_millis(20));
    let asked = Instant::now();
    program
        .api
        .call("GET", "/organizations/default/issues/", &Value::Null)
        .expect(200);
    asked.elapsed()
}
