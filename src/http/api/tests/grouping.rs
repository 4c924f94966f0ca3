//! Rules about grouping, and what they do to the events of a project.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{Api, bearer};

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
