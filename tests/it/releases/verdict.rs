//! `…/releases/{version}/compare/` and `verdict/`, and `tripline release check`, which asks the latter.

use std::cell::RefCell;

use serde_json::{Value, json};
use tripline::app::{Check, Unsound, release_check};

use crate::harness::TOKEN;
use crate::harness::envelope::{error_event, new_id, with_event, with_items};
use crate::server::Server;

/// Tells of so many sessions of a release, some of which crashed.
fn sessions(server: &Server, release: &str, environment: &str, exited: u64, crashed: u64) {
    let payload = json!({
        "aggregates": [{"started": "2026-11-21T11:00:00Z", "exited": exited, "crashed": crashed}],
        "attrs": {"release": release, "environment": environment},
    });
    let item = ("sessions", json!({}), payload.to_string().into_bytes());
    server.api.send(&with_items(None, &[item])).expect(200);
}

/// Lets so many users of a release meet an error once.
fn fail(server: &Server, release: &str, environment: &str, kind: &str, times: u32) {
    for user in 0..times {
        let mut event = error_event(&new_id(), kind, "no");
        event["release"] = json!(release);
        event["environment"] = json!(environment);
        event["user"] = json!({"id": format!("{release} {user}")});
        server.api.send(&with_event(&event)).expect(200);
    }
}

/// Two releases with 10,000 sessions each in production, where the second one is worse, and crashes no more.
fn shop() -> Server {
    let server = Server::start();
    for release in ["shop@1.9.0", "shop@2.0.0"] {
        sessions(&server, release, "production", 9_900, 100);
    }
    fail(&server, "shop@1.9.0", "production", "PaymentError", 30);
    fail(&server, "shop@1.9.0", "production", "CartError", 40);
    fail(&server, "shop@1.9.0", "staging", "StagingError", 1);
    fail(&server, "shop@2.0.0", "production", "PaymentError", 180);
    fail(&server, "shop@2.0.0", "production", "CartError", 40);
    fail(&server, "shop@2.0.0", "production", "StagingError", 2);
    // Another package, and a version that one client made up.
    fail(&server, "office@1.0.0", "production", "CartError", 1);
    fail(&server, "shop@1.99.0", "production", "CartError", 1);
    server.api.digested();
    server
}

fn compare(server: &Server, asked: &str) -> Value {
    let path = "/organizations/default/releases/shop@2.0.0/compare/?environment=production";
    server.api.get(&format!("{path}{asked}"))
}

fn titles(list: &Value) -> Vec<&str> {
    let all = list.as_array().unwrap().iter();
    all.map(|it| it["issue"]["title"].as_str().unwrap().split(':').next().unwrap())
        .collect()
}

fn check(server: &Server, release: &str) -> Check {
    Check {
        release: release.to_owned(),
        baseline: None,
        environment: Some("production".to_owned()),
        max_new: None,
        wait: None,
        json: false,
        url: Some(server.api.url.clone()),
        token: Some(TOKEN.to_owned()),
        project: None,
        org: None,
    }
}

/// What is printed, and how it ends.
fn run(check: &Check) -> (String, Result<(), anyhow::Error>) {
    let said = RefCell::new(String::new());
    let outcome = release_check(check, |text| {
        said.borrow_mut().push_str(text);
        Ok(())
    });
    (said.into_inner(), outcome)
}

#[test]
fn a_worse_release_is_told_apart_and_fails_the_check() {
    let server = shop();
    let compared = compare(&server, "");
    assert_eq!(
        (&compared["verdict"], &compared["unit"]),
        (&json!("bad"), &json!("sessions"))
    );
    // The one that a single client made up is newer, and no baseline.
    assert_eq!(compared["baseline"], "shop@1.9.0");
    assert_eq!(compared["candidates"], json!(["shop@1.9.0", "shop@1.99.0"]));
    assert_eq!(titles(&compared["worse"]), ["PaymentError"]);
    let worse = &compared["worse"][0];
    assert_eq!(worse["ratio"], 6.0);
    assert_eq!(
        (&worse["release"]["events"], &worse["release"]["perThousand"]),
        (&json!(180), &json!(18.0))
    );
    // An estimate, beyond 128.
    assert!((175..185).contains(&worse["release"]["users"].as_u64().unwrap()));
    assert_eq!(worse["baseline"]["users"], 30);
    assert_eq!(worse["issue"]["shortId"], "SHOP-1");
    // It was seen before, but not there.
    assert_eq!(titles(&compared["new"]), ["StagingError"]);
    assert!(titles(&compared["better"]).is_empty() && titles(&compared["gone"]).is_empty());
    assert_eq!(compared["crashFree"]["fell"], false);
    assert_eq!(
        compared["release"],
        json!({"sessions": 10_000, "crashed": 100, "events": 222})
    );

    let (said, outcome) = run(&check(&server, "shop@2.0.0"));
    assert!(outcome.unwrap_err().is::<Unsound>());
    assert_eq!(
        said,
        "shop@2.0.0 after shop@1.9.0 in production: bad\n\
         * PaymentError: no is 6.0 times as frequent: 180 in 10,000 sessions against 30 (more than 99.99 % sure)\n"
    );
}

#[test]
fn new_issues_are_counted_when_that_is_asked_for() {
    let server = shop();
    let path = "/projects/default/shop/releases/shop@1.9.0/verdict/?environment=production";
    let verdict = server.api.get(path);
    assert_eq!(
        verdict["verdict"], "too_little_data",
        "there is nothing before it: {verdict}"
    );
    assert_eq!(verdict["baseline"], Value::Null);
    let verdict = server.api.get(&format!("{path}&maxNew=1"));
    assert_eq!(
        verdict["reasons"],
        json!(["2 issues are new, where at most 1 may be"])
    );

    let json = Check {
        json: true,
        ..check(&server, "shop@1.9.0")
    };
    let (said, outcome) = run(&json);
    outcome.unwrap();
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["verdict"], "too_little_data");
    let strict = Check {
        max_new: Some(1),
        ..check(&server, "shop@1.9.0")
    };
    assert!(run(&strict).1.unwrap_err().is::<Unsound>());
}

/// Wherever it was seen first: its story tells that once.
#[test]
fn an_issue_that_came_back_is_regressed() {
    for first in ["production", "staging"] {
        let server = shop();
        let cart = server.api.issues("CartError").remove(0);
        let path = format!("/organizations/default/issues/{}/", cart["id"].as_str().unwrap());
        server.pass(jiff::SignedDuration::from_hours(1));
        server
            .api
            .call("PUT", &path, &json!({"status": "resolved"}))
            .expect(200);
        server.pass(jiff::SignedDuration::from_hours(1));
        for environment in [first, "production"] {
            fail(&server, "shop@2.0.0", environment, "CartError", 1);
            server.api.digested();
        }
        let compared = compare(&server, "&baseline=shop@1.9.0");
        assert_eq!(titles(&compared["regressed"]), ["CartError"]);
        let why = compared["regressed"][0]["regression"].as_str().unwrap();
        assert!(why.contains(&format!("seen in shop@2.0.0 ({first})")), "{why}");
    }
}

#[test]
fn what_cannot_be_compared_is_refused_with_the_reason() {
    let server = shop();
    let of = |version: &str, asked: &str| {
        let path = format!("/organizations/default/releases/{version}/compare/?{asked}");
        let answer = server.api.call("GET", &path, &Value::Null);
        (
            answer.status,
            answer.json()["detail"].as_str().unwrap_or_default().to_owned(),
        )
    };
    assert_eq!(of("shop@9", "").0, 404);
    assert_eq!(
        of("shop@2.0.0", "baseline=shop@9"),
        (404, "There is no release shop@9.".to_owned())
    );
    assert_eq!(
        of("shop@2.0.0", "baseline=shop@2.0.0"),
        (400, "A release cannot be compared with itself.".to_owned())
    );
    assert_eq!(
        of("shop@2.0.0", "baseline=office@1.0.0"),
        (
            400,
            "shop@2.0.0 and office@1.0.0 are not of the same package.".to_owned()
        )
    );
    assert_eq!(of("shop@2.0.0", "project=nowhere").0, 404);
    assert_eq!(of("shop@2.0.0", "maxNew=-1").0, 400);
    // An environment that nobody has seen is no error: there are no data.
    let unseen = server
        .api
        .get("/organizations/default/releases/shop@2.0.0/verdict/?environment=moon");
    assert_eq!(unseen["verdict"], "too_little_data");
}

#[test]
fn a_check_that_cannot_ask_says_so() {
    let server = Server::start();
    let fault = |check: &Check| {
        let error = run(check).1.unwrap_err();
        assert!(!error.is::<Unsound>());
        format!("{error:#}")
    };
    let unknown = fault(&check(&server, "shop@3"));
    assert!(
        unknown.ends_with("answers 404: There is no such release."),
        "{unknown}"
    );
    let stranger = Check {
        token: Some("sntryu_none".to_owned()),
        ..check(&server, "shop@3")
    };
    assert!(fault(&stranger).contains("answers 401"));
    let nobody = Check {
        url: Some("http://127.0.0.1:1".to_owned()),
        ..check(&server, "shop@3")
    };
    assert!(fault(&nobody).contains("cannot ask http://127.0.0.1:1/"));
    let typo = Check {
        url: Some("errors.example".to_owned()),
        ..check(&server, "shop@3")
    };
    assert!(fault(&typo).contains("is no address"));
}
