//! Sessions begin and end here: this is where the cookie is given and taken back.

use actix_web::cookie::time::OffsetDateTime;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse};
use jiff::Timestamp;

use super::Answer;
use crate::accounts::{Accounts, Credential, Identity, SignedIn};
use crate::http::api::ask::{FollowLink, SignIn};
use crate::http::api::{Site, render};
use crate::http::error::ApiError;
use crate::http::extract::{Caller, Now, Origin, SESSION_COOKIE};

pub(in crate::http::api) async fn by_password(
    request: HttpRequest,
    Json(asked): Json<SignIn>,
    Origin(origin): Origin,
    Now(now): Now,
    accounts: Data<Accounts>,
    site: Data<Site>,
) -> Answer {
    let signed_in = accounts
        .sign_in(&asked.email, &asked.password, origin, now)
        .await?;
    end_former(&request, &accounts, now).await?;
    Ok(welcome(signed_in, &site))
}

pub(in crate::http::api) async fn by_link(
    request: HttpRequest,
    Json(asked): Json<FollowLink>,
    Now(now): Now,
    accounts: Data<Accounts>,
    site: Data<Site>,
) -> Answer {
    let signed_in = accounts.follow_link(&asked.token, now).await?;
    end_former(&request, &accounts, now).await?;
    Ok(welcome(signed_in, &site))
}

pub(in crate::http::api) async fn out(
    Caller(caller): Caller,
    accounts: Data<Accounts>,
    site: Data<Site>,
) -> Answer {
    if let Credential::Session(session) = &caller.credential {
        accounts.sign_out(session).await?;
    }
    let mut cookie = cookie(String::new(), &site);
    cookie.make_removal();
    Ok(HttpResponse::NoContent().cookie(cookie).finish())
}

/// A browser that signs in again leaves its former session behind.
async fn end_former(request: &HttpRequest, accounts: &Accounts, now: Timestamp) -> Result<(), ApiError> {
    if let Some(cookie) = request.cookie(SESSION_COOKIE)
        && let Some(former) = accounts.by_session(cookie.value(), now).await?
        && let Credential::Session(session) = &former.credential
    {
        accounts.sign_out(session).await?;
    }
    Ok(())
}

fn welcome(signed_in: SignedIn, site: &Site) -> HttpResponse {
    let mut cookie = cookie(signed_in.secret, site);
    if let Ok(expires) = OffsetDateTime::from_unix_timestamp(signed_in.session.expires.as_second()) {
        cookie.set_expires(expires);
    }
    let identity = Identity {
        user: signed_in.user,
        credential: Credential::Session(signed_in.session),
    };
    HttpResponse::Ok().cookie(cookie).json(render::me(&identity))
}

fn cookie(secret: String, site: &Site) -> Cookie<'static> {
    Cookie::build(SESSION_COOKIE, secret)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(site.is_secure())
        .finish()
}
