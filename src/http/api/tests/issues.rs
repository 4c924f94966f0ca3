//! Issues: found, paged, shown, changed.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{Api, event};
use crate::model::{Outcome, OutcomeCount};
use crate::protocol::category::DataCategory;
use crate::protocol::ids::ProjectId;
use crate::protocol::level::Level;

const ISSUES: &str = "/organizations/default/issues/";

/// Three issues: the first seen last, the second most often, the third by most people.
async fn shop() -> Api {
    let api = Api::new().await;
    let warning = |record: &mut crate::model::EventRecord| {
        record.level = Level::Warning;
        record.user = None;
        record.environment = Some("staging".to_owned());
        record.release = Some("shop@2.0".to_owned());
    };
    let mut events = vec![event(10, 1, |_| {})];
    events.extend((20..24).map(|n| event(n, 2, warning)));
    events.extend((30..33).map(|n| event(n, 3, |record| record.tags.clear())));
    api.record(events).await;
    api
}

fn short_ids(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|issue| issue["title"].as_str().unwrap())
        .collect()
}

#[actix_web::test]
async fn issues_are_found_and_sorted() {
    let api = shop().await;
    for (query, found) in [
        ("", "123"),
        ("sort=new", "123"),
        ("sort=freq", "231"),
        ("sort=user", "312"),
        ("sort=inbox", "123"),
        ("sort=trends", "123"),
        ("sort=priority", "312"),
        ("sort=recommended", "312"),
        ("statsPeriod=auto", "123"),
        ("query=is:unresolved", "123"),
        ("query=level:warning", "2"),
        ("query=!level:warning+release:shop@1.0", "13"),
        ("query=browser:%22Mobile+Safari%22", "12"),
        ("query=!has:browser", "3"),
        ("query=error2", "2"),
        ("query=shop-2", "2"),
        ("query=is:unresolved+issue:SHOP-3", "3"),
        ("query=OTHER-2", ""),
        ("environment=staging", "2"),
        ("environment=staging&environment=production", "123"),
        ("project=7", "123"),
        ("project=-1", "123"),
        ("project=shop", "123"),
        ("statsPeriod=24h", "123"),
        ("start=2026-02-01&end=2026-02-02", ""),
    ] {
        let list = api.get(&format!("{ISSUES}?{query}")).await.expect(200);
        let titles: String = short_ids(&list).iter().map(|title| &title[5..6]).collect();
        assert_eq!(titles, found, "{query}");
        let twin = api
            .get(&format!("/projects/default/shop/issues/?{query}"))
            .await
            .expect(200);
        assert_eq!(twin, list, "{query}");
    }
    api.get(&format!("{ISSUES}?project=99")).await.expect(404);
}

#[actix_web::test]
async fn a_list_is_paged_by_its_link_header() {
    let api = shop().await;
    let mut path = format!("{ISSUES}?per_page=1&query=is:unresolved");
    let mut seen = Vec::new();
    loop {
        let reply = api.get(&path).await;
        let link = reply.header("link").to_owned();
        seen.push(short_ids(&reply.expect(200))[0].to_owned());
        let (previous, next) = link.split_once(", <").unwrap();
        assert_eq!(previous.contains("results=\"true\""), seen.len() > 1, "{link}");
        if !next.contains("results=\"true\"") {
            break;
        }
        let (url, _) = next.split_once('>').unwrap();
        path = url
            .strip_prefix("https://errors.example.com/api/0")
            .unwrap()
            .to_owned();
        assert!(
            path.contains("query=is%3Aunresolved") && path.contains("per_page=1"),
            "{path}"
        );
    }
    assert_eq!(seen, ["Error1: broken", "Error2: broken", "Error3: broken"]);
}

#[actix_web::test]
async fn an_issue_is_shown_whole() {
    let api = shop().await;
    let list = api
        .get(&format!("{ISSUES}?query=error2&statsPeriod=14d"))
        .await
        .expect(200);
    assert_eq!(list[0]["stats"]["14d"].as_array().unwrap().len(), 14);
    let id = list[0]["id"].as_str().unwrap();
    let mut issue = api.get(&format!("{ISSUES}{id}/")).await.expect(200);
    for path in [
        format!("{ISSUES}{}/", issue["shortId"].as_str().unwrap().to_lowercase()),
        format!("/issues/{id}/"),
    ] {
        assert_eq!(api.get(&path).await.expect(200), issue, "{path}");
    }
    let short_id = issue["shortId"].as_str().unwrap();
    let lookup = api
        .get(&format!("/organizations/default/shortids/{short_id}/"))
        .await
        .expect(200);
    assert_eq!((&lookup["groupId"], &lookup["group"]), (&issue["id"], &issue));

    for (period, length) in [("24h", 24), ("30d", 30)] {
        let series = issue["stats"][period].as_array().unwrap();
        assert_eq!(
            (series.len(), &series[length - 1][1]),
            (length, &json!(4)),
            "{period}"
        );
    }
    issue["stats"] = Value::Null;
    insta::assert_json_snapshot!(issue);
}

#[actix_web::test]
async fn people_resolve_archive_and_reopen() {
    let api = shop().await;
    let list = api.get(ISSUES).await.expect(200);
    let path = format!("{ISSUES}{}/", list[0]["id"].as_str().unwrap());
    for (asked, status, substatus) in [
        ("resolved", "resolved", Value::Null),
        ("ignored", "ignored", json!("archived_forever")),
        ("unresolved", "unresolved", json!("ongoing")),
    ] {
        let issue = api
            .change(Method::PUT, &path, json!({"status": asked}))
            .await
            .expect(200);
        assert_eq!(
            (&issue["status"], &issue["substatus"]),
            (&json!(status), &substatus),
            "{asked}"
        );
    }
    api.change(Method::PUT, &path, json!({"status": "forgotten"}))
        .await
        .expect(400);
    api.change(Method::DELETE, &path, Value::Null).await.expect(202);
    api.get(&path).await.expect(404);
}

#[actix_web::test]
async fn many_are_changed_at_once() {
    let api = shop().await;
    let list = api.get(ISSUES).await.expect(200);
    let (first, third) = (list[0]["id"].as_str().unwrap(), list[2]["id"].as_str().unwrap());
    let resolve = json!({"status": "resolved"});
    let by_id = format!("{ISSUES}?id={first}&id={third}&id=99");
    assert_eq!(
        api.change(Method::PUT, &by_id, resolve.clone()).await.expect(200)["status"],
        "resolved"
    );
    let open = api
        .get(&format!("{ISSUES}?query=is:unresolved"))
        .await
        .expect(200);
    assert_eq!(short_ids(&open), ["Error2: broken"]);

    let archive = json!({"status": "ignored"});
    api.change(Method::PUT, &format!("{ISSUES}?query=is:resolved"), archive)
        .await
        .expect(200);
    let archived = api.get(&format!("{ISSUES}?query=is:ignored")).await.expect(200);
    assert_eq!(short_ids(&archived), ["Error1: broken", "Error3: broken"]);

    let other = api
        .change(
            Method::POST,
            "/organizations/default/projects/",
            json!({"name": "Other"}),
        )
        .await;
    other.expect(201);
    let elsewhere = format!("/projects/default/other/issues/?id={first}");
    api.change(Method::DELETE, &elsewhere, Value::Null)
        .await
        .expect(204);
    api.change(
        Method::DELETE,
        &format!("{ISSUES}?query=is:unresolved"),
        Value::Null,
    )
    .await
    .expect(204);
    api.change(Method::DELETE, ISSUES, Value::Null).await.expect(400);
    api.change(Method::PUT, ISSUES, resolve).await.expect(400);
    assert_eq!(
        short_ids(&api.get(ISSUES).await.expect(200)),
        ["Error1: broken", "Error3: broken"]
    );
}

#[actix_web::test]
async fn tags_hashes_and_counts_stand_beside_an_issue() {
    let api = shop().await;
    let list = api.get(&format!("{ISSUES}?query=error2")).await.expect(200);
    let path = format!("{ISSUES}{}", list[0]["id"].as_str().unwrap());
    let tags = api.get(&format!("{path}/tags/")).await.expect(200);
    let browser = tags
        .as_array()
        .unwrap()
        .iter()
        .find(|tag| tag["key"] == "browser")
        .unwrap();
    assert_eq!(
        (&browser["totalValues"], &browser["topValues"][0]["value"]),
        (&json!(4), &json!("Mobile Safari"))
    );
    assert_eq!(
        &api.get(&format!("{path}/tags/browser/")).await.expect(200),
        browser
    );
    assert_eq!(
        api.get(&format!("{path}/tags/nothing/")).await.expect(200)["totalValues"],
        0
    );
    let hashes = api.get(&format!("{path}/hashes/")).await.expect(200);
    assert_eq!(
        (&hashes[0]["id"], &hashes[0]["count"]),
        (&json!("02".repeat(16)), &json!(4))
    );
    let series = api
        .get(&format!("{path}/stats/?statsPeriod=7d&interval=1h"))
        .await
        .expect(200);
    assert_eq!(
        (&series["interval"], series["series"].as_array().unwrap().len()),
        (&json!("1h"), 168)
    );
}

#[actix_web::test]
async fn outcomes_add_up() {
    let api = shop().await;
    let dropped = |outcome, reason: &str, quantity| OutcomeCount {
        project: ProjectId(7),
        time: api.now(),
        category: DataCategory::Error,
        outcome,
        reason: reason.to_owned(),
        quantity,
    };
    let outcomes = vec![
        dropped(Outcome::Invalid, "too_large", 3),
        dropped(Outcome::ClientDiscard, "queue_overflow", 5),
        OutcomeCount {
            category: DataCategory::Attachment,
            ..dropped(Outcome::Invalid, "too_large", 4_096)
        },
    ];
    api.record_with(Vec::new(), Vec::new(), outcomes).await;
    let path =
        "/organizations/default/stats_v2/?field=sum(quantity)&groupBy=outcome&groupBy=reason&statsPeriod=24h";
    let answer = api.get(path).await.expect(200);
    let groups: Vec<_> = answer["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| {
            (
                group["by"]["outcome"].as_str().unwrap(),
                group["totals"]["sum(quantity)"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        groups,
        [("accepted", 8), ("client_discard", 5), ("invalid", 4_099)]
    );
    assert_eq!((&answer["received"], &answer["pending"]), (&json!(11), &json!(0)));
    let series = answer["groups"][0]["series"]["sum(quantity)"].as_array().unwrap();
    assert_eq!(
        (series.len(), series.len()),
        (24, answer["intervals"].as_array().unwrap().len())
    );
    let only = api
        .get(&format!("{path}&outcome=invalid&project=7"))
        .await
        .expect(200);
    assert_eq!(
        (only["groups"].as_array().unwrap().len(), &only["received"]),
        (1, &json!(11))
    );
    api.get("/organizations/default/stats_v2/?groupBy=moon")
        .await
        .expect(400);
}
