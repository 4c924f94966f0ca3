//! An issue's life as a team sees it: somebody takes it, they talk, it is resolved in a release, comes back, is put aside
//! until there is more of it, and its story tells all of that.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::harness::envelope::{error_event, new_id, with_event};
use crate::server::Server;

const ISSUE: &str = "/organizations/default/issues/SHOP-1/";

fn fail(server: &Server, release: &str) {
    let mut event = error_event(&new_id(), "OutOfApples", "no apples left");
    event["release"] = json!(release);
    event["environment"] = json!("production");
    server.api.send(&with_event(&event)).expect(200);
    server.api.digested();
    server.pass(SignedDuration::from_mins(1));
}

fn put(server: &Server, body: &Value) -> Value {
    let issue = server.api.call("PUT", ISSUE, body).expect(200);
    server.pass(SignedDuration::from_mins(1));
    issue
}

fn standing(server: &Server) -> (Value, Value) {
    let issue = server.api.get(ISSUE);
    (issue["status"].clone(), issue["substatus"].clone())
}

#[test]
fn an_issue_is_decided_about_and_its_story_says_everything() {
    let server = Server::start();
    fail(&server, "shop@2.3.0");
    put(&server, &json!({"assignedTo": "me", "isBookmarked": true}));
    let note = json!({"text": "The **farm** is closed."});
    server
        .api
        .call("POST", &format!("{ISSUE}notes/"), &note)
        .expect(201);
    assert_eq!(server.api.issues("assigned:me bookmarks:me is:new").len(), 1);

    put(
        &server,
        &json!({"status": "resolved", "statusDetails": {"inRelease": "shop@2.3.1"}}),
    );
    fail(&server, "shop@2.3.0");
    assert_eq!(
        standing(&server),
        (json!("resolved"), Value::Null),
        "an old client"
    );
    fail(&server, "shop@2.3.2");
    assert_eq!(standing(&server), (json!("unresolved"), json!("regressed")));
    let back = "reopened: seen in shop@2.3.2 (production), resolved in shop@2.3.1";
    assert_eq!(
        server.api.get(ISSUE)["statusReason"]
            .as_str()
            .unwrap()
            .to_lowercase(),
        back
    );

    put(
        &server,
        &json!({"status": "ignored", "statusDetails": {"ignoreCount": 2}}),
    );
    fail(&server, "shop@2.3.2");
    assert_eq!(standing(&server).0, "ignored", "one more event is not enough");
    fail(&server, "shop@2.3.2");
    assert_eq!(standing(&server), (json!("unresolved"), json!("ongoing")));

    let issue = server.api.get(ISSUE);
    assert_eq!((&issue["count"], &issue["numComments"]), (&json!("5"), &json!(1)));
    let story: Vec<_> = issue["activity"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["type"].as_str().unwrap(), entry["data"]["reason"].as_str()))
        .collect();
    assert_eq!(
        story,
        [
            (
                "set_unresolved",
                Some("reopened: it was archived until 2 more events")
            ),
            ("set_ignored", Some("archived until 2 more events")),
            ("set_regression", Some(back)),
            ("set_resolved_in_release", Some("resolved in shop@2.3.1")),
            ("note", None),
            ("assigned", None),
            ("first_seen", None),
        ]
    );
}

#[test]
fn what_is_discarded_is_counted_and_never_seen_again() {
    let server = Server::start();
    fail(&server, "shop@2.3.0");
    server
        .api
        .call("PUT", ISSUE, &json!({"discard": true}))
        .expect(204);
    fail(&server, "shop@2.3.1");
    assert!(server.api.issues("").is_empty());
    let outcomes = server
        .api
        .get("/organizations/default/stats_v2/?field=sum(quantity)&groupBy=outcome&statsPeriod=24h");
    let filtered = outcomes["groups"]
        .as_array()
        .unwrap()
        .iter()
        .find(|group| group["by"]["outcome"] == "filtered")
        .unwrap();
    assert_eq!(filtered["totals"]["sum(quantity)"], 1);
}
