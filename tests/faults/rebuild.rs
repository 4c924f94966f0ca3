//! The index is lost: made anew from the segments it answers as before.

use std::fs;

use serde_json::{Value, json};

use crate::harness::api::Api;
use crate::harness::envelope::{error_event, new_id, with_event, with_items};
use crate::harness::program::{Place, Program};

/// A server that has seen something of everything.
pub(crate) fn lived_in() -> Program {
    let program = Program::start();
    let api = &program.api;
    for number in 0..40 {
        let mut event = error_event(&new_id(), &format!("Kind{}", number % 3), "it fell down");
        event["user"] = json!({"id": number % 11});
        event["tags"] = json!({"number": number, "even": number % 2 == 0});
        event["release"] = json!(format!("shop@1.{}", number / 10));
        event["environment"] = json!(if number % 4 == 0 { "staging" } else { "production" });
        api.send(&with_event(&event)).expect(200);
    }
    let id = new_id();
    let report = json!({"discarded_events": [{"reason": "sample_rate", "category": "error", "quantity": 3}]});
    #[expect(clippy::disallowed_methods, reason = "a session has to be of today")]
    let started = jiff::Timestamp::now();
    let session = json!({
        "sid": new_id(), "did": "ann", "started": started, "status": "crashed",
        "attrs": {"release": "shop@1.1", "environment": "production"},
    });
    let items = [
        (
            "event",
            json!({}),
            error_event(&id, "Kind0", "with a file").to_string().into_bytes(),
        ),
        ("attachment", json!({"filename": "a.txt"}), b"a file".to_vec()),
        ("client_report", json!({}), report.to_string().into_bytes()),
        ("session", json!({}), b"{}".to_vec()),
        ("session", json!({}), session.to_string().into_bytes()),
    ];
    api.send(&with_items(Some(&id), &items)).expect(200);
    api.send(&with_event(&error_event(&id, "Kind0", "the same id")))
        .expect(200);
    api.digested();
    let issues = api.issues("");
    for (issue, status) in issues.iter().zip(["resolved", "ignored"]) {
        let path = format!("/organizations/default/issues/{}/", issue["id"].as_str().unwrap());
        api.call("PUT", &path, &json!({"status": status})).expect(200);
    }
    api.call(
        "POST",
        "/organizations/default/projects/",
        &json!({"name": "Second"}),
    )
    .expect(201);
    api.call(
        "POST",
        "/projects/default/shop/keys/",
        &json!({"name": "Another"}),
    )
    .expect(201);
    let member = json!({"email": "bob@example.com", "role": "member"});
    api.call("POST", "/organizations/default/members/", &member)
        .expect(201);
    program
}

/// Everything that the web API says.
pub(crate) fn answers(api: &Api) -> Vec<(String, Value)> {
    let mut paths: Vec<String> = [
        "/organizations/default/projects/?statsPeriod=24h",
        "/organizations/default/members/",
        "/projects/default/shop/keys/",
        "/api-tokens/",
        "/organizations/default/releases/?health=1",
        "/organizations/default/sessions/?field=sum(session)&groupBy=release&groupBy=session.status&statsPeriod=24h",
        "/projects/default/shop/events/",
        "/organizations/default/issues/?query=&sort=date",
        "/organizations/default/issues/?query=&sort=freq",
        "/organizations/default/issues/?query=&sort=user",
        "/organizations/default/issues/?query=environment:staging+release:shop@1.2&statsPeriod=24h",
        "/organizations/default/stats_v2/?field=sum(quantity)&groupBy=outcome&groupBy=category&groupBy=reason&statsPeriod=24h",
    ]
    .map(String::from)
    .into();
    for issue in api.issues("") {
        let issue = format!("/organizations/default/issues/{}/", issue["id"].as_str().unwrap());
        paths.extend(
            ["events/", "tags/", "hashes/", "events/latest/", "events/oldest/"]
                .map(|it| format!("{issue}{it}")),
        );
        paths.push(issue);
    }
    for event in api.all("/projects/default/shop/events/") {
        let event = format!(
            "/projects/default/shop/events/{}/",
            event["eventID"].as_str().unwrap()
        );
        paths.extend([format!("{event}json/"), format!("{event}attachments/"), event]);
    }
    paths
        .into_iter()
        .map(|path| (path.clone(), without_address(api, api.get(&path))))
        .collect()
}

/// A server listens on another port after each start.
fn without_address(api: &Api, answer: Value) -> Value {
    let authority = api.url.trim_start_matches("http://");
    serde_json::from_str(&answer.to_string().replace(authority, "here")).unwrap()
}

#[track_caller]
pub(crate) fn assert_same(before: &[(String, Value)], after: &[(String, Value)]) {
    assert_eq!(before.len(), after.len());
    for ((path, before), (_, after)) in before.iter().zip(after) {
        let (before, after) = (format!("{before:#}"), format!("{after:#}"));
        let differences: Vec<_> = before
            .lines()
            .zip(after.lines())
            .filter(|(before, after)| before != after)
            .collect();
        assert!(differences.is_empty(), "{path}: {differences:#?}");
    }
}

#[test]
fn a_rebuilt_index_answers_like_the_lost_one() {
    let program = lived_in();
    let before = answers(&program.api);
    let (_, place) = program.stop();
    fs::remove_dir_all(place.data().join("index")).unwrap();
    let said = place.maintain("rebuild");
    assert!(said.contains("made anew"), "{said}");
    assert!(place.maintain("verify").ends_with("clean\n"));
    let program = place.start();
    assert_same(&before, &answers(&program.api));
}

#[test]
fn a_doubted_index_is_rebuilt_beside_the_old_one() {
    let program = lived_in();
    let before = answers(&program.api);
    let place: Place = program.kill();
    place.maintain("rebuild");
    let program = place.start();
    assert_same(&before, &answers(&program.api));
    assert!(place.data().join("index.old").exists());
}

#[test]
fn a_start_mends_an_index_that_is_gone() {
    let program = lived_in();
    let before = answers(&program.api);
    let (_, place) = program.stop();
    fs::remove_dir_all(place.data().join("index")).unwrap();
    let program = place.start();
    assert_same(&before, &answers(&program.api));
    assert!(place.log().contains("the index is lost: making it anew"));
}
