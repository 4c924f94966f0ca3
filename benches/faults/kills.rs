//! `kill -9`, round after round on one data directory, at moments that differ.

use std::process::Stdio;
use std::time::Duration;
use std::{fs, thread};

use crate::Flags;
use crate::harness::clients::{Clients, accepted};
use crate::harness::program::{Place, Program};
use crate::tally::{Missing, Tally};

/// When it is killed.
enum Moment {
    /// While clients send, after any number of answers: accepting, digesting, committing.
    Load,
    /// Any time after it began to start: reading the journal, catching up with the segments.
    Start,
    /// While clients send, any time after a backup began beside it.
    Backup,
    /// Any time after a command of maintenance began.
    Command(&'static str),
}

/// A kind of round.
struct Kind {
    name: &'static str,
    moment: Moment,
    /// Settings under which what it is about happens often.
    settings: &'static [(&'static str, &'static str)],
}

/// In turn.
const KINDS: &[Kind] = &[
    Kind {
        name: "while clients sent",
        moment: Moment::Load,
        settings: &[],
    },
    Kind {
        name: "while it started",
        moment: Moment::Start,
        settings: &[],
    },
    Kind {
        name: "while clients sent, with many flushes of the index",
        moment: Moment::Load,
        settings: &[("TRIPLINE__STORAGE__CACHE_BYTES", "262144")],
    },
    Kind {
        name: "while a copy was made",
        moment: Moment::Backup,
        settings: &[],
    },
    Kind {
        name: "while the index was made anew",
        moment: Moment::Command("rebuild"),
        settings: &[],
    },
];

/// At most so many events are acknowledged before a kill under load.
const MOST_EVENTS: usize = 150;
/// What is not killed under load is killed within so many milliseconds.
const MOST_MILLISECONDS: u64 = 400;
/// So many earlier events are looked for after each round.
const SAMPLE: usize = 200;

pub(crate) fn play(flags: &Flags, tally: &mut Tally) -> Result<(), Missing> {
    let place = Place::new();
    let mut clients = Clients::default();
    for (round, kind) in (1..=flags.rounds).zip(KINDS.iter().cycle()) {
        let set = |place: Place, (name, value): &(&str, &str)| place.set(name, value);
        let there = kind.settings.iter().fold(place.clone(), set);
        let recent = match kind.moment {
            Moment::Load => {
                let answers = rand::random_range(0..MOST_EVENTS);
                clients.send(there.start(), answers, Program::kill).0
            }
            Moment::Backup => {
                let answers = rand::random_range(0..MOST_EVENTS);
                let end = |program| back_up_and_kill(program, tally);
                clients.send(there.start(), answers, end).0
            }
            Moment::Start => {
                let program = there.spawn(&[]);
                wait_a_little();
                program.kill();
                Vec::new()
            }
            Moment::Command(command) => {
                run_and_kill(&there, command);
                Vec::new()
            }
        };
        tally.count(&format!("kills {}", kind.name), 1);
        let when = format!("round {round}, killed {}", kind.name);
        look(&there, &when, &recent, &clients, tally);
        if round.is_multiple_of(flags.every) || round == flags.rounds {
            look_at_all(&there, &when, &clients, tally);
        }
    }
    tally.count("events acknowledged", clients.acknowledged.len() as u64);
    tally.no_panic("all rounds", &place);
    Ok(())
}

fn wait_a_little() {
    thread::sleep(Duration::from_millis(rand::random_range(0..MOST_MILLISECONDS)));
}

/// A copy that is said to be whole has to be.
fn back_up_and_kill(program: Program, tally: &mut Tally) {
    let place = program.place();
    let copy = place.file("copy");
    let backup = place
        .command(&["backup", copy.to_str().unwrap()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    wait_a_little();
    program.kill();
    if backup.unwrap().wait().unwrap().success() {
        tally.count("copies that were whole", 1);
        let other = Place::new();
        let data = other.data();
        let (code, output, error) = other.run(&[
            "restore",
            copy.to_str().unwrap(),
            "--data",
            data.to_str().unwrap(),
        ]);
        tally.check(code == 0 && output.ends_with("clean\n"), || {
            format!("a copy was said to be whole, its restore ended with {code}: {output}{error}")
        });
    }
    // There is none when it was not even begun.
    let _ = fs::remove_dir_all(copy);
}

fn run_and_kill(place: &Place, command: &str) {
    let output = fs::File::create(place.file("command.log")).unwrap();
    let mut child = place
        .command(&[command, "--data", place.data().to_str().unwrap()])
        .stdout(output.try_clone().unwrap())
        .stderr(output)
        .spawn()
        .unwrap();
    wait_a_little();
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Starts it, and looks for what was acknowledged last and some of what was before; ends it by another kill.
fn look(place: &Place, when: &str, recent: &[String], clients: &Clients, tally: &mut Tally) {
    let program = place.start();
    let api = &program.api;
    api.digested();
    for id in recent.iter().chain(clients.acknowledged.iter().take(SAMPLE)) {
        let path = format!("/projects/default/shop/events/{id}/");
        let status = api.call("GET", &path, &serde_json::Value::Null).status;
        tally.count("events looked for by id", 1);
        tally.check(status == 200, || {
            format!("{when}: event {id} was acknowledged, and is answered {status}")
        });
    }
    let counts = api
        .issues("")
        .into_iter()
        .map(|it| it["count"].as_str().unwrap().parse::<u64>().unwrap());
    let (counted, accepted) = (counts.sum::<u64>(), accepted(api));
    tally.check(counted == accepted, || {
        format!("{when}: issues count {counted} events, the ledger {accepted}")
    });
    program.kill();
}

/// Starts it, compares everything with what clients know, stops it, and has it verified.
fn look_at_all(place: &Place, when: &str, clients: &Clients, tally: &mut Tally) {
    let program = place.start();
    tally.extend(when, clients.broken_promises(&program.api));
    let (status, place) = program.stop();
    tally.check(status.success(), || format!("{when}: a stop ended with {status}"));
    tally.verify(when, &place);
}
