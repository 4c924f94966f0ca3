//! What changes while somebody looks.

use actix_web::web::Data;

use super::Answer;
use crate::http::extract::Caller;
use crate::http::streams::Streams;
use crate::store::Issues;

/// A stream that says so whenever issues changed.
pub(in crate::http::api) async fn stream(
    _: Caller,
    streams: Data<Streams>,
    issues: Data<dyn Issues>,
) -> Answer {
    streams.open(issues)
}
