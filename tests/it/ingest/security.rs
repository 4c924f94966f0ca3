//! `POST /api/{project_id}/security/`: what browsers report by themselves.

use serde_json::json;

use crate::harness::{DSN_KEY, PROJECT_ID};
use crate::server::Server;

fn report(blocked: &str) -> serde_json::Value {
    json!({"csp-report": {
        "document-uri": "https://shop.example.com/cart",
        "violated-directive": "img-src",
        "effective-directive": "img-src",
        "original-policy": "default-src 'self'",
        "blocked-uri": blocked,
        "disposition": "enforce",
    }})
}

#[test]
fn a_report_becomes_an_issue() {
    let server = Server::start();
    let path = format!(
        "/api/{PROJECT_ID}/security/?sentry_key={DSN_KEY}&sentry_release=shop@1&sentry_environment=live"
    );
    let kind = [("Content-Type", "application/csp-report")];
    let body = report("https://evil.example.com/a.png").to_string();
    let answer = server.api.ask("POST", &path, &kind, body.as_bytes());
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    server.api.digested();
    let issues = server.api.issues("type:csp");
    assert_eq!(issues.len(), 1);
    assert!(
        issues[0]["title"].as_str().unwrap().contains("evil.example.com"),
        "{}",
        issues[0]
    );
    let event = server.api.get(&format!(
        "/organizations/default/issues/{}/events/latest/",
        issues[0]["id"].as_str().unwrap()
    ));
    assert_eq!(
        (&event["release"]["version"], &event["environment"]),
        (&json!("shop@1"), &json!("live"))
    );
}

#[test]
fn a_batch_brings_all_its_violations() {
    let server = Server::start();
    let path = format!("/api/{PROJECT_ID}/csp-report/?sentry_key={DSN_KEY}");
    let violation = |blocked: &str| {
        json!({"type": "csp-violation", "age": 1, "url": "https://shop.example.com/", "body": {
            "documentURL": "https://shop.example.com/",
            "effectiveDirective": "script-src-elem",
            "blockedURL": blocked,
            "originalPolicy": "default-src 'self'",
        }})
    };
    let batch = json!([violation("https://a.example.com/1.js"), {"type": "deprecation", "body": {}}, violation("https://b.example.com/2.js")]);
    let kind = [("Content-Type", "application/reports+json")];
    assert_eq!(
        server
            .api
            .ask("POST", &path, &kind, batch.to_string().as_bytes())
            .status,
        200
    );
    server.api.digested();
    assert_eq!(server.api.issues("type:csp").len(), 2);
}

#[test]
fn other_media_and_rubbish_are_refused() {
    let server = Server::start();
    let path = format!("/api/{PROJECT_ID}/security/?sentry_key={DSN_KEY}");
    let status = |kind: &str, body: &str| {
        server
            .api
            .ask("POST", &path, &[("Content-Type", kind)], body.as_bytes())
            .status
    };
    assert_eq!(status("image/png", "{}"), 415);
    assert_eq!(status("application/csp-report", "{"), 400);
    assert_eq!(status("application/reports+json", "{}"), 400);
}
