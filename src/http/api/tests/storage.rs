//! What is kept and what it takes.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{Api, event};

#[actix_web::test]
async fn storage_says_what_is_kept_and_until_when() {
    let api = Api::new().await;
    api.record(vec![event(1, 1, |_| {}), event(2, 2, |_| {})]).await;
    let told = api.get("/organizations/default/storage/").await.expect(200);
    let shop = &told["projects"][0];
    assert_eq!((&shop["slug"], &shop["events"]), (&json!("shop"), &json!(2)));
    assert!(shop["bytes"].as_u64().unwrap() > 100, "{told}");
    assert_eq!(told["oldestEvent"], "2026-03-01T00:00:00Z");
    assert_eq!(
        (&told["retentionDays"], &told["budget"]),
        (&json!(90), &Value::Null)
    );
    let kinds = told["kinds"].as_object().unwrap().values();
    let sum: u64 = kinds.map(|it| it.as_u64().unwrap()).sum();
    assert_eq!(told["used"], sum);
    assert!(told["limit"].as_u64().unwrap() > sum);
}

#[actix_web::test]
async fn a_project_keeps_its_payloads_as_long_as_it_says() {
    let api = Api::new().await;
    let edit = |days: Value| {
        api.change(
            Method::PUT,
            "/projects/default/shop/",
            json!({"retentionDays": days}),
        )
    };
    assert_eq!(edit(json!(30)).await.expect(200)["retentionDays"], 30);
    let told = api.get("/organizations/default/storage/").await.expect(200);
    assert_eq!(told["projects"][0]["retentionDays"], 30);
    let named = api
        .change(Method::PUT, "/projects/default/shop/", json!({"name": "Shop"}))
        .await
        .expect(200);
    assert_eq!(named["retentionDays"], 30, "what is absent stays");
    edit(json!(100_000)).await.expect(400);
    assert_eq!(
        edit(json!(0)).await.expect(200)["retentionDays"],
        Value::Null,
        "as the settings say"
    );
}
