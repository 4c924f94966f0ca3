//! Who is calling: by bearer token, or by the cookie of a session. Answers 401 for nobody.
//!
//! A cookie comes along whoever made the browser send the request, so that a change made with one must also repeat the
//! session's CSRF token in a header, which no other site can read. What the caller may do is decided by the services.

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use subtle::ConstantTimeEq;

use super::now::Now;
use super::service::service;
use crate::accounts::{Accounts, Credential, Identity};
use crate::http::api::Site;
use crate::http::error::ApiError;

/// Name of the cookie that holds the secret of a session.
pub const SESSION_COOKIE: &str = "tripline_session";

const CSRF_HEADER: &str = "x-csrf-token";

/// Somebody who proved who they are, at an address of this organisation.
#[derive(Debug, Clone)]
pub struct Caller(pub Identity);

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { authenticate(&request).await })
    }
}

/// Every handler but those for strangers begins here, so that none can forget whose address it serves.
pub(super) async fn authenticate(request: &HttpRequest) -> Result<Caller, ApiError> {
    let identity = identify(request).await?;
    let identity = identity.ok_or_else(|| ApiError::Unauthorized("Sign in, or send a token.".to_owned()))?;
    if let Credential::Session(session) = &identity.credential
        && !request.method().is_safe()
        && !repeats(request, &session.csrf_token)
    {
        return Err(ApiError::Forbidden(
            "The X-CSRF-Token header is missing or wrong.".to_owned(),
        ));
    }
    let site = service::<Site>(request)?;
    let names_us = request
        .match_info()
        .get("org")
        .is_none_or(|slug| slug == site.slug);
    if names_us {
        Ok(Caller(identity))
    } else {
        Err(ApiError::NotFound("There is no such organization.".to_owned()))
    }
}

async fn identify(request: &HttpRequest) -> Result<Option<Identity>, ApiError> {
    let accounts = service::<Accounts>(request)?;
    if let Some(header) = request.headers().get(AUTHORIZATION) {
        let token = header.to_str().ok().and_then(|value| value.split_once(' '));
        return match token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) {
            Some((_, token)) => Ok(accounts.by_token(token.trim()).await?),
            None => Ok(None),
        };
    }
    let Some(cookie) = request.cookie(SESSION_COOKIE) else {
        return Ok(None);
    };
    let Now(now) = Now::extract(request).await?;
    Ok(accounts.by_session(cookie.value(), now).await?)
}

fn repeats(request: &HttpRequest, csrf_token: &str) -> bool {
    let header = request.headers().get(CSRF_HEADER);
    header.is_some_and(|value| value.as_bytes().ct_eq(csrf_token.as_bytes()).into())
}
