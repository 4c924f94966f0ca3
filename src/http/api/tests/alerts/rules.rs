//! Alert rules: made, changed in part, refused with reasons.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{RULES, fields};
use crate::http::api::tests::Api;

/// What each project begins with.
const FIRST: &str = "New, regressed and spiking issues";

/// The names of the rules that were made here.
async fn names(api: &Api, query: &str) -> Vec<String> {
    let rules = api.get(&format!("{RULES}{query}")).await.expect(200);
    let rules = rules.as_array().unwrap().iter();
    let names = rules.map(|rule| rule["name"].as_str().unwrap().to_owned());
    names.filter(|name| name != FIRST).collect()
}

fn at(rule: &Value) -> String {
    format!("{RULES}{}/", rule["id"].as_str().unwrap())
}

#[actix_web::test]
async fn a_rule_is_shown_as_it_was_made() {
    let api = Api::new().await;
    let destination = api.webhook().await;
    let owner = format!("user:{}", api.owner.id.0);
    let members = json!([api.owner.id.0.to_string()]);
    let asked = json!({
        "name": " Everything ",
        "project": "shop",
        "enabled": true,
        "when": [
            {"type": "new_issue"}, {"type": "regressed"}, {"type": "escalated"}, {"type": "issue_spike"},
            {"type": "project_spike"}, {"type": "bad_release"},
            {"type": "events", "count": 100, "minutes": 5},
            {"type": "users", "count": 10, "minutes": 60},
            {"type": "crash_free", "below": 9950, "minutes": 60, "sessions": 100},
            {"type": "error_rate", "above": 500, "minutes": 60, "sessions": 100},
            {"type": "silence", "minutes": 1440},
        ],
        "conditions": [
            {"type": "environment", "names": ["production"], "negated": false},
            {"type": "level", "least": "error", "negated": false},
            {"type": "release", "pattern": "shop@*", "negated": true},
            {"type": "tag", "key": "browser", "pattern": "*Safari", "negated": false},
            {"type": "platform", "names": ["python"], "negated": false},
            {"type": "assignee", "to": owner, "negated": false},
            {"type": "assignee", "to": "team:everyone", "negated": true},
            {"type": "assignee", "to": null, "negated": false},
            {"type": "title", "pattern": "*", "negated": false},
            {"type": "type", "pattern": "TeaError", "negated": false},
            {"type": "younger", "minutes": 60, "negated": true},
        ],
        "actions": [
            {"type": "mail", "to": "everyone"}, {"type": "mail", "to": "assignee"},
            {"type": "mail", "to": "members", "members": members},
            {"type": "send", "destination": destination},
        ],
        "atMostEvery": 0,
        "quiet": {"from": 1320, "until": 420, "zone": "Europe/Berlin"},
        "mutedUntil": "2026-03-02T00:00:00Z",
    });
    let made = api.change(Method::POST, RULES, asked.clone()).await.expect(201);
    for (field, value) in asked.as_object().unwrap() {
        match field.as_str() {
            "name" => assert_eq!(made["name"], "Everything"),
            "project" => assert_eq!(made["project"]["slug"], "shop"),
            _ => assert_eq!(&made[field], value, "{field}"),
        }
    }
    assert_eq!(made["createdBy"]["email"], "owner@example.com");
    assert_eq!(made["dateCreated"], "2026-03-01T10:20:00Z");
    assert_eq!(api.get(&at(&made)).await.expect(200), made);

    // What is shown can be sent back.
    let mut back = made.clone();
    back["project"] = made["project"]["id"].clone();
    assert_eq!(api.change(Method::PUT, &at(&made), back).await.expect(200), made);
    api.change(Method::DELETE, &at(&made), json!({}))
        .await
        .expect(204);
    api.get(&at(&made)).await.expect(404);
    api.change(Method::DELETE, &at(&made), json!({}))
        .await
        .expect(404);
    assert!(names(&api, "").await.is_empty());
}

#[actix_web::test]
async fn what_is_not_said_is_as_usual_and_stays() {
    let api = Api::new().await;
    let made = api.rule(json!({})).await.expect(201);
    let usual = [
        ("project", json!(null)),
        ("enabled", json!(true)),
        ("conditions", json!([])),
        ("atMostEvery", json!(30)),
        ("quiet", json!(null)),
        ("mutedUntil", json!(null)),
    ];
    for (field, value) in &usual {
        assert_eq!(&made[*field], value, "{field}");
    }
    let mut expected = made.clone();
    for (field, value) in [
        ("enabled", json!(false)),
        ("mutedUntil", json!("2026-03-02T00:00:00Z")),
        ("quiet", json!({"from": 0, "until": 60, "zone": "UTC"})),
        ("name", json!("Other")),
        ("atMostEvery", json!(5)),
        ("mutedUntil", json!(null)),
        ("quiet", json!(null)),
    ] {
        expected[field] = value.clone();
        let changed = api.change(Method::PUT, &at(&made), json!({field: value})).await;
        assert_eq!(changed.expect(200), expected, "{field}");
    }
    let changed = api.change(Method::PUT, &at(&made), json!({"project": "7"})).await;
    assert_eq!(changed.expect(200)["project"]["slug"], "shop");
    let changed = api
        .change(Method::PUT, &at(&made), json!({"project": null}))
        .await;
    assert_eq!(changed.expect(200), expected);
}

#[actix_web::test]
async fn rules_are_listed_by_project() {
    let api = Api::new().await;
    api.change(
        Method::POST,
        "/organizations/default/projects/",
        json!({"name": "Tea"}),
    )
    .await
    .expect(201);
    for body in [
        json!({"name": "all"}),
        json!({"name": "shop", "project": "shop"}),
        json!({"name": "tea", "project": "tea"}),
    ] {
        api.rule(body).await.expect(201);
    }
    for (query, expected) in [
        ("?project=7", vec!["all", "shop"]),
        ("?project=shop&project=tea", vec!["all", "shop", "tea"]),
        ("?project=-1", vec!["all", "shop", "tea"]),
    ] {
        assert_eq!(names(&api, query).await, expected, "{query}");
    }
    api.get(&format!("{RULES}?project=nothing")).await.expect(404);
}

#[actix_web::test]
async fn what_cannot_be_meant_is_refused_by_field() {
    let api = Api::new().await;
    let every = |value: Value, times: usize| Value::Array(vec![value; times]);
    for (change, expected) in [
        (json!({"name": " "}), vec!["name"]),
        (json!({"name": "x".repeat(201)}), vec!["name"]),
        (json!({"project": "nothing"}), vec!["project"]),
        (json!({"when": []}), vec!["when"]),
        (json!({"actions": []}), vec!["actions"]),
        (json!({"when": [{"type": "full_moon"}]}), vec!["when[0]"]),
        (
            json!({"when": [{"type": "new_issue"}, 7, {}]}),
            vec!["when[1]", "when[2]"],
        ),
        (
            json!({"when": [{"type": "events", "minutes": 5}]}),
            vec!["when[0]"],
        ),
        (
            json!({"when": [{"type": "events", "count": -1, "minutes": 5}]}),
            vec!["when[0]"],
        ),
        (
            json!({"when": [{"type": "events", "count": 0, "minutes": 1441}]}),
            vec!["when[0].minutes", "when[0].count"],
        ),
        (
            json!({"when": [{"type": "silence", "minutes": 0}]}),
            vec!["when[0].minutes"],
        ),
        (
            json!({"when": [{"type": "crash_free", "below": 10001, "minutes": 60, "sessions": 1}]}),
            vec!["when[0].below"],
        ),
        (
            json!({"conditions": every(json!({"type": "level"}), 10_000)}),
            vec!["conditions"],
        ),
        (
            json!({"conditions": every(json!(null), 10_000)}),
            vec!["conditions"],
        ),
        (
            json!({"conditions": [{"type": "level", "least": "loud"}]}),
            vec!["conditions[0].least"],
        ),
        (
            json!({"conditions": [{"type": "assignee", "to": "user:99"}]}),
            vec!["conditions[0].to"],
        ),
        (
            json!({"conditions": [{"type": "title", "pattern": "*".repeat(501)}]}),
            vec!["conditions[0].pattern"],
        ),
        (
            json!({"conditions": [{"type": "platform", "names": []}]}),
            vec!["conditions[0].names"],
        ),
        (json!({"actions": [{"type": "shout"}]}), vec!["actions[0]"]),
        (
            json!({"actions": [{"type": "mail", "to": "nobody"}]}),
            vec!["actions[0].to"],
        ),
        (
            json!({"actions": [{"type": "mail", "to": "members"}]}),
            vec!["actions[0].members"],
        ),
        (
            json!({"actions": [{"type": "mail", "to": "members", "members": ["99"]}]}),
            vec!["actions[0].members"],
        ),
        (
            json!({"actions": [{"type": "mail", "to": "members", "members": ["ann"]}]}),
            vec!["actions[0].members"],
        ),
        (
            json!({"actions": [{"type": "send", "destination": "99"}]}),
            vec!["actions[0].destination"],
        ),
        (
            json!({"actions": [{"type": "send", "destination": "x"}]}),
            vec!["actions[0].destination"],
        ),
        (json!({"atMostEvery": 10_081}), vec!["atMostEvery"]),
        (
            json!({"quiet": {"from": 1440, "until": 0, "zone": "Mars/Olympus"}}),
            vec!["quiet.from", "quiet.zone"],
        ),
        (json!({"quiet": "night"}), vec!["quiet"]),
        (json!({"mutedUntil": "tomorrow"}), vec!["mutedUntil"]),
    ] {
        let refusal = api.rule(change.clone()).await.expect(400);
        assert_eq!(fields(&refusal), expected, "{refusal}");
        assert_eq!(refusal["detail"], "The rule cannot be kept.");
        assert!(refusal.to_string().len() < 2_000, "{refusal}");
    }
    for body in [json!([]), json!({"enabled": "perhaps"}), json!({"when": "ever"})] {
        api.change(Method::POST, RULES, body).await.expect(400);
    }
    assert!(names(&api, "").await.is_empty());
}

#[actix_web::test]
async fn hostile_text_comes_back_as_it_is_or_not_at_all() {
    let api = Api::new().await;
    let evil = "<script>\"'%00\u{202e}💥{{7*7}}";
    let condition = json!({"type": "title", "pattern": evil, "negated": false});
    let made = api
        .rule(json!({"name": evil, "conditions": [condition]}))
        .await
        .expect(201);
    assert_eq!(
        (&made["name"], &made["conditions"]),
        (&json!(evil), &json!([condition]))
    );
    let endless = json!({"when": [{"type": "x".repeat(100_000)}]});
    let refusal = api.rule(endless).await.expect(400);
    assert!(refusal.to_string().len() < 1_000, "{refusal}");
    for id in ["x", "-1", "99999999999999999999999", "%F0%9F%92%A5", "0"] {
        api.get(&format!("{RULES}{id}/")).await.expect(404);
        api.change(Method::PUT, &format!("{RULES}{id}/"), json!({}))
            .await
            .expect(404);
    }
}

#[actix_web::test]
async fn members_read_and_admins_change() {
    let api = Api::new().await;
    let made = api.rule(json!({})).await.expect(201);
    let (member, admin) = (api.member("member").await, api.member("admin").await);
    let enabled = |on: bool| json!({"enabled": on});
    api.by(&member, Method::GET, RULES, json!({})).await.expect(200);
    api.by(&member, Method::GET, &at(&made), json!({}))
        .await
        .expect(200);
    api.by(&member, Method::POST, RULES, made.clone())
        .await
        .expect(403);
    api.by(&member, Method::PUT, &at(&made), enabled(false))
        .await
        .expect(403);
    api.by(&member, Method::DELETE, &at(&made), json!({}))
        .await
        .expect(403);
    api.by(&admin, Method::PUT, &at(&made), enabled(false))
        .await
        .expect(200);
    api.by(&admin, Method::DELETE, &at(&made), json!({}))
        .await
        .expect(204);
}

#[actix_web::test]
async fn a_rule_outlives_who_made_it() {
    let api = Api::new().await;
    let admin = api.member("admin").await;
    let body = json!({"name": "Mine", "when": [{"type": "new_issue"}], "actions": [{"type": "mail", "to": "everyone"}]});
    let made = api.by(&admin, Method::POST, RULES, body).await.expect(201);
    let path = format!(
        "/organizations/default/members/{}/",
        made["createdBy"]["id"].as_str().unwrap()
    );
    api.change(Method::DELETE, &path, json!({})).await.expect(204);
    let rule = api.get(&at(&made)).await.expect(200);
    assert_eq!(
        (&rule["name"], &rule["createdBy"]),
        (&json!("Mine"), &json!(null))
    );
}

#[actix_web::test]
async fn a_rule_whose_people_are_gone_says_so_and_can_be_muted() {
    let api = Api::new().await;
    let admin = api.member("admin").await;
    let mine = json!({"name": "Mine", "when": [{"type": "new_issue"}], "actions": [{"type": "mail", "to": "assignee"}]});
    let made = api.by(&admin, Method::POST, RULES, mine).await.expect(201);
    let id = made["createdBy"]["id"].as_str().unwrap();
    let only = json!({"actions": [{"type": "mail", "to": "members", "members": [id]}]});
    let made = api.change(Method::PUT, &at(&made), only).await.expect(200);
    assert_eq!(made["toOwners"], json!(false));
    let path = format!("/organizations/default/members/{id}/");
    api.change(Method::DELETE, &path, json!({})).await.expect(204);
    assert_eq!(api.get(&at(&made)).await.expect(200)["toOwners"], json!(true));
    let mute = json!({"mutedUntil": "2026-03-02T00:00:00Z"});
    api.change(Method::PUT, &at(&made), mute).await.expect(200);
    let nobody = json!({"actions": [{"type": "mail", "to": "members", "members": []}, {"type": "mail", "to": "assignee"}]});
    api.change(Method::PUT, &at(&made), nobody).await.expect(400);
}
