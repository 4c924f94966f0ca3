//! Destinations: set up, shown without their secrets, changed without losing them.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{DESTINATIONS, fields};
use crate::http::api::tests::Api;

const HOOK: &str = "https://hooks.slack.com/services/T0/B0/abcdefx7Qz";

fn at(destination: &Value) -> String {
    format!("{DESTINATIONS}{}/", destination["id"].as_str().unwrap())
}

async fn make(api: &Api, name: &str, channel: Value) -> Value {
    let body = json!({"name": name, "channel": channel});
    api.change(Method::POST, DESTINATIONS, body).await.expect(201)
}

#[actix_web::test]
async fn every_channel_is_shown_without_its_secret() {
    let api = Api::new().await;
    for (channel, shown) in [
        (json!({"type": "email", "to": ["ops@example.com"]}), json!({})),
        (
            json!({"type": "slack_webhook", "url": HOOK}),
            json!({"url": "https://hooks.slack.com/…x7Qz"}),
        ),
        (
            json!({"type": "slack_bot", "token": "xoxb-123456789012-abcd", "channel": "#alerts"}),
            json!({"token": "…abcd"}),
        ),
        (
            json!({"type": "discord", "url": "https://discord.com/api/webhooks/1/abcdefghijklmnop"}),
            json!({"url": "https://discord.com/…mnop"}),
        ),
        (
            json!({"type": "teams", "url": "https://x.logic.azure.com/workflows/1?sig=abcdefgh"}),
            json!({"url": "https://x.logic.azure.com/…efgh"}),
        ),
        (
            json!({"type": "pager_duty", "routingKey": "0123456789abcdef0123456789abcdef"}),
            json!({"routingKey": "…cdef"}),
        ),
        (
            json!({"type": "ntfy", "url": "https://ntfy.sh", "topic": "tea-0123456789abcdef", "token": "tk_0123456789abcdef"}),
            json!({"topic": "…cdef", "token": "…cdef"}),
        ),
        (
            json!({"type": "ntfy", "url": "https://ntfy.sh", "topic": "tea"}),
            json!({"topic": "…", "token": null}),
        ),
        (
            json!({"type": "telegram", "token": "123456:ABC-DEF_0123456789", "chat": "@tea"}),
            json!({"token": "…6789"}),
        ),
        (
            json!({"type": "webhook", "url": "https://example.com/hook?token=0123456789abcdef", "secret": "0123456789abcdef"}),
            json!({"url": "https://example.com/…cdef", "secret": "…cdef"}),
        ),
    ] {
        let made = make(&api, "Place", channel.clone()).await;
        let mut expected = channel;
        for (field, value) in shown.as_object().unwrap() {
            expected[field] = value.clone();
        }
        assert_eq!(made["channel"], expected);
        assert_eq!(api.get(&at(&made)).await.expect(200), made);
        // What is shown can be sent back.
        let back = api
            .change(Method::PUT, &at(&made), made.clone())
            .await
            .expect(200);
        assert_eq!(back, made);
    }
    let all = api.get(DESTINATIONS).await.expect(200);
    assert_eq!(all.as_array().unwrap().len(), 10);
}

#[actix_web::test]
async fn a_secret_that_is_not_sent_stays() {
    let api = Api::new().await;
    let made = make(&api, "#alerts", json!({"type": "slack_webhook", "url": HOOK})).await;
    for body in [
        json!({"name": "#more"}),
        json!({"channel": {"type": "slack_webhook"}}),
        json!({"channel": {"type": "slack_webhook", "url": null}}),
        json!({"channel": made["channel"]}),
    ] {
        api.change(Method::PUT, &at(&made), body).await.expect(200);
        let kept = api.store.alerting.destinations().await.unwrap();
        let kept = serde_json::to_value(&kept[0].channel).unwrap();
        assert_eq!(kept["url"], HOOK);
    }
    let other = json!({"channel": {"type": "discord", "url": null}});
    let refusal = api.change(Method::PUT, &at(&made), other).await.expect(400);
    assert_eq!(fields(&refusal), ["channel.url"]);
    let shown = api.get(&at(&made)).await.expect(200);
    assert_eq!(shown["name"], "#more");
    assert!(
        !api.get(DESTINATIONS)
            .await
            .expect(200)
            .to_string()
            .contains("abcdef")
    );
}

#[actix_web::test]
async fn what_nobody_can_be_told_by_is_refused_by_field() {
    let api = Api::new().await;
    let hook = |url: &str| json!({"type": "webhook", "url": url, "secret": "0123456789abcdef"});
    let to = |addresses: Vec<&str>| json!({"type": "email", "to": addresses});
    for (channel, expected) in [
        (json!(null), "channel"),
        (json!("slack"), "channel"),
        (json!({}), "channel"),
        (json!({"type": "pigeon"}), "channel"),
        (json!({"type": "slack_bot", "token": "xoxb-1"}), "channel"),
        (json!({"type": "slack_webhook"}), "channel.url"),
        (
            json!({"type": "slack_webhook", "url": "https://hooks.slack.com/…x7Qz"}),
            "channel.url",
        ),
        (
            json!({"type": "slack_bot", "token": "secret", "channel": "#a"}),
            "channel.token",
        ),
        (
            json!({"type": "slack_bot", "token": "xoxb-1", "channel": ""}),
            "channel.channel",
        ),
        (
            json!({"type": "pager_duty", "routingKey": "a b"}),
            "channel.routingKey",
        ),
        (
            json!({"type": "ntfy", "url": "https://ntfy.sh", "topic": "../x"}),
            "channel.topic",
        ),
        (
            json!({"type": "telegram", "token": "1:a/../b", "chat": "1"}),
            "channel.token",
        ),
        (
            json!({"type": "webhook", "url": "https://example.com", "secret": "short"}),
            "channel.secret",
        ),
        (
            json!({"type": "webhook", "url": "https://example.com"}),
            "channel.secret",
        ),
        (hook(""), "channel.url"),
        (hook("example.com"), "channel.url"),
        (hook("ftp://example.com"), "channel.url"),
        (hook("file:///etc/passwd"), "channel.url"),
        (hook("javascript:alert(1)"), "channel.url"),
        (hook("https://user:password@example.com"), "channel.url"),
        (hook("https://exa mple.com"), "channel.url"),
        (hook("https://example.com/\r\nHost: evil"), "channel.url"),
        (
            hook(&format!("https://example.com/{}", "x".repeat(2_000))),
            "channel.url",
        ),
        (to(vec![]), "channel.to"),
        (to(vec!["ann"]), "channel.to"),
        (to(vec!["a@b\r\nBcc: c@d"]), "channel.to"),
        (to(vec!["a@example.com"; 21]), "channel.to"),
    ] {
        let body = json!({"name": "Place", "channel": channel});
        let refusal = api.change(Method::POST, DESTINATIONS, body).await.expect(400);
        assert_eq!(fields(&refusal), [expected], "{refusal}");
        assert_eq!(refusal["detail"], "The destination cannot be kept.");
    }
    for name in [json!(null), json!(" "), json!("a\nb"), json!("x".repeat(101))] {
        let body = json!({"name": name, "channel": to(vec!["a@example.com"])});
        let refusal = api.change(Method::POST, DESTINATIONS, body).await.expect(400);
        assert_eq!(fields(&refusal), ["name"], "{refusal}");
    }
    assert_eq!(api.get(DESTINATIONS).await.expect(200), json!([]));
    for id in ["x", "99", "-1"] {
        api.get(&format!("{DESTINATIONS}{id}/")).await.expect(404);
    }
}

#[actix_web::test]
async fn a_destination_that_is_used_stays() {
    let api = Api::new().await;
    let id = api.webhook().await;
    let rule = api
        .rule(json!({"actions": [{"type": "send", "destination": id}]}))
        .await
        .expect(201);
    let place = format!("{DESTINATIONS}{id}/");
    assert_eq!(api.get(&place).await.expect(200)["usedBy"], json!([rule["id"]]));
    let refusal = api.change(Method::DELETE, &place, json!({})).await.expect(409);
    assert!(refusal["detail"].as_str().unwrap().contains("rule"), "{refusal}");
    let path = format!("{}{}/", super::RULES, rule["id"].as_str().unwrap());
    api.change(Method::DELETE, &path, json!({})).await.expect(204);
    api.change(Method::DELETE, &place, json!({})).await.expect(204);
    api.get(&place).await.expect(404);
}

#[actix_web::test]
async fn members_see_and_admins_change() {
    let api = Api::new().await;
    let place = format!("{DESTINATIONS}{}/", api.webhook().await);
    let (member, admin) = (api.member("member").await, api.member("admin").await);
    let body = json!({"name": "Other", "channel": {"type": "email", "to": ["a@example.com"]}});
    api.by(&member, Method::GET, DESTINATIONS, json!({}))
        .await
        .expect(200);
    api.by(&member, Method::POST, DESTINATIONS, body.clone())
        .await
        .expect(403);
    api.by(&member, Method::PUT, &place, body.clone())
        .await
        .expect(403);
    api.by(&member, Method::DELETE, &place, json!({}))
        .await
        .expect(403);
    api.by(&admin, Method::PUT, &place, body).await.expect(200);
    api.by(&admin, Method::DELETE, &place, json!({}))
        .await
        .expect(204);
}
