//! A clock that jumps, forth and back, while the program runs and between its runs: by libfaketime.

use std::fs;
use std::path::Path;

use crate::Flags;
use crate::harness::clients::{Clients, envelope};
use crate::harness::envelope::new_id;
use crate::harness::program::{Place, Program};
use crate::tally::{Missing, Tally};

/// Where Debian's `faketime` has it.
const LIBRARY: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
/// What the clock says beside the right time, in turn. Nothing but the time of day jumps: no timer does.
const JUMPS: [&str; 7] = ["+0d", "+3d", "-2d", "+40d", "-1h", "-30d", "+0d"];
const EVENTS: usize = 40;

pub(crate) fn play(_: &Flags, tally: &mut Tally) -> Result<(), Missing> {
    if !Path::new(LIBRARY).exists() {
        return Err(Missing(format!(
            "there is no {LIBRARY}: apt-get install faketime"
        )));
    }
    let place = Place::new();
    let jump = place.file("clock");
    let place = place
        .set("LD_PRELOAD", LIBRARY)
        .set("FAKETIME_TIMESTAMP_FILE", jump.to_str().unwrap())
        .set("FAKETIME_NO_CACHE", "1")
        .set("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    fs::write(&jump, JUMPS[0]).unwrap();
    let mut clients = Clients::default();
    let mut program = place.start();
    for (number, offset) in JUMPS.iter().enumerate() {
        fs::write(&jump, offset).unwrap();
        tally.count("jumps of the clock", 1);
        for _ in 0..EVENTS {
            let id = new_id();
            let status = program.api.send(&envelope(&id)).status;
            tally.check(status == 200, || {
                format!("at {offset}: an event is answered {status}")
            });
            clients.acknowledged.insert(id);
        }
        program.api.digested();
        look(&program, offset, &clients, tally);
        // Every other jump happens while it does not run.
        if number % 2 == 1 {
            program = program.kill().start();
            look(&program, &format!("{offset}, after a kill"), &clients, tally);
        }
    }
    let (status, place) = program.stop();
    tally.check(status.success(), || format!("a stop ended with {status}"));
    tally.verify("after all jumps", &place);
    tally.no_panic("a clock that jumps", &place);
    tally.count("events acknowledged", clients.acknowledged.len() as u64);
    Ok(())
}

/// Whether every event is there, and counted. By id: lists are about spans of time, and the time is wrong.
fn look(program: &Program, when: &str, clients: &Clients, tally: &mut Tally) {
    for id in &clients.acknowledged {
        let path = format!("/projects/default/shop/events/{id}/");
        let status = program.api.call("GET", &path, &serde_json::Value::Null).status;
        tally.check(status == 200, || {
            format!("at {when}: event {id} is answered {status}")
        });
    }
    let issues = program.api.all("/organizations/default/issues/?query=");
    let counts = issues
        .iter()
        .map(|it| it["count"].as_str().unwrap().parse::<usize>().unwrap());
    let (counted, sent) = (counts.sum::<usize>(), clients.acknowledged.len());
    tally.check(counted == sent, || {
        format!("at {when}: {counted} events are counted of {sent}")
    });
}
