//! Sign-in links: the first one, those of invitations, and new ones.

use actix_web::http::Method;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Api;
use super::accounts::DAY;

#[actix_web::test]
async fn an_owner_made_beside_others_comes_in_by_link_too() {
    let api = Api::new().await;
    api.owner_with_password("correct horse").await;
    let ensure = |address| api.accounts.ensure_owner(address, None, Timestamp::UNIX_EPOCH);
    let second = ensure(Some("second@example.com")).await.unwrap();
    let link = api.accounts.first_link(second.id).await.unwrap().unwrap();
    assert_eq!(api.follow(&link).await.expect(200)["email"], "second@example.com");
    assert_eq!(ensure(None).await.unwrap().id, api.owner.id);
    assert_eq!(api.accounts.first_link(api.owner.id).await.unwrap(), None);
}

#[actix_web::test]
async fn only_the_last_first_link_opens_anything() {
    let api = Api::new().await;
    let link = async || api.accounts.first_link(api.owner.id).await.unwrap().unwrap();
    let (earlier, last) = (link().await, link().await);
    api.follow(&earlier).await.expect(401);
    api.follow(&last).await.expect(200);
}

#[actix_web::test]
async fn an_invited_member_comes_in_by_link_within_a_day() {
    let api = Api::new().await;
    let invite = |email: &str| {
        let body = json!({"email": email, "role": "member", "name": "Bob"});
        api.change(Method::POST, "/organizations/default/members/", body)
    };
    let invited = invite("bob@example.com").await.expect(201);
    assert_eq!(
        (&invited["pending"], &invited["name"]),
        (&json!(true), &json!("Bob"))
    );
    invite("BOB@example.com").await.expect(409);
    invite("bob").await.expect(400);
    let link = invited["inviteLink"].as_str().unwrap();
    let token = link
        .strip_prefix("https://errors.example.com/sign-in/link#")
        .unwrap();
    assert_eq!(api.follow(token).await.expect(200)["role"], "member");

    let late = invite("eve@example.com").await.expect(201);
    api.pass(DAY);
    api.follow(late["inviteLink"].as_str().unwrap().rsplit('#').next().unwrap())
        .await
        .expect(401);
}

#[actix_web::test]
async fn a_new_link_lets_a_member_in_who_lost_theirs_or_forgot_the_password() {
    let api = Api::new().await;
    let (cookie, csrf) = api.owner_with_password("correct horse").await;
    let members = "/organizations/default/members/";
    let link_of = async |id: &str| {
        let path = format!("{members}{id}/link/");
        let made = api.change(Method::POST, &path, Value::Null).await.expect(201);
        let link = made["inviteLink"].as_str().unwrap().to_owned();
        link.rsplit('#').next().unwrap().to_owned()
    };
    let body = json!({"email": "bob@example.com", "role": "member"});
    let invited = api.change(Method::POST, members, body).await.expect(201);
    let bob = invited["id"].as_str().unwrap();
    api.follow(&link_of(bob).await).await.expect(200);

    let owner = api.owner.id.0.to_string();
    let (unused, link) = (link_of(&owner).await, link_of(&owner).await);
    api.sign_in("owner@example.com", "correct horse")
        .await
        .expect(200);
    let me = api.follow(&link).await.expect(200);
    assert_eq!(me["hasPassword"], false, "it is to be chosen anew");
    api.follow(&link).await.expect(401);
    api.sign_in("owner@example.com", "correct horse")
        .await
        .expect(401);
    api.edit_me(&cookie, &csrf, json!({"password": "another horse"}))
        .await
        .expect(200);
    api.follow(&unused).await.expect(401);
    api.sign_in("owner@example.com", "another horse")
        .await
        .expect(200);

    let late = link_of(bob).await;
    api.pass(DAY);
    api.follow(&late).await.expect(401);
}
