//! The HTTP API in Sentry's shapes: everything below `/api/0`, and the document that describes it.
//!
//! Handlers are thin: extractors authenticate and find, a service acts, a shape renders. No rule of the domain is here.

pub mod ask;
mod change;
mod endpoint;
mod handle;
mod openapi;
mod period;
mod render;
mod run;
mod said;
mod search;
pub mod shape;
mod site;
mod table;
#[cfg(test)]
mod tests;
mod wanted;

use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use actix_web::middleware::DefaultHeaders;
use actix_web::web::{self, JsonConfig, PathConfig, ServiceConfig};
use actix_web::{HttpResponse, Resource};

pub(super) use handle::unsubscribe;
pub use openapi::document;
pub use run::Run;
pub use site::Site;

use super::error::ApiError;

/// The most bytes of a body, except where the table says otherwise: nothing else that is sent here is large.
const MAX_BODY: usize = 256 * 1024;

static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_pretty_json().unwrap_or_default());

/// Registers every URL of the table, and the document.
pub(super) fn configure(config: &mut ServiceConfig) {
    let mut api = web::scope("/api/0")
        .app_data(bodies(MAX_BODY))
        .app_data(paths())
        .default_service(web::to(missing));
    for resource in resources() {
        api = api.service(resource);
    }
    config
        .route("/api/openapi.json", web::get().to(describe))
        .service(api.wrap(headers()));
}

/// One resource a path, as 405 needs to know all methods of it.
fn resources() -> Vec<Resource> {
    let mut resources: Vec<(String, Resource)> = Vec::new();
    for row in table::rows() {
        // Slashes at the end are cut off before routing.
        let path = row.path.trim_end_matches('/').to_owned();
        let known = resources.iter().position(|(known, _)| *known == path);
        let (_, resource) = match known {
            Some(at) => resources.swap_remove(at),
            None => (
                path.clone(),
                web::resource(&path).default_service(web::to(wrong_method)),
            ),
        };
        let resource = match row.most_bytes {
            Some(bytes) => resource.app_data(bodies(bytes)),
            None => resource,
        };
        resources.push((path, resource.route(row.route)));
    }
    resources.into_iter().map(|(_, resource)| resource).collect()
}

/// Answers hold what only the caller may know, and text that strangers wrote.
fn headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add((CACHE_CONTROL, "no-store"))
        .add((X_CONTENT_TYPE_OPTIONS, "nosniff"))
}

fn bodies(most: usize) -> JsonConfig {
    JsonConfig::default().limit(most).error_handler(|error, _| {
        use actix_web::error::JsonPayloadError as E;
        let refused = match error {
            E::Overflow { .. } | E::OverflowKnownLength { .. } => {
                ApiError::TooLarge("The body is too large.".to_owned())
            }
            E::ContentType => ApiError::UnsupportedMedia("The body has to be application/json.".to_owned()),
            other => ApiError::BadRequest {
                detail: "The body cannot be read.".to_owned(),
                causes: vec![other.to_string()],
            },
        };
        refused.into()
    })
}

/// What cannot stand in a path, such as broken UTF-8, names nothing.
fn paths() -> PathConfig {
    PathConfig::default().error_handler(|_, _| ApiError::not_found().into())
}

async fn describe() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(DOCUMENT.as_str())
}

async fn missing() -> Result<HttpResponse, ApiError> {
    Err(ApiError::not_found())
}

async fn wrong_method() -> Result<HttpResponse, ApiError> {
    Err(ApiError::MethodNotAllowed)
}
