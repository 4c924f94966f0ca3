//! Rules about grouping, and what they do to the events of a project.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{Api, bearer, event, event_id};
use crate::grouping::Rules;
use crate::model::{GroupHash, NewEvent};
use crate::protocol::event::Event;

const SHOP: &str = "/projects/default/shop/";

#[actix_web::test]
async fn rules_are_kept_as_they_were_written() {
    let api = Api::new().await;
    let fresh = api.get(SHOP).await.expect(200);
    assert_eq!(
        (&fresh["groupingEnhancements"], &fresh["fingerprintingRules"]),
        (&json!(""), &json!(""))
    );
    let stack = "# ours\npath:**/vendor/** -app";
    api.change(Method::PUT, SHOP, json!({"groupingEnhancements": stack}))
        .await
        .expect(200);
    let fingerprint = "type:DatabaseUnavailable -> database";
    let edited = api
        .change(Method::PUT, SHOP, json!({"fingerprintingRules": fingerprint}))
        .await
        .expect(200);
    assert_eq!(
        (&edited["groupingEnhancements"], &edited["fingerprintingRules"]),
        (&json!(stack), &json!(fingerprint))
    );
    let list = api.get("/projects/").await.expect(200);
    assert_eq!(list[0]["fingerprintingRules"], Value::Null);
}

#[actix_web::test]
async fn what_is_no_rule_is_refused_with_field_line_and_reason() {
    let api = Api::new().await;
    for (body, detail, cause) in [
        (
            json!({"groupingEnhancements": "function:a +app\n\nfunction:b"}),
            "groupingEnhancements cannot be read.",
            "line 3: nothing to do",
        ),
        (
            json!({"fingerprintingRules": "type:A", "name": "never"}),
            "fingerprintingRules cannot be read.",
            "line 1: expected `->` between matchers and fingerprint",
        ),
        (
            json!({"fingerprintingRules": "#".repeat(70_000)}),
            "fingerprintingRules cannot be read.",
            "too many rules",
        ),
    ] {
        let refused = api.change(Method::PUT, SHOP, body).await.expect(400);
        assert_eq!(refused, json!({"detail": detail, "causes": [cause]}));
    }
    assert_eq!(api.get(SHOP).await.expect(200)["name"], "shop");
    let token = api.member("member").await;
    let body = json!({"fingerprintingRules": ""});
    let reply = api
        .send(Method::PUT, SHOP, |it| {
            it.insert_header(bearer(&token)).set_json(body)
        })
        .await;
    assert_eq!(reply.status, 403);
}

/// Event number `n`, thrown where `frames` say, as digest records it.
fn thrown(n: u64, kind: &str, frames: &[(&str, bool)]) -> NewEvent {
    let frames: Vec<Value> = frames
        .iter()
        .map(|(function, is_in_app)| json!({"module": "shop", "function": function, "in_app": is_in_app}))
        .collect();
    let told = json!({"event_id": event_id(n).to_string(), "platform": "python",
        "exception": {"type": kind, "value": format!("broken {n}"), "stacktrace": {"frames": frames}}});
    let mut told = Event::from_value(told).unwrap();
    let rules = Rules::default();
    rules.classify(&mut told);
    let hashes = rules.group(&told).hashes();
    let mut event = event(n, 0, |record| {
        record.hashes = hashes.iter().map(|hash| GroupHash(hash.0)).collect();
        record.title = format!("{kind}: broken {n}");
        record.metadata.kind = Some(kind.to_owned());
    });
    event.payload = told.to_vec().into();
    event
}

fn info_of(n: u64) -> String {
    format!("{SHOP}events/{}/grouping-info/", event_id(n))
}

#[actix_web::test]
async fn an_event_says_why_it_is_where_it_is() {
    let api = Api::new().await;
    let frames = [("main", true), ("handle", false), ("total", true)];
    api.record(vec![thrown(1, "CartError", &frames)]).await;
    let info = api.get(&info_of(1)).await.expect(200);
    assert_eq!(info["summary"], "the app stack trace: 2 of 3 frames");
    assert_eq!(
        (&info["config"], &info["isOutdated"]),
        (&json!("v1"), &json!(false))
    );
    let app = &info["variants"][0];
    assert_eq!(
        (&app["name"], &app["hasLed"], &app["isRecorded"]),
        (&json!("app"), &json!(true), &json!(true))
    );
    assert_eq!((&app["hash"], &app["hash"]), (&info["led"], &info["recorded"][0]));
    assert_eq!(
        (&app["component"]["id"], &app["component"]["place"]),
        (&json!("exception"), &json!(0))
    );
    let parts = app["component"]["parts"].as_array().unwrap();
    let stack = parts.iter().find(|part| part["id"] == "stacktrace").unwrap();
    let marks: Vec<_> = stack["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|frame| (frame["contributes"].as_bool().unwrap(), frame["hint"].as_str()))
        .collect();
    assert_eq!(marks, [(true, None), (false, Some("not in app")), (true, None)]);
    assert_eq!(info["variants"][1]["hasLed"], false);

    let rule = r#"type:Cart* -> cart title="The cart is broken""#;
    api.change(Method::PUT, SHOP, json!({"fingerprintingRules": rule}))
        .await
        .expect(200);
    let info = api.get(&info_of(1)).await.expect(200);
    assert_eq!(
        (&info["rule"], &info["title"], &info["summary"]),
        (
            &json!(rule),
            &json!("The cart is broken"),
            &json!("the fingerprint of a rule")
        )
    );
    assert_eq!((&info["isOutdated"], &info["led"]), (&json!(true), &app["hash"]));
    assert_eq!(info["variants"][0]["isRecorded"], false);

    api.get(&info_of(2)).await.expect(404);
    api.get(&format!("{SHOP}events/x/grouping-info/"))
        .await
        .expect(404);
}
