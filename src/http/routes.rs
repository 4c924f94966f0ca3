//! Every URL of the program. Those of the web API stand in a table of their own, from which they are documented too.
//!
//! Slashes at the end are cut off before routing: all of these are answered with and without one.

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig, get, post};
use actix_web::{HttpResponse, Resource};

use super::error::ApiError;
use super::ingest::{cors, security, send};
use super::{api, assets, health};

/// Registers them all.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        // For machines that watch us.
        .route("/health/live", get().to(health::live))
        .route("/health/ready", get().to(health::ready))
        .route("/metrics", get().to(health::metrics))
        .route("/robots.txt", get().to(assets::robots))
        // What mail programs send when somebody unsubscribes (RFC 8058); the same address is a page of the web app.
        .route("/unsubscribe/{token}", post().to(api::unsubscribe))
        // What people and tools read: everything below /api/0, and its description.
        .configure(api::configure)
        // Where SDKs send. A DSN may have a path, which then stands in front.
        .service(
            endpoint("/{prefix:.*}api/{project_id}/envelope")
                .route(post().to(send::envelope))
                .wrap(cors()),
        )
        .service(store("/{prefix:.*}api/{project_id}/store").wrap(cors()))
        // Clients of 2013 name no project: their key does.
        .service(store("/{prefix:.*}api/store").wrap(cors()))
        .service(
            endpoint("/{prefix:.*}api/{project_id}/security")
                .route(post().to(security::report))
                .wrap(cors()),
        )
        .service(
            endpoint("/{prefix:.*}api/{project_id}/csp-report")
                .route(post().to(security::report))
                .wrap(cors()),
        )
        // The web app, for everything else.
        .default_service(web::to(assets::asset));
}

/// A URL that pages of any origin may send to.
fn endpoint(path: &str) -> Resource {
    web::resource(path)
        .route(web::method(Method::OPTIONS).to(HttpResponse::Ok))
        .default_service(web::to(|| async {
            Err::<HttpResponse, _>(ApiError::MethodNotAllowed)
        }))
}

/// The endpoint from before there were envelopes; as an image, it is asked with GET.
fn store(path: &str) -> Resource {
    endpoint(path)
        .route(post().to(send::store))
        .route(get().to(send::store_by_query))
}
