//! Limits and memory hold whatever is done to the program.

use std::io::Write;
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::bombs::peak_memory;
use crate::harness::envelope::{error_event, new_id, with_event, with_items};
use crate::harness::program::{Place, Program};
use crate::harness::{DSN_KEY, PROJECT_ID};

/// Clients that send at the same time.
const CLIENTS: usize = 8;
/// How many errors are taken in the month.
const LIMIT: u64 = 400;

fn error() -> Vec<u8> {
    with_event(&error_event(&new_id(), "Full", "too much"))
}

/// Kills in the middle of a flood: never one more than the limit, every place of it is used in the end, and whoever was
/// told that it is taken, or too much, is counted so.
#[test]
fn a_quota_is_exact_however_often_the_program_is_killed() {
    let (taken, refused) = (AtomicU64::new(0), AtomicU64::new(0));
    let mut program = Program::start();
    let quota = json!({"quotas": [{"categories": ["error"], "window": "month", "count": LIMIT}]});
    program
        .api
        .call("PUT", "/projects/default/shop/quotas/", &quota)
        .expect(200);
    for _ in 0..5 {
        let place = thread::scope(|scope| {
            for _ in 0..CLIENTS {
                let (api, taken, refused) = (program.api.clone(), &taken, &refused);
                scope.spawn(move || {
                    for _ in 0..100 {
                        match api.try_send(&error()).map(|answer| answer.status) {
                            Some(200) => drop(taken.fetch_add(1, Ordering::Relaxed)),
                            Some(429) => drop(refused.fetch_add(1, Ordering::Relaxed)),
                            Some(status) => panic!("{status}"),
                            None => return,
                        }
                    }
                });
            }
            thread::sleep(Duration::from_millis(rand::random_range(20..200)));
            program.kill()
        });
        program = place.start();
    }
    while program.api.send(&error()).status == 200 {}
    refused.fetch_add(1, Ordering::Relaxed);
    let ledger = program.api.ledger();
    let of = |name: &str| {
        ledger
            .iter()
            .find(|(known, _)| known == name)
            .map_or(0, |(_, count)| *count)
    };
    assert_eq!(of("error accepted"), LIMIT, "{ledger:?}");
    assert!(taken.into_inner() <= LIMIT);
    let told = refused.into_inner();
    assert!(
        of("error rate_limited project_per_month") >= told,
        "{told}: {ledger:?}"
    );
}

/// Many who begin and never end: they are given up, and meanwhile others are served in little memory.
#[test]
fn a_crowd_of_slow_clients_takes_little_memory() {
    let program = Place::new().start_with(&[
        ("TRIPLINE__SERVER__MAX_CONNECTIONS", "2000"),
        ("TRIPLINE__SERVER__IDLE_TIMEOUT_SECONDS", "20"),
    ]);
    let before = peak_memory(&program);
    let address = program.api.url.trim_start_matches("http://").to_owned();
    let head = format!("POST /api/{PROJECT_ID}/envelope/?sentry_key={DSN_KEY} HTTP/1.1\r\nHost: here\r\n");
    let crowd: Vec<TcpStream> = (0..800)
        .map(|n| {
            let mut client = TcpStream::connect(&address).unwrap();
            let body = "Content-Length: 100000000\r\n\r\n{}\n{\"type\":\"event\"}\n";
            client.write_all(head.as_bytes()).unwrap();
            client
                .write_all(if n % 2 == 0 { body } else { "X-" }.as_bytes())
                .unwrap();
            client
        })
        .collect();
    program.api.send(&error()).expect(200);
    let grown = peak_memory(&program).saturating_sub(before);
    assert!(grown < 60 << 20, "{} MiB", grown >> 20);
    drop(crowd);
}

/// A huge envelope is in memory about twice while it is taken, and once more, in pieces, when it is digested.
#[test]
fn a_huge_envelope_is_held_a_few_times_and_no_more() {
    const SIZE: usize = 40 << 20;
    let program = Place::new().start();
    let before = peak_memory(&program);
    let id = new_id();
    let event = error_event(&id, "Huge", "file").to_string().into_bytes();
    let file = json!({"filename": "dump"});
    let envelope = with_items(
        Some(&id),
        &[("event", json!({}), event), ("attachment", file, vec![7; SIZE])],
    );
    program.api.send(&envelope).expect(200);
    let grown = peak_memory(&program).saturating_sub(before);
    // Twice while it is written, once while it is digested, which begins before the allocator has given back the first two;
    // beside it, what a program takes that has just begun to work.
    assert!(grown < 4 * SIZE + (40 << 20), "{} MiB", grown >> 20);
    program.api.digested();
    assert_eq!(
        program
            .api
            .ledger()
            .iter()
            .map(|(name, _)| &name[..])
            .collect::<Vec<_>>(),
        [
            "attachment accepted",
            "attachment_item accepted",
            "error accepted",
        ]
    );
}
