//! What everybody gets who has no business here, at every URL of the document.

use actix_web::http::Method;
use serde_json::Value;

use super::{Api, TOKEN, bearer};
use crate::http::api::document;

/// Every operation of the document: method, path, and whether it is open to strangers.
fn operations() -> Vec<(Method, String, bool)> {
    let document = serde_json::to_value(document()).unwrap();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let is_open = operation["security"] == serde_json::json!([{}]);
            operations.push((method, path.clone(), is_open));
        }
    }
    operations
}

/// The path with something in every place; the organisation and the project are real.
fn filled(path: &str) -> String {
    let mut path = path.replace("{org}", "default").replace("{project}", "shop");
    while let (Some(start), Some(end)) = (path.find('{'), path.find('}')) {
        path.replace_range(start..=end, "99");
    }
    path
}

#[actix_web::test]
async fn what_is_documented_is_routed_and_closed_to_strangers() {
    let api = Api::new().await;
    let operations = operations();
    assert!(operations.len() >= 60, "{}", operations.len());
    for (method, path, is_open) in operations {
        let path = filled(&path);
        let reply = api.send(method.clone(), &path, |request| request).await;
        let expected = match (is_open, &method) {
            (false, _) => 401,
            // A link that nobody was given.
            (true, _) if path.starts_with("/unsubscribe/") => 404,
            (true, &Method::GET) => 200,
            (true, _) => 415,
        };
        assert_eq!(reply.status, expected, "{method} {path}");
        for (name, value) in [
            ("content-type", "application/json"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(reply.header(name), value, "{method} {path}");
        }
    }
}

#[actix_web::test]
async fn another_organization_is_none() {
    let api = Api::new().await;
    for (method, path, _) in operations()
        .into_iter()
        .filter(|(_, path, _)| path.contains("{org}"))
    {
        let path = path.replace("{org}", "other");
        let path = filled(&path);
        let body = serde_json::json!({"name": "x", "email": "x", "role": "x", "status": "x"});
        let reply = api.change(method.clone(), &path, body).await;
        assert_eq!(reply.status, 404, "{method} {path}");
    }
}

#[actix_web::test]
async fn what_is_not_there_is_said_in_json() {
    let api = Api::new().await;
    for path in [
        "/nothing/",
        "/projects/default/nothing/",
        "/organizations/default/issues/99/",
        "/organizations/default/issues/SHOP-99/",
        "/organizations/default/issues/💥/",
        "/organizations/default/shortids/SHOP-99/",
        "/organizations/default/eventids/00000000000000000000000000000099/",
        "/projects/default/%FF/",
        "/organizations/default/shortids/%FF/",
        "/projects/default/shop/events/rubbish/",
        "/projects/default/shop/events/00000000000000000000000000000099/attachments/1/",
    ] {
        let answer = api.get(&path.replace('💥', "%F0%9F%92%A5")).await.expect(404);
        assert!(answer["detail"].is_string(), "{path}: {answer}");
    }
    let wrong = api
        .send(Method::DELETE, "/projects/", |it| it.insert_header(bearer(TOKEN)))
        .await;
    assert_eq!(wrong.expect(405)["detail"], "Method not allowed.");
}

#[actix_web::test]
async fn wrong_credentials_are_no_credentials() {
    let api = Api::new().await;
    for header in ["Bearer", "Bearer x", "Basic eDp4", "bearer  "] {
        let reply = api
            .send(Method::GET, "/auth/", |it| {
                it.insert_header(("authorization", header))
            })
            .await;
        reply.expect(401);
    }
    for cookie in [
        "tripline_session=",
        "tripline_session=x",
        "tripline_session=%00; tripline_session=y",
    ] {
        let reply = api
            .send(Method::GET, "/auth/", |it| it.insert_header(("cookie", cookie)))
            .await;
        reply.expect(401);
    }
    let index = api.send(Method::GET, "/", |it| it).await.expect(200);
    assert_eq!(
        (&index["version"], &index["user"]),
        (&Value::from("0"), &Value::Null)
    );
}

#[actix_web::test]
async fn rubbish_is_refused_where_it_stands() {
    let api = Api::new().await;
    for query in [
        "query=is:nothing",
        "query=%22open",
        "sort=sideways",
        "statsPeriod=yesterday",
        "start=yesterday",
        "cursor=rubbish",
        "per_page=many",
        "query=%FF%FE",
    ] {
        let reply = api.get(&format!("/organizations/default/issues/?{query}")).await;
        assert!([200, 400].contains(&reply.status), "{query}: {}", reply.status);
        assert!(reply.status == 400 || query.contains("%FF"), "{query} was taken");
    }
    let answer = api
        .get("/organizations/default/issues/?query=is:nothing")
        .await
        .expect(400);
    assert!(
        answer["causes"][0].as_str().unwrap().contains("at character 4"),
        "{answer}"
    );
    let long = api.send(Method::POST, "/auth/", |it| {
        it.insert_header(("content-type", "application/json"))
            .set_payload(vec![b' '; 300 * 1024])
    });
    long.await.expect(413);
    let form = api.send(Method::POST, "/auth/", |it| {
        it.insert_header(("content-type", "text/plain"))
            .set_payload(r#"{"email":"a@b","password":"c"}"#)
    });
    form.await.expect(415);
}
