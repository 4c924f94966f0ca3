//! The keys of a project.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path};

use super::Answer;
use crate::accounts::Accounts;
use crate::http::api::ask::{EditKey, NewKey};
use crate::http::api::{Site, render, wanted};
use crate::http::extract::{AtProject, Now};
use crate::model::ProjectLimits;

pub(in crate::http::api) async fn list(at: AtProject, accounts: Data<Accounts>, site: Data<Site>) -> Answer {
    let keys = accounts.keys(at.project.id).await?;
    let limits = accounts.limits(at.project.id).await?;
    let keys = keys.iter().map(|key| render::key(key, &limits, &site));
    Ok(HttpResponse::Ok().json(keys.collect::<Vec<_>>()))
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
    Ok(HttpResponse::Created().json(render::key(&key, &ProjectLimits::default(), &site)))
}

pub(in crate::http::api) async fn edit(
    at: AtProject,
    path: Path<(String, String, String)>,
    Json(asked): Json<EditKey>,
    accounts: Data<Accounts>,
    site: Data<Site>,
) -> Answer {
    let name = asked.name.as_deref();
    let quotas = asked.quotas.map(wanted::limits).transpose()?;
    let key = accounts
        .edit_key(&at.caller, at.project.id, &path.2, name, asked.is_active)
        .await?;
    let mut limits = accounts.limits(at.project.id).await?;
    let mut of_key = quotas.unwrap_or_else(|| limits.of_key(key.public).to_vec());
    if let Some(rate_limit) = asked.rate_limit {
        of_key = wanted::with_rate_limit(of_key, rate_limit)?;
    }
    if of_key != limits.of_key(key.public) {
        limits.set_key(key.public, of_key);
        accounts
            .set_limits(&at.caller, at.project.id, limits.clone())
            .await?;
    }
    Ok(HttpResponse::Ok().json(render::key(&key, &limits, &site)))
}

pub(in crate::http::api) async fn delete(
    at: AtProject,
    path: Path<(String, String, String)>,
    accounts: Data<Accounts>,
) -> Answer {
    accounts.delete_key(&at.caller, at.project.id, &path.2).await?;
    Ok(HttpResponse::NoContent().finish())
}
