//! Somebody says how the events of a project are grouped.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::harness::envelope::{error_event, new_id, with_event};
use crate::harness::eventually;
use crate::server::Server;

const SHOP: &str = "/projects/default/shop/";

fn fail(server: &Server, kind: &str, value: &str) {
    fail_for(server, 1, kind, value);
}

fn fail_for(server: &Server, user: u64, kind: &str, value: &str) {
    let mut event = error_event(&new_id(), kind, value);
    event["user"] = json!({"id": user});
    server.api.send(&with_event(&event)).expect(200);
    server.api.digested();
}

#[test]
fn a_rule_holds_from_the_next_event_on() {
    let server = Server::start();
    fail(&server, "ReadTimeout", "no answer from db-1");
    fail(&server, "WriteTimeout", "no answer from db-1");
    assert_eq!(server.api.issues("").len(), 2);

    let rule = r#"type:*Timeout -> database title="The database is slow""#;
    server
        .api
        .call("PUT", SHOP, &json!({"fingerprintingRules": rule}))
        .expect(200);
    fail(&server, "ReadTimeout", "no answer from db-1");
    fail(&server, "WriteTimeout", "no answer from db-2");
    let slow = server.api.issues("\"The database is slow\"");
    // One of the two goes on as the issue that both are now.
    assert_eq!((slow.len(), &slow[0]["count"]), (1, &json!("3")));
    assert_eq!(server.api.issues("").len(), 2);

    server
        .api
        .call("PUT", SHOP, &json!({"fingerprintingRules": ""}))
        .expect(200);
    fail(&server, "ReadTimeout", "no answer from db-1");
    assert_eq!(server.api.issues("").len(), 2, "the issue of before goes on");
}

/// The grouping of the shop, once nothing runs any more.
fn settled(server: &Server) -> Value {
    eventually("the rules to be applied", || {
        let state = server.api.get(&format!("{SHOP}grouping/"));
        (!state["job"]["dateEnded"].is_null()).then_some(state)
    })
}

/// Short id, events and users of every issue.
fn issues(server: &Server) -> Vec<(String, String, u64)> {
    let issues = server.api.issues("").into_iter();
    let mut issues: Vec<_> = issues
        .map(|issue| {
            let text = |key: &str| issue[key].as_str().unwrap().to_owned();
            (
                text("shortId"),
                text("count"),
                issue["userCount"].as_u64().unwrap(),
            )
        })
        .collect();
    issues.sort();
    issues
}

#[test]
fn a_rule_is_tried_out_applied_to_history_and_taken_back() {
    let server = Server::start();
    for user in 1..=3 {
        fail_for(&server, user, "ReadTimeout", "no answer");
    }
    for user in 3..=4 {
        fail_for(&server, user, "WriteTimeout", "no answer");
    }
    fail_for(&server, 5, "OutOfTea", "no tea");
    let before = issues(&server);
    assert_eq!(before.len(), 3);

    let rules = json!({"fingerprintingRules": "type:*Timeout -> slow title=\"It is slow\""});
    let preview = server
        .api
        .call("POST", &format!("{SHOP}grouping/preview/"), &rules)
        .expect(200);
    assert_eq!(
        (&preview["lookedAt"], &preview["issues"], &preview["unchanged"]),
        (&json!(6), &json!(3), &json!(1))
    );
    assert_eq!((&preview["merges"], &preview["splits"]), (&json!(1), &json!(0)));
    let merge = &preview["mergeExamples"][0];
    assert_eq!(merge["into"]["shortId"], "SHOP-1");
    assert_eq!(
        (&merge["from"][1]["issue"]["shortId"], &merge["from"][1]["events"]),
        (&json!("SHOP-2"), &json!(2))
    );
    assert_eq!(issues(&server), before, "nothing is changed by looking");

    server.pass(SignedDuration::from_secs(1));
    let mut change = rules.clone();
    change["applyTo"] = json!("history");
    let state = server
        .api
        .call("PUT", &format!("{SHOP}grouping/"), &change)
        .expect(200);
    assert_eq!(state["job"]["total"], 6);
    let state = settled(&server);
    assert_eq!(
        (&state["job"]["lookedAt"], &state["job"]["moved"]),
        (&json!(6), &json!(5))
    );
    assert_eq!(state["job"]["failure"], Value::Null);
    let slow = ("SHOP-1".to_owned(), "5".to_owned(), 4);
    assert_eq!(issues(&server), [slow, before[2].clone()]);
    let issue = &server.api.issues("\"it is slow\"")[0];
    assert_eq!(issue["title"], "It is slow");
    // What comes goes where history went.
    fail_for(&server, 6, "WriteTimeout", "no answer");
    assert_eq!(issues(&server)[0].1, "6");
    let merged = server.api.get("/organizations/default/issues/SHOP-2/");
    assert_eq!(merged["shortId"], "SHOP-1");

    server.pass(SignedDuration::from_secs(1));
    let state = server
        .api
        .call("POST", &format!("{SHOP}grouping/undo/"), &Value::Null)
        .expect(200);
    assert_eq!(state["fingerprintingRules"], "");
    settled(&server);
    let mut after = before.clone();
    after[1] = ("SHOP-2".to_owned(), "3".to_owned(), 3);
    assert_eq!(issues(&server), after, "with the event that came meanwhile");
    assert_eq!(server.api.issues("OutOfTea")[0]["title"], "OutOfTea: no tea");
    assert_eq!(
        server.api.issues("WriteTimeout")[0]["title"],
        "WriteTimeout: no answer"
    );
}
