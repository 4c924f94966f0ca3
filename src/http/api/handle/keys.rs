//! The keys of a project.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path};

use super::Answer;
use crate::accounts::Accounts;
use crate::http::api::ask::{EditKey, NewKey};
use crate::http::api::{Site, render};
use crate::http::extract::{AtProject, Now};

pub(in crate::http::api) async fn list(at: AtProject, accounts: Data<Accounts>, site: Data<Site>) -> Answer {
    let keys = accounts.keys(at.project.id).await?;
    Ok(HttpResponse::Ok().json(keys.iter().map(|key| render::key(key, &site)).collect::<Vec<_>>()))
}

pub(in crate::http::api) async fn create(
    at: AtProject,
    Json(asked): Json<NewKey>,
    Now(now): Now,
    accounts: Data<Accounts>,
    site: Data<Site>,
) -> Answer {
    let name = asked.name.as_deref().filter(|name| !name.trim().is_empty());
    let key = accounts.create_key(&at.caller, at.project.id, name, now).await?;
    Ok(HttpResponse::Created().json(render::key(&key, &site)))
}

pub(in crate::http::api) async fn edit(
    at: AtProject,
    path: Path<(String, String, String)>,
    Json(asked): Json<EditKey>,
    accounts: Data<Accounts>,
    site: Data<Site>,
) -> Answer {
    let name = asked.name.as_deref();
    let key = accounts
        .edit_key(&at.caller, at.project.id, &path.2, name, asked.is_active)
        .await?;
    Ok(HttpResponse::Ok().json(render::key(&key, &site)))
}

pub(in crate::http::api) async fn delete(
    at: AtProject,
    path: Path<(String, String, String)>,
    accounts: Data<Accounts>,
) -> Answer {
    accounts.delete_key(&at.caller, at.project.id, &path.2).await?;
    Ok(HttpResponse::NoContent().finish())
}
