//! Projects and keys.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{Api, NOW, PUBLIC_KEY, bearer, event};

#[actix_web::test]
async fn a_project_lives_and_goes() {
    let api = Api::new().await;
    let body = json!({"name": "Web Shop", "platform": "javascript"});
    let made = api
        .change(Method::POST, "/organizations/default/projects/", body.clone())
        .await
        .expect(201);
    assert_eq!(
        (&made["slug"], &made["platform"]),
        (&json!("web-shop"), &json!("javascript"))
    );
    assert_eq!(
        (&made["firstEvent"], &made["team"]["slug"]),
        (&Value::Null, &json!("everyone"))
    );
    let twin = api
        .change(Method::POST, "/teams/default/everyone/projects/", body.clone())
        .await
        .expect(201);
    assert_eq!(twin["slug"], format!("web-shop-{}", twin["id"].as_str().unwrap()));
    api.change(Method::POST, "/teams/default/nobody/projects/", body)
        .await
        .expect(404);
    let taken = json!({"name": "x", "slug": "shop"});
    api.change(Method::POST, "/organizations/default/projects/", taken)
        .await
        .expect(409);
    let wrong = json!({"name": "x", "slug": "Web Shop"});
    api.change(Method::POST, "/organizations/default/projects/", wrong)
        .await
        .expect(400);

    let at = format!("/projects/default/{}/", made["id"].as_str().unwrap());
    let edited = api
        .change(Method::PUT, &at, json!({"slug": "front"}))
        .await
        .expect(200);
    assert_eq!(
        (&edited["slug"], &edited["name"]),
        (&json!("front"), &json!("Web Shop"))
    );
    let shown = api.get("/projects/default/front/").await.expect(200);
    assert_eq!(shown["organization"]["slug"], "default");
    let slugs: Vec<_> = api
        .get("/projects/")
        .await
        .expect(200)
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["slug"].clone())
        .collect();
    assert_eq!(slugs.len(), 3);
    api.change(Method::DELETE, "/projects/default/front/", Value::Null)
        .await
        .expect(204);
    api.get(&at).await.expect(404);
}

#[actix_web::test]
async fn the_list_shows_activity_when_asked() {
    let api = Api::new().await;
    let plain = api.get("/organizations/default/projects/").await.expect(200);
    assert_eq!(
        (&plain[0]["stats"], &plain[0]["unresolvedCount"]),
        (&Value::Null, &Value::Null)
    );
    api.record(vec![event(1, 1, |_| {}), event(2, 2, |_| {})]).await;
    let shown = &api
        .get("/organizations/default/projects/?statsPeriod=24h")
        .await
        .expect(200)[0];
    assert_eq!(
        (&shown["unresolvedCount"], &shown["environments"]),
        (&json!(2), &json!(["production"]))
    );
    assert_eq!(shown["firstEvent"], "2026-03-01T10:19:59Z");
    let stats = shown["stats"].as_array().unwrap();
    assert_eq!((stats.len(), &stats[23]), (24, &json!([NOW - 20 * 60, 2])));
}

#[actix_web::test]
async fn a_key_lives_and_goes() {
    let api = Api::new().await;
    let keys = api.get("/projects/default/shop/keys/").await.expect(200);
    let dsn = format!("https://{PUBLIC_KEY}@errors.example.com/7");
    assert_eq!(
        (&keys[0]["id"], &keys[0]["dsn"]["public"]),
        (&json!(PUBLIC_KEY), &json!(dsn))
    );
    let made = api
        .change(
            Method::POST,
            "/projects/default/shop/keys/",
            json!({"name": "ios"}),
        )
        .await
        .expect(201);
    let at = format!("/projects/default/shop/keys/{}/", made["id"].as_str().unwrap());
    let off = api
        .change(Method::PUT, &at, json!({"isActive": false}))
        .await
        .expect(200);
    assert_eq!((&off["isActive"], &off["name"]), (&json!(false), &json!("ios")));
    let other = api
        .change(
            Method::POST,
            "/organizations/default/projects/",
            json!({"name": "Other"}),
        )
        .await;
    other.expect(201);
    api.change(Method::DELETE, &at.replace("shop", "other"), Value::Null)
        .await
        .expect(404);
    api.change(Method::DELETE, &at, Value::Null).await.expect(204);
    api.change(Method::PUT, &at, json!({"name": "x"}))
        .await
        .expect(404);
}

#[actix_web::test]
async fn members_look_and_do_not_touch() {
    let api = Api::new().await;
    let token = api.member("member").await;
    for (method, path) in [
        (Method::POST, "/organizations/default/projects/"),
        (Method::PUT, "/projects/default/shop/"),
        (Method::DELETE, "/projects/default/shop/"),
        (Method::POST, "/projects/default/shop/keys/"),
        (
            Method::PUT,
            "/projects/default/shop/keys/0123456789abcdef0123456789abcdef/",
        ),
        (
            Method::DELETE,
            "/projects/default/shop/keys/0123456789abcdef0123456789abcdef/",
        ),
    ] {
        let body = json!({"name": "x"});
        let reply = api
            .send(method.clone(), path, |it| {
                it.insert_header(bearer(&token)).set_json(body)
            })
            .await;
        assert_eq!(reply.status, 403, "{method} {path}");
    }
    let look = api.send(Method::GET, "/projects/default/shop/keys/", |it| {
        it.insert_header(bearer(&token))
    });
    look.await.expect(200);
}

#[actix_web::test]
async fn command_line_clients_find_their_way() {
    let api = Api::new().await;
    let index = api.get("/").await.expect(200);
    assert_eq!(index["user"]["email"], "owner@example.com");
    assert!(
        index["auth"]["scopes"]
            .as_array()
            .unwrap()
            .contains(&json!("project:releases"))
    );
    let organization = &api.get("/organizations/").await.expect(200)[0];
    assert_eq!(organization["links"]["regionUrl"], "https://errors.example.com");
    assert_eq!(
        api.get("/users/me/regions/").await.expect(200)["regions"][0]["url"],
        "https://errors.example.com"
    );
    assert_eq!(
        api.get("/organizations/default/teams").await.expect(200)[0]["slug"],
        "everyone"
    );
}

#[actix_web::test]
async fn what_the_settings_name_is_made_when_absent_and_left_alone_when_not() {
    let api = Api::new().await;
    let ensure = async |key: Option<&str>| {
        let key = key.map(|key| key.parse().unwrap());
        let ensured = api.accounts.ensure_project("shop", None, key, api.now()).await;
        ensured.unwrap().1.public.to_string()
    };
    let later = "fedcba9876543210fedcba9876543210";
    assert_eq!(ensure(None).await, super::PUBLIC_KEY, "the oldest key will do");
    assert_eq!(ensure(Some(later)).await, later, "a DSN that is absent is added");
    assert_eq!(ensure(Some(later)).await, later);
    let keys = api.get("/projects/default/shop/keys/").await.expect(200);
    assert_eq!(keys.as_array().unwrap().len(), 2);
}
