//! Coming in, going out, and who may manage whom.

use std::collections::BTreeSet;

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{Api, Reply, bearer};

pub(super) const DAY: i64 = 24 * 3_600;

impl Api {
    pub(super) async fn sign_in(&self, email: &str, password: &str) -> Reply {
        let body = json!({"email": email, "password": password});
        let peer = "203.0.113.7:1".parse().unwrap();
        self.send(Method::POST, "/auth/", |request| {
            request.peer_addr(peer).set_json(body)
        })
        .await
    }

    pub(super) async fn follow(&self, token: &str) -> Reply {
        self.send(Method::POST, "/auth/link/", |request| {
            request.set_json(json!({"token": token}))
        })
        .await
    }

    async fn me(&self, cookie: &str) -> Reply {
        self.send(Method::GET, "/auth/", |request| {
            request.insert_header(("cookie", cookie))
        })
        .await
    }

    /// Signs the owner in by link and gives them a password: the cookie and the CSRF token.
    pub(super) async fn owner_with_password(&self, password: &str) -> (String, String) {
        let link = self.accounts.first_link(self.owner.id).await.unwrap().unwrap();
        let reply = self.follow(&link).await;
        let cookie = reply.cookie();
        let csrf = reply.expect(200)["csrfToken"].as_str().unwrap().to_owned();
        self.edit_me(&cookie, &csrf, json!({"password": password}))
            .await
            .expect(200);
        (cookie, csrf)
    }

    pub(super) async fn edit_me(&self, cookie: &str, csrf: &str, body: Value) -> Reply {
        self.send(Method::PUT, "/users/me/", |request| {
            request
                .insert_header(("cookie", cookie))
                .insert_header(("x-csrf-token", csrf))
                .set_json(body)
        })
        .await
    }

    async fn as_token(&self, token: &str, method: Method, path: &str, body: Value) -> Reply {
        self.send(method, path, |request| {
            request.insert_header(bearer(token)).set_json(body)
        })
        .await
    }
}

#[actix_web::test]
async fn the_first_owner_comes_in_by_link_chooses_a_password_and_signs_in_with_it() {
    let api = Api::new().await;
    let link = api.accounts.first_link(api.owner.id).await.unwrap().unwrap();
    let reply = api.follow(&link).await;
    let set = reply.header("set-cookie").to_owned();
    for attribute in [
        "HttpOnly",
        "SameSite=Lax",
        "Secure",
        "Path=/",
        "Expires=Tue, 31 Mar 2026",
    ] {
        assert!(set.contains(attribute), "{attribute} in {set}");
    }
    let cookie = reply.cookie();
    let me = reply.expect(200);
    assert_eq!(
        (&me["role"], &me["hasPassword"]),
        (&json!("owner"), &json!(false))
    );
    api.follow(&link).await.expect(401);

    let csrf = me["csrfToken"].as_str().unwrap();
    let other_link = api.accounts.first_link(api.owner.id).await.unwrap().unwrap();
    api.edit_me(&cookie, csrf, json!({"password": "short"}))
        .await
        .expect(400);
    let me = api
        .edit_me(&cookie, csrf, json!({"password": "correct horse", "name": "Ann"}))
        .await
        .expect(200);
    assert_eq!((&me["name"], &me["hasPassword"]), (&json!("Ann"), &json!(true)));
    api.follow(&other_link).await.expect(401);
    assert_eq!(api.accounts.first_link(api.owner.id).await.unwrap(), None);

    let reply = api.sign_in(" Owner@Example.com ", "correct horse").await;
    assert_ne!(reply.cookie(), cookie);
    assert_eq!(reply.expect(200)["email"], "owner@example.com");
}

#[actix_web::test]
async fn a_session_changes_nothing_without_its_csrf_token_and_ends() {
    let api = Api::new().await;
    let (cookie, csrf) = api.owner_with_password("correct horse").await;
    let sign_out = |csrf: Option<String>| {
        let cookie = cookie.clone();
        api.send(Method::DELETE, "/auth/", move |mut request| {
            if let Some(csrf) = csrf {
                request = request.insert_header(("x-csrf-token", csrf));
            }
            request.insert_header(("cookie", cookie))
        })
    };
    sign_out(None).await.expect(403);
    sign_out(Some("x".to_owned())).await.expect(403);
    api.me(&cookie).await.expect(200);
    let out = sign_out(Some(csrf)).await;
    assert!(
        out.header("set-cookie").contains("Max-Age=0"),
        "{}",
        out.header("set-cookie")
    );
    out.expect(204);
    api.me(&cookie).await.expect(401);

    let cookie = api.sign_in("owner@example.com", "correct horse").await.cookie();
    api.pass(30 * DAY - 1);
    api.me(&cookie).await.expect(200);
    api.pass(1);
    api.me(&cookie).await.expect(401);
}

#[actix_web::test]
async fn whoever_signs_in_again_leaves_the_former_session_behind() {
    let api = Api::new().await;
    let (former, _) = api.owner_with_password("correct horse").await;
    let body = json!({"email": "owner@example.com", "password": "correct horse"});
    let again = api.send(Method::POST, "/auth/", |request| {
        request.insert_header(("cookie", former.clone())).set_json(body)
    });
    let cookie = again.await.cookie();
    api.me(&former).await.expect(401);
    api.me(&cookie).await.expect(200);
}

#[actix_web::test]
async fn guessing_is_slowed_down_and_learns_nothing() {
    let api = Api::new().await;
    api.owner_with_password("correct horse").await;
    let unknown = api
        .sign_in("nobody@example.com", "correct horse")
        .await
        .expect(401);
    for _ in 0..5 {
        assert_eq!(
            api.sign_in("owner@example.com", "wrong horse").await.expect(401),
            unknown
        );
    }
    let throttled = api.sign_in("owner@example.com", "correct horse").await;
    assert_eq!(throttled.header("retry-after"), "900");
    throttled.expect(429);
    api.pass(900);
    api.sign_in("owner@example.com", "correct horse")
        .await
        .expect(200);
}

#[actix_web::test]
async fn a_borrowed_browser_does_not_take_the_account_over() {
    let api = Api::new().await;
    let (cookie, csrf) = api.owner_with_password("correct horse").await;
    for body in [
        json!({"password": "another horse"}),
        json!({"email": "thief@example.com"}),
        json!({"password": "another horse", "currentPassword": "wrong horse"}),
    ] {
        api.edit_me(&cookie, &csrf, body).await.expect(403);
    }
    api.edit_me(&cookie, &csrf, json!({"name": "Ann"}))
        .await
        .expect(200);
    let elsewhere = api.sign_in("owner@example.com", "correct horse").await.cookie();
    let body = json!({"password": "another horse", "currentPassword": "correct horse"});
    api.edit_me(&cookie, &csrf, body).await.expect(200);
    api.me(&elsewhere).await.expect(401);
    api.me(&cookie).await.expect(200);
    let body = json!({"email": "Ann@example.com", "currentPassword": "another horse"});
    assert_eq!(
        api.edit_me(&cookie, &csrf, body).await.expect(200)["email"],
        "ann@example.com"
    );
}

#[actix_web::test]
async fn a_token_is_shown_once_and_revoked() {
    let api = Api::new().await;
    let made = api
        .change(Method::POST, "/api-tokens/", json!({"name": "ci"}))
        .await
        .expect(201);
    let token = made["token"].as_str().unwrap();
    assert!(token.starts_with("sntryu_") && token.len() == 71, "{token}");
    assert_eq!(made["tokenPreview"], token[67..]);
    let listed = api
        .as_token(token, Method::GET, "/api-tokens/", Value::Null)
        .await
        .expect(200);
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert!(!listed.to_string().contains(token));

    let stranger = api.member("admin").await;
    let path = format!("/api-tokens/{}/", made["id"].as_str().unwrap());
    api.as_token(&stranger, Method::DELETE, &path, Value::Null)
        .await
        .expect(404);
    api.change(Method::DELETE, &path, Value::Null).await.expect(204);
    api.as_token(token, Method::GET, "/auth/", Value::Null)
        .await
        .expect(401);
}

#[actix_web::test]
async fn what_is_made_at_once_gets_numbers_of_its_own() {
    let api = Api::new().await;
    let ids = async |path: &str, body: fn(usize) -> Value| {
        let made = (0..8).map(|n| api.change(Method::POST, path, body(n)));
        let replies = futures_util::future::join_all(made).await;
        let id = |reply: Reply| reply.expect(201)["id"].as_str().unwrap().to_owned();
        let ids: BTreeSet<_> = replies.into_iter().map(id).collect();
        assert_eq!(ids.len(), 8, "{path}: {ids:?}");
    };
    ids(
        "/organizations/default/members/",
        |n| json!({"email": format!("{n}@example.com"), "role": "member"}),
    )
    .await;
    ids("/organizations/default/projects/", |_| json!({"name": "Shop"})).await;
    ids("/api-tokens/", |_| json!({"name": "mine"})).await;
}

#[actix_web::test]
async fn owners_and_admins_manage_members_but_only_owners_owners() {
    let api = Api::new().await;
    let (admin, member) = (api.member("admin").await, api.member("member").await);
    let members = "/organizations/default/members/";
    let of_owner = format!("{members}{}/", api.owner.id.0);
    api.as_token(&member, Method::GET, members, Value::Null)
        .await
        .expect(403);
    let listed = api
        .as_token(&admin, Method::GET, members, Value::Null)
        .await
        .expect(200);
    let roles: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["role"].clone())
        .collect();
    assert_eq!(roles, ["owner", "admin", "member"]);

    let body = json!({"email": "x@example.com", "role": "owner"});
    api.as_token(&admin, Method::POST, members, body)
        .await
        .expect(403);
    api.as_token(&admin, Method::PUT, &of_owner, json!({"role": "member"}))
        .await
        .expect(403);
    api.as_token(&admin, Method::DELETE, &of_owner, Value::Null)
        .await
        .expect(403);
    let link_of_owner = format!("{of_owner}link/");
    for stranger in [&admin, &member] {
        api.as_token(stranger, Method::POST, &link_of_owner, Value::Null)
            .await
            .expect(403);
    }
    let of_member = format!("{members}{}/", listed[2]["id"].as_str().unwrap());
    api.as_token(&admin, Method::POST, &format!("{of_member}link/"), Value::Null)
        .await
        .expect(201);
    api.as_token(&admin, Method::PUT, &of_member, json!({"role": "owner"}))
        .await
        .expect(403);
    api.as_token(&admin, Method::PUT, &of_member, json!({"role": "boss"}))
        .await
        .expect(400);
    let raised = api
        .as_token(&admin, Method::PUT, &of_member, json!({"role": "admin"}))
        .await
        .expect(200);
    assert_eq!(raised["role"], "admin");

    api.change(Method::PUT, &of_owner, json!({"role": "admin"}))
        .await
        .expect(409);
    api.change(Method::DELETE, &of_owner, Value::Null)
        .await
        .expect(409);
    api.change(Method::DELETE, &of_member, Value::Null)
        .await
        .expect(204);
    api.as_token(&member, Method::GET, "/auth/", Value::Null)
        .await
        .expect(401);
}
