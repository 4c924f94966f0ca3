//! Where issues stand after somebody decided, and how the API tells why.

use serde_json::{Value, json};

use super::actions::{DAY, ISSUES, found, put, shop};
use super::{Api, event};

#[actix_web::test]
async fn every_way_to_resolve_and_archive_reads_back() {
    let api = shop().await;
    let later = "2026-03-02T10:20:00Z";
    for (body, status, substatus, details, reason) in [
        (
            json!({"status": "resolved"}),
            "resolved",
            Value::Null,
            json!({}),
            "Resolved by owner",
        ),
        (
            json!({"status": "resolved", "statusDetails": {"inRelease": "shop@2.0"}}),
            "resolved",
            Value::Null,
            json!({"inRelease": "shop@2.0"}),
            "Resolved in shop@2.0 by owner",
        ),
        (
            json!({"status": "resolved", "statusDetails": {"inRelease": "latest"}}),
            "resolved",
            Value::Null,
            json!({"inRelease": "shop@1.0"}),
            "Resolved in shop@1.0 by owner",
        ),
        (
            json!({"status": "resolvedInNextRelease"}),
            "resolved",
            Value::Null,
            json!({"inNextRelease": true}),
            "Resolved in the next release after shop@1.0 by owner",
        ),
        (
            json!({"status": "resolved", "statusDetails": {"inCommit": {"commit": "0123456789abcdef"}}}),
            "resolved",
            Value::Null,
            json!({"inCommit": {"commit": "0123456789abcdef"}}),
            "Resolved by commit 0123456 by owner",
        ),
        (
            json!({"status": "ignored"}),
            "ignored",
            json!("archived_forever"),
            json!({}),
            "Archived forever by owner",
        ),
        (
            json!({"status": "ignored", "substatus": "archived_until_escalating"}),
            "ignored",
            json!("archived_until_escalating"),
            json!({}),
            "Archived until it escalates by owner",
        ),
        (
            json!({"status": "ignored", "snoozeDuration": 1_440}),
            "ignored",
            json!("archived_until_condition_met"),
            json!({"ignoreUntil": later}),
            "Archived until 2026-03-02T10:20:00Z by owner",
        ),
        (
            json!({"status": "ignored", "statusDetails": {"ignoreCount": 5, "ignoreWindow": 60}}),
            "ignored",
            json!("archived_until_condition_met"),
            json!({"ignoreCount": 5, "ignoreWindow": 60}),
            "Archived until 5 more events in 60 minutes by owner",
        ),
        (
            json!({"status": "ignored", "statusDetails": {"ignoreUserCount": 3}}),
            "ignored",
            json!("archived_until_condition_met"),
            json!({"ignoreUserCount": 3}),
            "Archived until 3 more users by owner",
        ),
    ] {
        let mut issue = put(&api, "1/", body.clone()).await;
        let actor = issue["statusDetails"]["actor"].take();
        assert_eq!(actor["email"], "owner@example.com", "{body}");
        let mut details = details;
        details["actor"] = Value::Null;
        assert_eq!(
            (&issue["status"], &issue["substatus"], &issue["statusDetails"]),
            (&json!(status), &substatus, &details),
            "{body}"
        );
        assert_eq!(
            issue["statusReason"],
            reason.replace("owner", name(&api)),
            "{body}"
        );
        assert_eq!(
            api.get(&format!("{ISSUES}1/")).await.expect(200)["statusReason"],
            issue["statusReason"]
        );
    }
    let open = put(&api, "1/", json!({"status": "unresolved"})).await;
    assert_eq!(
        (&open["substatus"], &open["statusDetails"]),
        (&json!("ongoing"), &json!({}))
    );
    let renewed = put(&api, "1/", json!({"status": "unresolved", "substatus": "new"})).await;
    assert_eq!(renewed["substatus"], "new");
    api.pass(8 * 24 * 3_600);
    let old = api.get(&format!("{ISSUES}1/")).await.expect(200);
    assert_eq!(old["substatus"], "ongoing");
}

fn name(api: &Api) -> &str {
    &api.owner.name
}

#[actix_web::test]
async fn a_resolve_for_one_environment_says_so() {
    let api = shop().await;
    let issue = put(&api, "1/?environment=staging", json!({"status": "resolved"})).await;
    assert_eq!(issue["statusDetails"]["environment"], "staging");
    assert_eq!(issue["status"], "resolved", "it was only ever seen elsewhere");
    let reason = issue["statusReason"].as_str().unwrap();
    assert!(reason.starts_with("Resolved for staging by"), "{reason}");
}

#[actix_web::test]
async fn a_regression_says_why() {
    let api = shop().await;
    put(
        &api,
        "1/",
        json!({"status": "resolved", "statusDetails": {"inRelease": "shop@2.0"}}),
    )
    .await;
    api.pass(60);
    let again = |n: u64, release: &str| {
        let (time, release) = (api.now(), release.to_owned());
        event(n, 1, move |record| {
            (record.timestamp, record.received) = (time, time);
            record.release = Some(release);
        })
    };
    api.record(vec![again(1, "shop@1.0")]).await;
    let held = api.get(&format!("{ISSUES}1/")).await.expect(200);
    assert_eq!(held["status"], "resolved");
    let reason = held["statusReason"].as_str().unwrap();
    assert!(
        reason.contains("; not reopened: shop@1.0 is older than shop@2.0"),
        "{reason}"
    );
    api.record(vec![again(2, "shop@2.1")]).await;
    let issue = api.get(&format!("{ISSUES}1/")).await.expect(200);
    assert_eq!(
        (&issue["status"], &issue["substatus"]),
        (&json!("unresolved"), &json!("regressed"))
    );
    let why = "reopened: seen in shop@2.1 (production), resolved in shop@2.0";
    assert_eq!(issue["statusReason"], why.replacen('r', "R", 1));
    assert_eq!(
        (
            &issue["activity"][0]["type"],
            &issue["activity"][0]["data"]["reason"]
        ),
        (&json!("set_regression"), &json!(why))
    );
    assert_eq!(found(&api, "is:regressed").await, "1");
    assert_eq!(found(&api, "is:new").await, "23");
    api.pass(8 * DAY);
    assert_eq!(found(&api, "is:ongoing").await, "123");
}
