//! `kill -9` while space is freed: payloads are let go, checkpoints written, segments swept, round after round under a budget
//! that what is sent exceeds many times. What is let go is counted all the same.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use rand::RngExt;
use serde_json::json;

use crate::Flags;
use crate::harness::api::Api;
use crate::harness::clients::accepted;
use crate::harness::envelope::{error_event, new_id, with_items};
use crate::harness::program::Place;
use crate::tally::{Missing, Tally};

/// The least that may be set.
const BUDGET: u64 = 64 << 20;
const CONNECTIONS: usize = 4;
/// Breadcrumbs of an event, hexadecimal digits of chance in each (half of that is left of it on disk), and bytes of its file.
const CRUMBS: usize = 80;
const CRUMB: usize = 1_000;
const FILE: usize = 64 << 10;
/// It is killed within so many milliseconds after the first answer.
const MOST_MILLISECONDS: u64 = 2_500;

pub(crate) fn play(flags: &Flags, tally: &mut Tally) -> Result<(), Missing> {
    let place = Place::new()
        .set("TRIPLINE__STORAGE__MAX_DISK_BYTES", &BUDGET.to_string())
        .set("TRIPLINE__STORAGE__SAMPLE_ABOVE", "0");
    let (mut acknowledged, mut unanswered, mut sizes) = (0, 0, Vec::new());
    for round in 1..=flags.rounds {
        let program = place.start();
        let api = program.api.clone();
        let sending = thread::spawn(move || send(&api));
        thread::sleep(Duration::from_millis(rand::random_range(0..MOST_MILLISECONDS)));
        program.kill();
        let sent = sending.join().unwrap();
        acknowledged += sent.acknowledged;
        unanswered += sent.unanswered;
        tally.count("events refused for want of room", sent.refused);
        tally.count("kills while space was freed", 1);

        let when = format!("round {round}");
        let taken = size_of(&place.data());
        tally.check(taken <= BUDGET, || format!("{when}: {taken} bytes are on disk"));
        sizes.push(taken >> 20);
        let program = place.start();
        program.api.digested();
        let counts = program.api.issues("").into_iter();
        let counts = counts.map(|it| it["count"].as_str().unwrap().parse::<u64>().unwrap());
        let (counted, ledger) = (counts.sum::<u64>(), accepted(&program.api));
        tally.check(counted == ledger, || {
            format!("{when}: issues count {counted} events, the ledger {ledger}")
        });
        tally.check(
            (acknowledged..=acknowledged + unanswered).contains(&ledger),
            || {
                format!(
                    "{when}: {acknowledged} acknowledged, {unanswered} unanswered, the ledger says {ledger}"
                )
            },
        );
        let (status, place) = program.stop();
        tally.check(status.success(), || format!("{when}: a stop ended with {status}"));
        if round.is_multiple_of(flags.every) || round == flags.rounds {
            tally.verify(&when, &place);
        }
    }
    tally.count("events acknowledged", acknowledged);
    tally.count(
        "MB on disk at the most",
        sizes.into_iter().max().unwrap_or_default(),
    );
    tally.no_panic("all rounds", &place);
    Ok(())
}

/// What was sent in a round.
#[derive(Default)]
struct Sent {
    acknowledged: u64,
    refused: u64,
    unanswered: u64,
}

/// Sends from several connections until the server is gone.
fn send(api: &Api) -> Sent {
    let (acknowledged, refused) = (AtomicU64::new(0), AtomicU64::new(0));
    thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                while let Some(answer) = api.try_send(&large_event()) {
                    let count = match answer.status {
                        200 => &acknowledged,
                        503 => &refused,
                        status => panic!("{status}: {}", String::from_utf8_lossy(&answer.body)),
                    };
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    Sent {
        acknowledged: acknowledged.into_inner(),
        refused: refused.into_inner(),
        unanswered: CONNECTIONS as u64,
    }
}

/// An error with much that nothing else has in common with it, and a file.
fn large_event() -> Vec<u8> {
    let id = new_id();
    let mut event = error_event(&id, "Large", "there is little room");
    let crumbs = (0..CRUMBS).map(|_| json!({"message": hex::encode(chance(CRUMB / 2))}));
    event["breadcrumbs"] = crumbs.collect();
    let event = event.to_string().into_bytes();
    let file = (json!({"filename": "chance"}), chance(FILE));
    with_items(
        Some(&id),
        &[("event", json!({}), event), ("attachment", file.0, file.1)],
    )
}

fn chance(bytes: usize) -> Vec<u8> {
    let mut chance = vec![0; bytes];
    rand::rng().fill(&mut chance[..]);
    chance
}

/// Bytes of all files below a directory.
fn size_of(path: &Path) -> u64 {
    let entries = fs::read_dir(path).unwrap().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => size_of(&entry.path()),
        metadata => metadata.map_or(0, |it| it.len()),
    });
    sizes.sum()
}
