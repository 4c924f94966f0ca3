//! Where SDKs send: `/api/{project_id}/…`. Finds out who sends, reads the body and hands it to the ingest service.
//!
//! Any path may stand in front, because a DSN may name one and not every proxy strips it.

pub(super) mod security;
pub(super) mod send;
mod sender;

use actix_web::http::header;
use actix_web::middleware::DefaultHeaders;

/// What lets a page of any origin send, and read why it was refused: on every answer, errors included.
pub(super) fn cors() -> DefaultHeaders {
    DefaultHeaders::new()
        .add((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .add((header::ACCESS_CONTROL_ALLOW_METHODS, "POST"))
        .add((
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "x-sentry-auth, x-requested-with, x-forwarded-for, origin, referer, accept, content-type, \
             authentication, authorization, content-encoding, transfer-encoding",
        ))
        .add((
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            "x-sentry-error, x-sentry-rate-limits, retry-after",
        ))
        .add((header::ACCESS_CONTROL_MAX_AGE, "3600"))
}
