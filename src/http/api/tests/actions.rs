//! What people do to issues: give them to each other, talk about them, be rid of them.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{Api, bearer, event};

pub(super) const ISSUES: &str = "/organizations/default/issues/";
pub(super) const DAY: i64 = 24 * 3_600;

/// Three issues, of one event each.
pub(super) async fn shop() -> Api {
    let api = Api::new().await;
    let staging = |record: &mut crate::model::EventRecord| record.environment = Some("staging".to_owned());
    api.record(vec![
        event(10, 1, |_| {}),
        event(20, 2, staging),
        event(30, 3, |_| {}),
    ])
    .await;
    api
}

pub(super) async fn put(api: &Api, path: &str, body: Value) -> Value {
    api.change(Method::PUT, &format!("{ISSUES}{path}"), body)
        .await
        .expect(200)
}

pub(super) async fn found(api: &Api, query: &str) -> String {
    let list = api.get(&format!("{ISSUES}?query={query}")).await.expect(200);
    let ids = list
        .as_array()
        .unwrap()
        .iter()
        .map(|issue| issue["id"].as_str().unwrap());
    let mut ids: Vec<_> = ids.collect();
    ids.sort_unstable();
    ids.concat()
}

#[actix_web::test]
async fn what_is_not_understood_changes_nothing() {
    let api = shop().await;
    let before = api.get(&format!("{ISSUES}1/")).await.expect(200);
    for (body, field) in [
        (json!({}), "Nothing"),
        (json!({"status": "done"}), "status"),
        (
            json!({"status": "resolved", "assignedTo": "nobody@example.com"}),
            "assignedTo",
        ),
        (
            json!({"status": "resolved", "statusDetails": {"inRelease": "a/b"}}),
            "statusDetails.inRelease",
        ),
        (
            // Not of a package that the project has: nothing would ever be newer.
            json!({"status": "resolved", "statusDetails": {"inRelease": "shpo@2.0"}}),
            "no release shpo@2.0",
        ),
        (
            json!({"status": "ignored", "statusDetails": {"ignoreCount": 0}}),
            "statusDetails.ignoreCount",
        ),
    ] {
        for path in ["1/", "?id=1"] {
            let refused = api
                .change(Method::PUT, &format!("{ISSUES}{path}"), body.clone())
                .await;
            let detail = refused.expect(400)["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains(field), "{body}: {detail}");
        }
    }
    for body in [
        json!({"status": 5}),
        json!({"isBookmarked": "perhaps"}),
        json!([]),
    ] {
        api.change(Method::PUT, &format!("{ISSUES}1/"), body)
            .await
            .expect(400);
    }
    assert_eq!(api.get(&format!("{ISSUES}1/")).await.expect(200), before);
}

#[actix_web::test]
async fn all_that_a_search_finds_is_changed_however_many() {
    let api = Api::new().await;
    let kind = |n: u64| {
        event(n, 0, |record| {
            let hash = u128::from(n).to_be_bytes();
            record.hashes = vec![crate::model::GroupHash(hash)];
        })
    };
    api.record((1..=1_002).map(kind).collect()).await;
    let changed = put(&api, "?query=is:unresolved", json!({"status": "resolved"})).await;
    assert_eq!(changed["changed"], 1_002);
    assert_eq!(found(&api, "is:unresolved").await, "");
    let merge = api
        .change(
            Method::PUT,
            &format!("{ISSUES}?query=is:resolved"),
            json!({"merge": 1}),
        )
        .await;
    merge.expect(400);
}

/// That nobody says it would make `!` mean everything.
#[actix_web::test]
async fn all_but_what_cannot_be_searched_for_is_nothing() {
    let api = shop().await;
    let long = "x".repeat(80);
    for (query, why) in [
        ("!x*", "too few letters"),
        (&format!("!{long}"), "is longer than"),
    ] {
        let refused = api
            .change(
                Method::PUT,
                &format!("{ISSUES}?query={query}"),
                json!({"status": "resolved"}),
            )
            .await;
        let detail = refused.expect(400)["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(why), "{query}: {detail}");
    }
    assert_eq!(found(&api, "is:unresolved").await, "123");
}

#[actix_web::test]
async fn issues_are_given_to_people_and_found_by_them() {
    let api = shop().await;
    let member = api.member("member").await;
    let people = api.get("/organizations/default/users/").await.expect(200);
    let id = |email: &str| {
        let all = people.as_array().unwrap();
        let person = all.iter().find(|person| person["email"] == email).unwrap();
        person["id"].as_str().unwrap().to_owned()
    };
    let bob = id("member@example.com");
    let issue = put(&api, "1/", json!({"assignedTo": format!("user:{bob}")})).await;
    assert_eq!(
        (&issue["assignedTo"]["type"], &issue["assignedTo"]["email"]),
        (&json!("user"), &json!("member@example.com"))
    );
    let changed = put(
        &api,
        "?id=2&id=3",
        json!({"assignedTo": "team:everyone", "isBookmarked": true}),
    )
    .await;
    assert_eq!(
        (
            &changed["assignedTo"]["type"],
            &changed["assignedTo"]["name"],
            &changed["isBookmarked"]
        ),
        (&json!("team"), &json!("everyone"), &json!(true))
    );
    for (query, ids) in [
        ("is:assigned", "123"),
        ("is:unassigned", ""),
        ("assigned:member@example.com", "1"),
        ("assigned:%23everyone", "23"),
        ("assigned:me", ""),
        ("bookmarks:me", "23"),
        ("!bookmarks:me", "1"),
    ] {
        assert_eq!(found(&api, query).await, ids, "{query}");
    }
    let theirs = api
        .send(Method::GET, &format!("{ISSUES}?query=assigned:me"), |it| {
            it.insert_header(bearer(&member))
        })
        .await
        .expect(200);
    assert_eq!(
        (&theirs[0]["id"], &theirs[0]["isBookmarked"]),
        (&json!("1"), &json!(false))
    );
    let fault = api
        .get(&format!("{ISSUES}?query=assigned:carol"))
        .await
        .expect(400);
    assert!(fault.to_string().contains("carol"), "{fault}");

    let nobody = put(
        &api,
        "?query=assigned:member@example.com",
        json!({"assignedTo": null}),
    )
    .await;
    assert_eq!(nobody, json!({"changed": 1, "assignedTo": null}));
    assert_eq!(found(&api, "assigned:none").await, "1");
    let story = api.get(&format!("{ISSUES}1/")).await.expect(200)["activity"].clone();
    let kinds: Vec<_> = story
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["unassigned", "assigned", "first_seen"]);
    assert_eq!(story[1]["data"]["assigneeEmail"], "member@example.com");
    assert_eq!(story[1]["user"]["email"], "owner@example.com");
}

/// The first change must not take issues out of the search by which the second one finds them.
#[actix_web::test]
async fn a_search_is_looked_up_once() {
    let api = shop().await;
    let changed = put(
        &api,
        "?query=is:unassigned+is:unresolved",
        json!({"assignedTo": "me", "status": "resolved", "isSubscribed": false}),
    )
    .await;
    assert_eq!(
        (&changed["status"], &changed["isSubscribed"]),
        (&json!("resolved"), &json!(false))
    );
    assert_eq!(found(&api, "is:resolved+assigned:me").await, "123");
    // Of a search only what was seen in the period is meant, as in the list.
    api.pass(3 * DAY);
    put(
        &api,
        "?query=is:resolved&statsPeriod=24h",
        json!({"status": "unresolved"}),
    )
    .await;
    assert_eq!(found(&api, "is:resolved").await, "123");
    put(
        &api,
        "?query=is:resolved&statsPeriod=14d",
        json!({"status": "unresolved"}),
    )
    .await;
    assert_eq!(found(&api, "is:resolved").await, "");
}

#[actix_web::test]
async fn people_talk_about_an_issue() {
    let api = shop().await;
    let notes = format!("{ISSUES}1/notes/");
    let said = api
        .change(
            Method::POST,
            &notes,
            json!({"text": " **Ann**: <b>the cart</b> "}),
        )
        .await
        .expect(201);
    assert_eq!(
        (&said["type"], &said["data"]["text"], &said["user"]["email"]),
        (
            &json!("note"),
            &json!("**Ann**: <b>the cart</b>"),
            &json!("owner@example.com")
        )
    );
    let comments = format!("{ISSUES}1/comments/");
    put(&api, "1/", json!({"status": "resolved"})).await;
    assert_eq!(api.get(&notes).await.expect(200), json!([said]));
    assert_eq!(api.get(&comments).await.expect(200), json!([said]));
    assert_eq!(
        api.get(&format!("{ISSUES}1/")).await.expect(200)["numComments"],
        1
    );

    let note = format!("{notes}{}/", said["id"].as_str().unwrap());
    api.pass(60);
    let edited = api
        .change(Method::PUT, &note, json!({"text": "The cart."}))
        .await
        .expect(200);
    assert_eq!(edited["data"]["text"], "The cart.");
    assert_eq!(edited["dateCreated"], said["dateCreated"]);
    assert!(!edited["data"]["edited"].is_null());

    let member = api.member("member").await;
    for method in [Method::PUT, Method::DELETE] {
        let refused = api
            .send(method, &note, |request| {
                request
                    .insert_header(bearer(&member))
                    .set_json(json!({"text": "Mine."}))
            })
            .await;
        assert!(matches!(refused.status, 403 | 409), "{}", refused.status);
    }
    for (text, status) in [(" ", 400), (&*"x".repeat(8_001), 400)] {
        api.change(Method::POST, &notes, json!({"text": text}))
            .await
            .expect(status);
    }
    api.change(Method::DELETE, &note, Value::Null).await.expect(204);
    api.change(Method::DELETE, &note, Value::Null).await.expect(404);
    api.change(Method::PUT, &format!("{notes}x/"), json!({"text": "a"}))
        .await
        .expect(404);
    assert_eq!(api.get(&notes).await.expect(200), json!([]));
    assert_eq!(
        api.get(&format!("{ISSUES}1/")).await.expect(200)["numComments"],
        0
    );
}

#[actix_web::test]
async fn what_is_discarded_never_comes_back() {
    let api = shop().await;
    api.change(Method::PUT, &format!("{ISSUES}1/"), json!({"discard": true}))
        .await
        .expect(204);
    api.get(&format!("{ISSUES}1/")).await.expect(404);
    api.change(Method::PUT, &format!("{ISSUES}?id=2"), json!({"discard": 1}))
        .await
        .expect(204);
    api.record(vec![
        event(1, 1, |_| {}),
        event(2, 2, |_| {}),
        event(3, 3, |_| {}),
    ])
    .await;
    assert_eq!(found(&api, "").await, "3");
}
