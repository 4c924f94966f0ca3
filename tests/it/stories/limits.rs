//! Limits: what is taken, what is turned away, what clients are told, and that all of it is counted.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::harness::DSN_KEY;
use crate::harness::api::Answer;
use crate::harness::envelope::{error_event, new_id, with_event, with_items};
use crate::server::Server;

const QUOTAS: &str = "/projects/default/shop/quotas/";
const LIMITS: &str = "x-sentry-rate-limits";

fn key() -> String {
    format!("/projects/default/shop/keys/{DSN_KEY}/")
}

/// Sets what may be sent to the project.
fn allow(server: &Server, quotas: Value) {
    let kept = server
        .api
        .call("PUT", QUOTAS, &json!({"quotas": quotas}))
        .expect(200);
    assert_eq!(kept["quotas"], quotas);
    assert_eq!(server.api.get(QUOTAS), kept);
}

fn send_error(server: &Server) -> Answer {
    server
        .api
        .send(&with_event(&error_event(&new_id(), "Full", "too much")))
}

/// An error with a file of so many bytes.
fn send_with_file(server: &Server, bytes: usize) -> Answer {
    let id = new_id();
    let event = error_event(&id, "Full", "too much").to_string().into_bytes();
    let file = json!({"filename": "log.txt"});
    let items = [
        ("event", json!({}), event),
        ("attachment", file, vec![b'x'; bytes]),
    ];
    server.api.send(&with_items(Some(&id), &items))
}

fn ledger(server: &Server) -> Vec<(String, u64)> {
    server.api.ledger()
}

fn counts(expected: &[(&str, u64)]) -> Vec<(String, u64)> {
    expected
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count))
        .collect()
}

#[test]
fn a_key_takes_as_many_items_as_it_may_and_says_when_it_takes_more() {
    let server = Server::start();
    let limit = json!({"window": 60, "count": 3});
    let shown = server
        .api
        .call("PUT", &key(), &json!({"rateLimit": limit}))
        .expect(200);
    assert_eq!(shown["rateLimit"], limit);
    assert_eq!(send_error(&server).header(LIMITS), "");
    send_error(&server).expect(200);
    server.pass(SignedDuration::from_secs(15));
    // The last one is taken, with a word on the next.
    let last = send_error(&server);
    assert_eq!(last.header(LIMITS), "45::key:key_per_minute");
    last.expect(200);
    for _ in 0..2 {
        let refused = send_error(&server);
        assert_eq!(refused.header(LIMITS), "45::key:key_per_minute");
        assert_eq!(refused.header("retry-after"), "45");
        refused.expect(429);
    }
    let expected = [("error accepted", 3), ("unknown rate_limited key_per_minute", 2)];
    assert_eq!(ledger(&server), counts(&expected));
    server.pass(SignedDuration::from_secs(45));
    send_error(&server).expect(200);
    let none = server
        .api
        .call("PUT", &key(), &json!({"rateLimit": null}))
        .expect(200);
    assert_eq!((&none["rateLimit"], &none["quotas"]), (&Value::Null, &json!([])));
    for _ in 0..5 {
        send_error(&server).expect(200);
    }
}

#[test]
fn what_is_limited_goes_and_the_rest_is_kept() {
    let server = Server::start();
    allow(
        &server,
        json!([
            {"categories": ["error"], "window": "hour", "count": 3},
            {"categories": ["attachment"], "window": "month", "count": 1000},
        ]),
    );
    send_with_file(&server, 600).expect(200);
    // The file is too much, its event is not.
    let partly = send_with_file(&server, 500);
    assert_eq!(partly.header(LIMITS), "300:attachment:project:project_per_month");
    partly.expect(429);
    send_error(&server).expect(200);
    // An event takes its file along.
    send_with_file(&server, 1).expect(429);
    // Other kinds come through, and hear of it.
    let session = json!({"started": "2026-11-21T11:59:00Z", "attrs": {"release": "1.0"}});
    let session = with_items(None, &[("session", json!({}), session.to_string().into_bytes())]);
    let other = server.api.send(&session);
    assert_eq!(other.header(LIMITS), "300:error:project:project_per_hour");
    other.expect(200);
    let expected = [
        ("attachment accepted", 600),
        ("attachment rate_limited project_per_hour", 1),
        ("attachment rate_limited project_per_month", 500),
        ("attachment_item accepted", 1),
        ("attachment_item rate_limited project_per_hour", 1),
        ("attachment_item rate_limited project_per_month", 1),
        ("error accepted", 3),
        ("error rate_limited project_per_hour", 1),
        ("session accepted", 1),
    ];
    assert_eq!(ledger(&server), counts(&expected));
}

/// A flood from many clients, with restarts in between: not one more than the limit, and all of it is counted.
#[test]
fn a_flood_is_counted_to_the_last_request() {
    const CLIENTS: u64 = 8;
    const REQUESTS: u64 = 40;
    let mut server = Server::start();
    allow(
        &server,
        json!([{"categories": [], "window": "day", "count": 500}]),
    );
    let taken = AtomicU64::new(0);
    for _ in 0..3 {
        thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| {
                    for _ in 0..REQUESTS {
                        match send_error(&server).status {
                            200 => drop(taken.fetch_add(1, Ordering::Relaxed)),
                            status => assert_eq!(status, 429),
                        }
                    }
                });
            }
        });
        server = server.restart_with(|_| {});
    }
    assert_eq!(taken.into_inner(), 500);
    let refused = 3 * CLIENTS * REQUESTS - 500;
    let ledger = ledger(&server);
    let of = |outcome: &str| -> u64 {
        let of_it = ledger.iter().filter(|(name, _)| name.contains(outcome));
        of_it.map(|(_, count)| count).sum()
    };
    assert_eq!(
        (of("accepted"), of("rate_limited project_per_day")),
        (500, refused),
        "{ledger:?}"
    );
}

#[test]
fn quotas_that_make_no_sense_are_refused_with_every_reason() {
    let server = Server::start();
    let wrong = json!({"quotas": [
        {"categories": ["errors"], "window": "fortnight", "count": 3},
        {"categories": ["internal"], "window": "hour", "count": 3},
    ]});
    let told = server.api.call("PUT", QUOTAS, &wrong).expect(400);
    assert_eq!(told["causes"].as_array().unwrap().len(), 3, "{told}");
    let wrong = json!({"rateLimit": {"window": 61, "count": 3}});
    server.api.call("PUT", &key(), &wrong).expect(400);
    assert_eq!(
        server.api.get(QUOTAS),
        json!({"quotas": [], "spikeProtection": true})
    );
}

/// A project that sent a little for days is held to far more than that, unless somebody wants it otherwise.
#[test]
fn a_project_that_suddenly_sends_far_more_is_held_to_it() {
    let mut server = Server::start();
    send_error(&server).expect(200);
    server.api.digested();
    server.pass(SignedDuration::from_hours(72));
    server = server.restart_with(|_| {});
    let sessions = json!({"aggregates": [{"started": "2026-11-24T11:59:00Z", "exited": 1}], "attrs": {"release": "1.0"}});
    let logs = json!({"item_count": 10_001});
    let many = with_items(
        None,
        &[
            ("log", logs, vec![b' '; 10_001]),
            ("sessions", json!({}), sessions.to_string().into_bytes()),
        ],
    );
    let refused = server.api.send(&many);
    assert_eq!(refused.header(LIMITS), "300::project:spike_protection");
    refused.expect(429);
    let off = server
        .api
        .call("PUT", QUOTAS, &json!({"spikeProtection": false}))
        .expect(200);
    assert_eq!(off["spikeProtection"], false);
    server.api.send(&many).expect(200);
}
