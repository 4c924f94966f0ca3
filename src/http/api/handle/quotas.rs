//! How much may be sent to a project.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};

use super::Answer;
use crate::accounts::Accounts;
use crate::http::api::ask::EditQuotas;
use crate::http::api::{render, wanted};
use crate::http::extract::AtProject;

pub(in crate::http::api) async fn show(at: AtProject, accounts: Data<Accounts>) -> Answer {
    let limits = accounts.limits(at.project.id).await?;
    Ok(HttpResponse::Ok().json(render::project_quotas(&limits)))
}

pub(in crate::http::api) async fn edit(
    at: AtProject,
    Json(asked): Json<EditQuotas>,
    accounts: Data<Accounts>,
) -> Answer {
    let mut limits = accounts.limits(at.project.id).await?;
    if let Some(quotas) = asked.quotas {
        limits.project = wanted::limits(quotas)?;
    }
    limits.spike_protection = asked.spike_protection.unwrap_or(limits.spike_protection);
    accounts
        .set_limits(&at.caller, at.project.id, limits.clone())
        .await?;
    Ok(HttpResponse::Ok().json(render::project_quotas(&limits)))
}
