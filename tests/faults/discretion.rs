//! The log says what happens, line by line as JSON, and keeps secrets and payloads to itself.

use serde_json::{Value, json};

use crate::harness::envelope::{error_event, new_id, with_event};
use crate::harness::program::Place;
use crate::harness::{DSN_KEY, EMAIL, PASSWORD, TOKEN};

#[test]
fn the_log_tells_no_secret_at_any_level() {
    let place = Place::new();
    let program = place.start_with(&[
        ("TRIPLINE__BOOTSTRAP__EMAIL", EMAIL),
        ("TRIPLINE__BOOTSTRAP__PASSWORD", PASSWORD),
        ("TRIPLINE__LOG__LEVEL", "trace"),
    ]);
    let api = &program.api;
    let sign_in = |password: &str| {
        let body = json!({"email": EMAIL, "password": password}).to_string();
        api.ask(
            "POST",
            "/api/0/auth/",
            &[("Content-Type", "application/json")],
            body.as_bytes(),
        )
    };
    assert_eq!(sign_in("a wrong password").status, 401);
    let signed_in = sign_in(PASSWORD);
    let cookie = signed_in
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let (_, session) = cookie.split_once('=').unwrap();
    assert_eq!(
        api.ask("GET", "/api/0/auth/", &[("Cookie", &cookie)], b"").status,
        200
    );
    api.send(&with_event(&error_event(
        &new_id(),
        "Whisper",
        "a secret of the shop",
    )))
    .expect(200);
    api.digested();
    assert_eq!(api.issues("Whisper").len(), 1);
    assert_eq!(
        api.try_ask("POST", "/api/42/envelope/", &[], b"a garbled secret")
            .unwrap()
            .status,
        401
    );
    let token = api
        .call("POST", "/api-tokens/", &json!({"name": "script"}))
        .expect(201);
    let secrets = [
        PASSWORD,
        "a wrong password",
        TOKEN,
        session,
        "secret",
        token["token"].as_str().unwrap(),
        DSN_KEY,
    ];

    let (status, place) = program.stop();
    assert!(status.success());
    let log = place.log();
    assert!(log.lines().count() > 3, "{log}");
    for line in log.lines() {
        let told: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(
            told["timestamp"].is_string() && told["level"].is_string(),
            "{line}"
        );
        for secret in secrets {
            assert!(!line.contains(secret), "{secret} in {line}");
        }
    }
}
