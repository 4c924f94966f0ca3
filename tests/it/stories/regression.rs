//! An error is fixed, comes back, and is put away for good.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::harness::envelope::{error_event, new_id, with_event};
use crate::server::Server;

fn fail(server: &Server, user: u64) {
    let mut event = error_event(&new_id(), "OutOfApples", "no apples left");
    event["user"] = json!({"id": user});
    server.api.send(&with_event(&event)).expect(200);
    server.api.digested();
}

fn only_issue(server: &Server) -> Value {
    let mut issues = server.api.issues("");
    assert_eq!(issues.len(), 1);
    issues.remove(0)
}

#[test]
fn an_issue_is_resolved_comes_back_and_is_archived() {
    let server = Server::start();
    assert_eq!(
        server.api.get("/projects/default/shop/")["firstEvent"],
        Value::Null
    );
    fail(&server, 1);
    assert_ne!(
        server.api.get("/projects/default/shop/")["firstEvent"],
        Value::Null
    );
    let issue = only_issue(&server);
    assert_eq!(
        (&issue["shortId"], &issue["status"], &issue["substatus"]),
        (&json!("SHOP-1"), &json!("unresolved"), &json!("new"))
    );
    assert_eq!(issue["firstSeen"], issue["lastSeen"]);

    server.pass(SignedDuration::from_hours(2));
    let path = format!("/organizations/default/issues/{}/", issue["id"].as_str().unwrap());
    server
        .api
        .call("PUT", &path, &json!({"status": "resolved"}))
        .expect(200);
    assert!(server.api.issues("is:unresolved").is_empty());
    assert_eq!(server.api.issues("is:resolved").len(), 1);

    server.pass(SignedDuration::from_hours(2));
    fail(&server, 2);
    let issue = only_issue(&server);
    assert_eq!(
        (&issue["status"], &issue["substatus"]),
        (&json!("unresolved"), &json!("regressed"))
    );
    assert_eq!((&issue["count"], &issue["userCount"]), (&json!("2"), &json!(2)));
    assert_eq!(issue["lastSeen"], "2026-11-21T16:00:00Z");

    server
        .api
        .call("PUT", &path, &json!({"status": "ignored"}))
        .expect(200);
    server.pass(SignedDuration::from_hours(2));
    fail(&server, 2);
    let issue = only_issue(&server);
    assert_eq!(
        (&issue["status"], &issue["count"], &issue["userCount"]),
        (&json!("ignored"), &json!("3"), &json!(2))
    );

    let hours = server
        .api
        .get(&format!("{path}stats/?statsPeriod=24h&interval=1h"));
    let counts: u64 = hours["series"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hour| hour[1].as_u64().unwrap())
        .sum();
    assert_eq!(counts, 3, "{hours}");

    assert_eq!(server.api.call("DELETE", &path, &Value::Null).status, 202);
    assert!(server.api.issues("").is_empty());
}
