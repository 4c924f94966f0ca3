//! `POST` and `GET /api/{project_id}/store/`: one event, as clients sent it before there were envelopes.

use std::io::Write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::harness::api::escape;
use crate::harness::envelope::{error_event, new_id, with_event};
use crate::harness::{DSN_KEY, PROJECT_ID};
use crate::server::Server;

#[test]
fn all_forms_of_a_body_bring_the_event() {
    let server = Server::start();
    let event = || {
        let id = new_id();
        (id.clone(), error_event(&id, "Kind", "from long ago").to_string())
    };
    let zlib = |text: &str| {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let auth = format!("Sentry sentry_version=5, sentry_key={DSN_KEY}, sentry_client=raven-ruby/3.1.2");
    let path = format!("/api/{PROJECT_ID}/store/");
    let (plain, deflated, encoded, enveloped, nameless) = (event(), event(), event(), event(), event());
    let bodies = [
        (&plain, &path, "application/json", plain.1.clone().into_bytes()),
        (
            &deflated,
            &path,
            "application/octet-stream",
            BASE64_STANDARD.encode(zlib(&deflated.1)).into_bytes(),
        ),
        (
            &encoded,
            &path,
            "application/octet-stream",
            BASE64_STANDARD.encode(&encoded.1).into_bytes(),
        ),
        (
            &enveloped,
            &path,
            "application/x-sentry-envelope",
            with_event(&serde_json::from_str(&enveloped.1).unwrap()),
        ),
        (
            &nameless,
            &"/api/store/".to_owned(),
            "application/json",
            nameless.1.clone().into_bytes(),
        ),
    ];
    for ((id, _), path, kind, body) in bodies {
        let answer = server.api.ask(
            "POST",
            path,
            &[("X-Sentry-Auth", auth.as_str()), ("Content-Type", kind)],
            &body,
        );
        assert_eq!(answer.expect(200)["id"], *id, "{path} {kind}");
        server.api.digested();
        assert_eq!(server.api.event(id)["title"], "Kind: from long ago");
    }
}

#[test]
fn a_picture_brings_an_event_too() {
    let server = Server::start();
    let id = new_id();
    let data = BASE64_STANDARD.encode(error_event(&id, "Kind", "as a picture").to_string());
    let path = format!(
        "/api/{PROJECT_ID}/store/?sentry_key={DSN_KEY}&sentry_data={}",
        escape(&data)
    );
    let answer = server.api.ask("GET", &path, &[], b"");
    assert_eq!((answer.status, answer.header("content-type")), (200, "image/gif"));
    server.api.digested();
    assert_eq!(server.api.event(&id)["title"], "Kind: as a picture");
}

#[test]
fn rubbish_is_refused() {
    let server = Server::start();
    let path = format!("/api/{PROJECT_ID}/store/?sentry_key={DSN_KEY}");
    for body in ["", "rubbish", "[1, 2]", "{\"event_id\":"] {
        let answer = server.api.ask("POST", &path, &[], body.as_bytes());
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.json()["detail"].is_string(), "{body}");
    }
}
