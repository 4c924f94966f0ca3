//! Every way in which a client says who it is, and what it hears when it does not.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::harness::api::Answer;
use crate::harness::envelope::{error_event, new_id, with_event};
use crate::harness::{DSN_KEY, PROJECT_ID};
use crate::server::Server;

const STRANGER: &str = "ffffffffffffffffffffffffffffffff";

fn send(server: &Server, path: &str, headers: &[(&str, &str)]) -> Answer {
    server.api.ask(
        "POST",
        path,
        headers,
        &with_event(&error_event(&new_id(), "Kind", "hello")),
    )
}

#[test]
fn each_place_for_a_key_will_do() {
    let server = Server::start();
    let path = format!("/api/{PROJECT_ID}/envelope/");
    let sentry =
        format!("Sentry sentry_key={DSN_KEY}, sentry_version=7, sentry_client=test/1, sentry_secret=old");
    let lower_case = format!("sentry  sentry_version=7,sentry_key={DSN_KEY}");
    let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{DSN_KEY}:anything")));
    for headers in [
        [("X-Sentry-Auth", sentry.as_str())],
        [("X-Sentry-Auth", lower_case.as_str())],
        [("Authorization", sentry.as_str())],
        [("Authorization", basic.as_str())],
    ] {
        assert_eq!(send(&server, &path, &headers).status, 200, "{headers:?}");
    }
    let query = format!("{path}?sentry_key={DSN_KEY}&sentry_version=7");
    assert_eq!(send(&server, &query, &[]).status, 200);
    assert_eq!(send(&server, query.trim_end_matches('/'), &[]).status, 200);
    // A gateway's own credentials say nothing about the project.
    assert_eq!(
        send(&server, &query, &[("Authorization", "Bearer of-a-gateway")]).status,
        200
    );
    // A DSN may have a path, and not every proxy strips it.
    assert_eq!(send(&server, &format!("/errors/here{query}"), &[]).status, 200);
}

#[test]
fn a_tunnel_names_the_project_in_the_envelope() {
    let server = Server::start();
    let path = format!("/api/{PROJECT_ID}/envelope/");
    let tunnel = |dsn: &str| {
        let event = error_event(&new_id(), "Kind", "through a tunnel").to_string();
        let body = format!("{{\"dsn\":\"{dsn}\"}}\n{{\"type\":\"event\"}}\n{event}");
        server.api.ask("POST", &path, &[], body.as_bytes())
    };
    assert_eq!(tunnel(&server.api.dsn()).status, 200);
    assert_eq!(tunnel(&server.api.dsn().replace(DSN_KEY, STRANGER)).status, 403);
    assert_eq!(tunnel(&server.api.dsn().replace("/42", "/43")).status, 400);
}

#[test]
fn whoever_is_unknown_hears_so() {
    let server = Server::start();
    let path = format!("/api/{PROJECT_ID}/envelope/");
    let status = |path: &str, auth: &str| {
        let answer = send(&server, path, &[("X-Sentry-Auth", auth)]);
        assert!(answer.json()["detail"].is_string(), "{path} {auth}");
        answer.status
    };
    assert_eq!(status(&path, ""), 401);
    assert_eq!(status(&path, "Sentry"), 401);
    assert_eq!(status(&path, &format!("Sentry sentry_key={STRANGER}")), 403);
    assert_eq!(
        status("/api/43/envelope/", &format!("Sentry sentry_key={DSN_KEY}")),
        403
    );
    assert_eq!(
        status("/api/shop/envelope/", &format!("Sentry sentry_key={DSN_KEY}")),
        400
    );
    assert_eq!(
        status(&path, &format!("Sentry sentry_key={DSN_KEY}, sentry_version=99")),
        400
    );
}

#[test]
fn a_key_that_is_switched_off_is_refused_at_once() {
    let server = Server::start();
    let key = format!("/projects/default/shop/keys/{DSN_KEY}/");
    server
        .api
        .call("PUT", &key, &serde_json::json!({"isActive": false}))
        .expect(200);
    let envelope = with_event(&error_event(&new_id(), "Kind", "hello"));
    assert_eq!(server.api.send(&envelope).status, 403);
    server
        .api
        .call("PUT", &key, &serde_json::json!({"isActive": true}))
        .expect(200);
    assert_eq!(server.api.send(&envelope).status, 200);
}
