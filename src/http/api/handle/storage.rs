//! What is kept and what it takes.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::Answer;
use crate::accounts::Accounts;
use crate::http::api::render;
use crate::http::extract::{Caller, Now};
use crate::model::retention::{Days, UsualDays};
use crate::store::Retention;

pub(in crate::http::api) async fn show(
    _: Caller,
    Now(now): Now,
    accounts: Data<Accounts>,
    retention: Data<dyn Retention>,
    usual: Data<UsualDays>,
) -> Answer {
    let projects = accounts.projects().await?;
    let (usage, kept) = (retention.usage().await?, retention.kept().await?);
    let days = Days::new(**usual, &projects);
    Ok(HttpResponse::Ok().json(render::storage(&usage, &kept, &projects, &days, now)))
}
