//! One's own API tokens.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path};

use super::Answer;
use crate::accounts::Accounts;
use crate::http::api::ask::NewToken;
use crate::http::api::render;
use crate::http::api::shape::Minted;
use crate::http::extract::{Caller, Now};

pub(in crate::http::api) async fn list(Caller(caller): Caller, accounts: Data<Accounts>) -> Answer {
    let tokens = accounts.tokens(&caller).await?;
    Ok(HttpResponse::Ok().json(tokens.iter().map(render::api_token).collect::<Vec<_>>()))
}

pub(in crate::http::api) async fn create(
    Caller(caller): Caller,
    Json(asked): Json<NewToken>,
    Now(now): Now,
    accounts: Data<Accounts>,
) -> Answer {
    let (token, kept) = accounts.create_token(&caller, &asked.name, now).await?;
    Ok(HttpResponse::Created().json(Minted {
        details: render::api_token(&kept),
        token,
    }))
}

pub(in crate::http::api) async fn delete(
    Caller(caller): Caller,
    id: Path<String>,
    accounts: Data<Accounts>,
) -> Answer {
    accounts.delete_token(&caller, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
