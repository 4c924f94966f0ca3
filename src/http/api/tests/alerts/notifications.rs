//! What members want by e-mail, and the links that stop it.

use actix_web::http::Method;
use serde_json::json;

use super::fields;
use crate::http::api::tests::{Api, TOKEN};
use crate::model::alert::{Mailing, SigningKey, Unsubscribe};
use crate::store::CatalogChange;

const MINE: &str = "/users/me/notifications/";
const KEY: SigningKey = SigningKey([7; 32]);

#[actix_web::test]
async fn everybody_says_what_they_want() {
    let api = Api::new().await;
    let member = api.member("member").await;
    let usual = json!({"alerts": "all", "digest": "weekly", "hour": 9, "zone": "UTC"});
    assert_eq!(api.get(MINE).await.expect(200), usual);
    let changes = json!({"alerts": "mine", "zone": "Europe/Berlin"});
    let changed = json!({"alerts": "mine", "digest": "weekly", "hour": 9, "zone": "Europe/Berlin"});
    assert_eq!(
        api.by(&member, Method::PUT, MINE, changes).await.expect(200),
        changed
    );
    assert_eq!(
        api.by(&member, Method::GET, MINE, json!({})).await.expect(200),
        changed
    );
    assert_eq!(api.get(MINE).await.expect(200), usual);
    for (change, field) in [
        (json!({"alerts": "some"}), "alerts"),
        (json!({"digest": "hourly"}), "digest"),
        (json!({"hour": 24}), "hour"),
        (json!({"zone": "Mars/Olympus"}), "zone"),
        (json!({"zone": "../../etc/passwd"}), "zone"),
        (json!({"zone": "x".repeat(100_000)}), "zone"),
    ] {
        let refusal = api.change(Method::PUT, MINE, change).await.expect(400);
        assert_eq!(fields(&refusal), [field], "{refusal}");
    }
    api.change(Method::PUT, MINE, json!({"hour": -1}))
        .await
        .expect(400);
    assert_eq!(api.get(MINE).await.expect(200), usual);
}

#[actix_web::test]
async fn a_link_stops_mail_without_signing_in() {
    let api = Api::new().await;
    let user = api.owner.id;
    let token = |from| Unsubscribe { user, from }.token(&KEY);
    let follow = async |method: Method, token: &str| {
        let form = |it: actix_web::test::TestRequest| {
            it.insert_header(("content-type", "application/x-www-form-urlencoded"))
                .set_payload("List-Unsubscribe=One-Click")
        };
        api.send(method, &format!("/unsubscribe/{token}/"), form).await
    };
    follow(Method::POST, &token(Mailing::Digest)).await.expect(404);
    let key = vec![CatalogChange::SetSigningKey(KEY)];
    api.store.catalog.apply(key).await.unwrap();

    let said = json!({"from": "digest", "email": "owner@example.com"});
    assert_eq!(
        follow(Method::GET, &token(Mailing::Digest)).await.expect(200),
        said
    );
    assert_eq!(api.get(MINE).await.expect(200)["digest"], "weekly");
    for _ in 0..2 {
        assert_eq!(
            follow(Method::POST, &token(Mailing::Digest)).await.expect(200),
            said
        );
        let wanted = api.get(MINE).await.expect(200);
        assert_eq!(
            (&wanted["digest"], &wanted["alerts"]),
            (&json!("off"), &json!("all"))
        );
    }
    follow(Method::POST, &token(Mailing::Alerts)).await.expect(200);
    assert_eq!(api.get(MINE).await.expect(200)["alerts"], "none");

    let forged = Unsubscribe {
        user,
        from: Mailing::Alerts,
    }
    .token(&SigningKey([8; 32]));
    for token in [forged.as_str(), TOKEN, "x", "1.alerts.", "%FF", "..", "%00"] {
        follow(Method::GET, token).await.expect(404);
        follow(Method::POST, token).await.expect(404);
    }
}
