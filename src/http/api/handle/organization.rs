//! The one organisation and its one team, for clients that ask for them before anything else.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::Answer;
use crate::http::api::{Site, render};
use crate::http::extract::Caller;

pub(in crate::http::api) async fn list(_: Caller, site: Data<Site>) -> Answer {
    Ok(HttpResponse::Ok().json([render::organization(&site)]))
}

pub(in crate::http::api) async fn show(_: Caller, site: Data<Site>) -> Answer {
    Ok(HttpResponse::Ok().json(render::organization(&site)))
}

/// Version control is not asked: clients read their own repository when there is none here.
pub(in crate::http::api) async fn repositories(_: Caller) -> Answer {
    Ok(HttpResponse::Ok().json([(); 0]))
}

pub(in crate::http::api) async fn teams(_: Caller) -> Answer {
    Ok(HttpResponse::Ok().json([render::team()]))
}
