//! The query string as a type. Unlike actix's own extractor it reads a key that is repeated as a list.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;

use crate::http::error::ApiError;

/// What the query string asks.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let refused = |fault: serde_html_form::de::Error| ApiError::BadRequest {
            detail: "The query string cannot be read.".to_owned(),
            causes: vec![fault.to_string()],
        };
        ready(
            serde_html_form::from_str(request.query_string())
                .map(Self)
                .map_err(refused),
        )
    }
}
