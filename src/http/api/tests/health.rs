//! How the installation fares, for who runs it.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{Api, bearer, event};

const PATH: &str = "/organizations/default/health/";

#[actix_web::test]
async fn owners_see_how_the_installation_fares() {
    let api = Api::new().await;
    api.record(vec![event(1, 1, |_| {}), event(2, 2, |_| {})]).await;
    let told = api.get(PATH).await.expect(200);
    assert_eq!(told["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(told["started"], "2026-03-01T10:20:00Z");
    assert_eq!(
        (&told["refusal"], &told["repaired"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!((&told["waiting"], &told["lag"]), (&json!(0), &json!(0)));
    assert_eq!(
        (&told["deadLetters"], &told["undelivered"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(told["failures"], json!([{"name": "digest", "times": 1}]));
    // Since 9 o'clock it is an hour and twenty minutes.
    let rate = told["itemsPerSecond"].as_f64().unwrap();
    assert!((rate - 2.0 / 4_800.0).abs() < 1e-9, "{rate}");
}

#[actix_web::test]
async fn members_do_not() {
    let api = Api::new().await;
    let token = api.member("member").await;
    api.send(Method::GET, PATH, |request| request.insert_header(bearer(&token)))
        .await
        .expect(403);
}
