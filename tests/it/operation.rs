//! What machines that watch the program read: health, metrics, request ids.

use crate::harness::envelope::{error_event, new_id, with_event};
use crate::server::Server;

#[test]
fn a_server_that_works_says_so() {
    let server = Server::start();
    for path in ["/health/live", "/health/ready"] {
        let answer = server.api.ask("GET", path, &[], b"");
        assert_eq!(answer.expect(200)["status"], "ok", "{path}");
    }
}

#[test]
fn metrics_count_what_happens() {
    let server = Server::start();
    server
        .api
        .send(&with_event(&error_event(&new_id(), "Kind", "counted")))
        .expect(200);
    server.api.digested();
    let metrics = server.api.ask("GET", "/metrics", &[], b"");
    let text = String::from_utf8(metrics.body).unwrap();
    for name in [
        "tripline_http_requests_total{",
        "tripline_http_request_seconds_bucket{",
        "tripline_journal_entries 0",
        "tripline_journal_bytes",
        "tripline_journal_oldest_seconds",
        "tripline_digested_entries_total",
        "tripline_outcomes_total{",
        "process_resident_memory_bytes",
    ] {
        assert!(text.contains(name), "{name} in\n{text}");
    }
}

#[test]
fn every_answer_names_its_request() {
    let server = Server::start();
    for path in ["/health/live", "/api/0/nowhere/", "/api/42/envelope/", "/"] {
        assert_eq!(
            server.api.ask("GET", path, &[], b"").header("x-request-id").len(),
            32,
            "{path}"
        );
    }
    let named = server
        .api
        .ask("GET", "/health/live", &[("X-Request-Id", "0f0f0f0f-mine")], b"");
    assert_eq!(named.header("x-request-id"), "0f0f0f0f-mine");
}

#[test]
fn a_disk_that_is_almost_full_is_said_before_anything_is_taken() {
    let server = Server::start().restart_with(|config| config.storage.min_free_disk_bytes = u64::MAX / 2);
    let answer = server
        .api
        .send(&with_event(&error_event(&new_id(), "Kind", "no room")));
    assert_eq!(answer.status, 503, "{}", answer.json());
    assert!(answer.header("retry-after").parse::<u32>().is_ok());
    assert!(answer.json()["detail"].is_string());
    assert_eq!(server.api.ask("GET", "/health/ready", &[], b"").status, 503);
    assert_eq!(server.api.ask("GET", "/health/live", &[], b"").status, 200);
    assert_eq!(server.api.issues(""), Vec::<serde_json::Value>::new());
}
