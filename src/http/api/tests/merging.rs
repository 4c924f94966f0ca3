//! Issues become one, come apart again, and tell how.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{Api, event, event_id};

const ISSUES: &str = "/organizations/default/issues/";

/// Issue 1 has one event, issue 2 three, issue 3 two.
async fn shop() -> Api {
    let api = Api::new().await;
    let mut events = vec![event(10, 1, |_| {})];
    events.extend((20..23).map(|n| event(n, 2, |_| {})));
    events.extend((30..32).map(|n| event(n, 3, |_| {})));
    api.record(events).await;
    api
}

fn hash(n: u8) -> String {
    hex::encode([n; 16])
}

async fn merge(api: &Api, ids: &str) -> Value {
    let path = format!("{ISSUES}?{ids}");
    api.change(Method::PUT, &path, json!({"merge": 1}))
        .await
        .expect(200)
}

async fn story(api: &Api, issue: &str) -> Vec<Value> {
    let path = format!("{ISSUES}{issue}/activities/");
    let story = api.get(&path).await.expect(200);
    story["activity"].as_array().unwrap().clone()
}

fn kinds(story: &[Value]) -> Vec<&str> {
    story
        .iter()
        .map(|entry| entry["type"].as_str().unwrap())
        .collect()
}

#[actix_web::test]
async fn issues_become_the_one_with_most_events_and_come_back() {
    let api = shop().await;
    let merged = merge(&api, "id=1&id=2&id=3").await;
    assert_eq!(
        merged,
        json!({"changed": 3, "merge": {"parent": "2", "children": ["3", "1"]}})
    );
    let list = api.get(ISSUES).await.expect(200);
    assert_eq!(list.as_array().unwrap().len(), 1);
    // The old names lead to it.
    for name in ["1", "SHOP-1", "2"] {
        let issue = api.get(&format!("{ISSUES}{name}/")).await.expect(200);
        assert_eq!((&issue["id"], &issue["count"]), (&json!("2"), &json!("6")));
    }
    // Events to come follow.
    api.record(vec![event(5, 1, |_| {})]).await;
    let issue = api.get(&format!("{ISSUES}2/")).await.expect(200);
    assert_eq!(issue["count"], "7");

    let told = story(&api, "2").await;
    assert_eq!(kinds(&told), ["merge", "first_seen"]);
    assert_eq!(told[0]["user"]["email"], "owner@example.com");
    assert_eq!(
        told[0]["data"]["issues"],
        json!([{"id": "3", "shortId": "SHOP-3"}, {"id": "1", "shortId": "SHOP-1"}])
    );
    assert_eq!(told[0]["canUndo"], true);
    let undo = format!("{ISSUES}2/activities/{}/undo/", told[0]["id"].as_str().unwrap());
    let left = api.change(Method::POST, &undo, Value::Null).await.expect(200);
    assert_eq!(left["count"], "3");
    let back = api.get(&format!("{ISSUES}1/")).await.expect(200);
    assert_eq!(
        (&back["shortId"], &back["count"]),
        (&json!("SHOP-1"), &json!("2"))
    );
    let told = story(&api, "2").await;
    assert_eq!(kinds(&told), ["undo", "merge", "first_seen"]);
    assert_eq!(
        (&told[1]["isUndone"], &told[1]["canUndo"]),
        (&json!(true), &json!(false))
    );
    api.change(Method::POST, &undo, Value::Null).await.expect(409);
    assert_eq!(
        kinds(&story(&api, "1").await),
        ["came_back", "merged_into", "first_seen"]
    );
}

#[actix_web::test]
async fn hashes_are_split_out_into_an_issue_of_their_own() {
    let api = shop().await;
    merge(&api, "query=is:unresolved").await;
    let path = format!("{ISSUES}2/hashes/");
    let hashes = api.get(&path).await.expect(200);
    let first = &hashes[0];
    assert_eq!(
        (&first["id"], &first["count"], &first["title"]),
        (&json!(hash(1)), &json!(1), &json!("Error1: broken"))
    );
    assert_eq!(first["latestEvent"]["eventID"], event_id(10).to_string());
    assert_eq!(first["lastSeen"], first["latestEvent"]["dateCreated"]);

    let chosen = format!("{path}?id={}&id={}", hash(1), hash(3));
    let split = api.change(Method::DELETE, &chosen, Value::Null).await.expect(202);
    assert_eq!(split, json!({"destination": {"id": "4", "shortId": "SHOP-4"}}));
    let made = api.get(&format!("{ISSUES}4/")).await.expect(200);
    assert_eq!(
        (&made["count"], &made["shortId"]),
        (&json!("3"), &json!("SHOP-4"))
    );
    let told = story(&api, "2").await;
    assert_eq!(kinds(&told), ["unmerge_source", "merge", "first_seen"]);
    assert_eq!(told[0]["data"]["fingerprints"], json!([hash(1), hash(3)]));
    assert_eq!(
        kinds(&story(&api, "4").await),
        ["unmerge_destination", "first_seen"]
    );
    let undo = format!("{ISSUES}2/activities/{}/undo/", told[0]["id"].as_str().unwrap());
    let whole = api.change(Method::POST, &undo, Value::Null).await.expect(200);
    assert_eq!(whole["count"], "6");
    let gone = api.get(&format!("{ISSUES}4/")).await.expect(200);
    assert_eq!(gone["id"], "2");
}

#[actix_web::test]
async fn what_makes_no_sense_is_refused() {
    let api = shop().await;
    let bad = |ids: &str| format!("{ISSUES}?{ids}");
    for (path, body, status) in [
        (bad("id=1"), json!({"merge": 1}), 409),
        (bad("id=1&id=1"), json!({"merge": true}), 409),
        (bad("id=1&id=2"), json!({"merge": false}), 400),
        (bad("id=1&id=2"), json!({}), 400),
        (bad(""), json!({"merge": 1}), 400),
    ] {
        let reply = api.change(Method::PUT, &path, body.clone()).await;
        assert_eq!(reply.status, status, "{path} {body}");
    }
    let all = format!("{ISSUES}2/hashes/?id={}", hash(2));
    api.change(Method::DELETE, &all, Value::Null).await.expect(409);
    let foreign = format!("{ISSUES}2/hashes/?id={}", hash(1));
    api.change(Method::DELETE, &foreign, Value::Null)
        .await
        .expect(409);
    for path in [format!("{ISSUES}2/hashes/?id=x"), format!("{ISSUES}2/hashes/")] {
        let status = api.change(Method::DELETE, &path, Value::Null).await.status;
        assert!(status == 400 || status == 409, "{path}: {status}");
    }
    for entry in ["99", "x"] {
        let path = format!("{ISSUES}2/activities/{entry}/undo/");
        api.change(Method::POST, &path, Value::Null).await.expect(404);
    }
}
