//! How an error leaves the program: the only place that chooses a status, a body and the headers with it.
//!
//! The body is `{"detail": "…", "causes": ["…"]}`. Errors of our own making are logged here, once, and never shown.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use serde::Serialize;

use super::put_off;
use crate::model::QueryError;
use crate::protocol::rate_limit::{self, RateLimit};
use crate::protocol::{auth, envelope, store_body};
use crate::{accounts, alerts, grouping, ingest, regroup, rollout, shipping, store, triage};

const X_SENTRY_ERROR: HeaderName = HeaderName::from_static("x-sentry-error");
const X_SENTRY_RATE_LIMITS: HeaderName = HeaderName::from_static("x-sentry-rate-limits");

/// How long a client is asked to wait when we are too busy or too full.
const LATER: Duration = Duration::from_secs(60);

/// Why a request was not served. The texts are read by the client.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The request cannot be understood (400); `causes` says where.
    #[error("{detail}")]
    BadRequest {
        /// What was being read.
        detail: String,
        /// Where and why that failed.
        causes: Vec<String>,
    },
    /// Nobody, or nobody we know, is asking (401).
    #[error("{0}")]
    Unauthorized(String),
    /// Somebody we know may not do this (403).
    #[error("{0}")]
    Forbidden(String),
    /// There is no such thing (404).
    #[error("{0}")]
    NotFound(String),
    /// The path exists, not with this method (405).
    #[error("Method not allowed.")]
    MethodNotAllowed,
    /// The client stopped sending, or took too long (408).
    #[error("The request took too long.")]
    TooSlow,
    /// It contradicts what is there (409).
    #[error("{0}")]
    Conflict(String),
    /// A bound on sizes was passed (413).
    #[error("{0}")]
    TooLarge(String),
    /// A content type that this address does not read (415).
    #[error("{0}")]
    UnsupportedMedia(String),
    /// Too often (429).
    #[error("Too many requests.")]
    TooMany {
        /// When to try again.
        retry_after: Duration,
    },
    /// More than a limit allows (429).
    #[error("event submission rejected due to rate limit")]
    Limited(Vec<RateLimit>),
    /// No room at the moment (503).
    #[error("{0}")]
    Unavailable(String),
    /// Our own fault (500).
    #[error("Internal error.")]
    Internal(#[source] anyhow::Error),
}

impl ApiError {
    /// A 400 without causes.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::BadRequest {
            detail: detail.into(),
            causes: Vec::new(),
        }
    }

    /// A 400 that says of each field of a thing what is wrong with it.
    pub fn refused(detail: impl Into<String>, faults: impl IntoIterator<Item = impl ToString>) -> Self {
        Self::BadRequest {
            detail: detail.into(),
            causes: faults.into_iter().map(|fault| fault.to_string()).collect(),
        }
    }

    /// A 404 in the words of the web API.
    pub fn not_found() -> Self {
        Self::NotFound("The requested resource does not exist.".to_owned())
    }

    /// A 500 from any error; its text goes to the log only.
    pub fn internal(error: impl Into<anyhow::Error>) -> Self {
        Self::Internal(error.into())
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooMany { retry_after } => Some(*retry_after),
            Self::Unavailable(_) => Some(LATER),
            Self::Limited(limits) => {
                let longest = limits.iter().map(|limit| limit.retry_after).max();
                Some(longest.map_or(LATER, Duration::from_secs))
            }
            _ => None,
        }
    }

    /// What SDKs hold back, and for how long.
    fn limits(&self) -> Vec<RateLimit> {
        match self {
            Self::Limited(limits) => limits.clone(),
            Self::Unavailable(_) => vec![RateLimit::on_everything(LATER.as_secs())],
            _ => Vec::new(),
        }
    }

    fn log(&self) {
        match self {
            Self::Internal(error) => {
                tracing::error!(error = format!("{error:#}"), "a request failed: {error:#}")
            }
            Self::Unavailable(detail) => put_off::log(detail),
            _ => tracing::debug!("a request was refused: {self}"),
        }
    }
}

impl From<store::Error> for ApiError {
    fn from(error: store::Error) -> Self {
        use store::Error as E;
        match error {
            E::Conflict(why) => Self::Conflict(why.to_owned()),
            E::Missing(what) => Self::NotFound(format!("There is no such {what}.")),
            E::BadCursor => Self::bad_request("The cursor is not valid."),
            E::Unsearchable(why) => Self::bad_request(why),
            E::Full(_) | E::Unready(_) => Self::Unavailable(error.to_string()),
            E::Closed => Self::Unavailable("The server is shutting down.".to_owned()),
            E::Damaged(_) | E::BadIndex(_) | E::Newer(_) | E::Locked(_) | E::Io(..) => Self::internal(error),
        }
    }
}

impl From<accounts::Error> for ApiError {
    fn from(error: accounts::Error) -> Self {
        use accounts::Error as E;
        match error {
            E::WrongCredentials | E::LinkSpent => Self::Unauthorized(error.to_string()),
            E::WrongPassword | E::Forbidden => Self::Forbidden(error.to_string()),
            E::Throttled { retry_after } => Self::TooMany { retry_after },
            E::Busy => Self::Unavailable(error.to_string()),
            E::Invalid(why) => Self::bad_request(why),
            E::Conflict(why) => Self::Conflict(why.to_owned()),
            E::Missing(_) => Self::NotFound(error.to_string()),
            E::Store(error) => error.into(),
        }
    }
}

impl From<alerts::book::Error> for ApiError {
    fn from(error: alerts::book::Error) -> Self {
        use alerts::book::Error as E;
        match error {
            E::Missing(_) => Self::NotFound(error.to_string()),
            E::Refused { ref faults, .. } => Self::refused(error.to_string(), faults),
            E::Conflict(why) => Self::Conflict(why.to_owned()),
            E::Store(error) => error.into(),
        }
    }
}

impl From<grouping::Unreadable> for ApiError {
    fn from(error: grouping::Unreadable) -> Self {
        let field = match error.language {
            grouping::Language::Stack => "groupingEnhancements",
            grouping::Language::Fingerprint => "fingerprintingRules",
        };
        Self::BadRequest {
            detail: format!("{field} cannot be read."),
            causes: vec![error.to_string()],
        }
    }
}

impl From<regroup::Error> for ApiError {
    fn from(error: regroup::Error) -> Self {
        use regroup::Error as E;
        match error {
            E::Missing => Self::NotFound(error.to_string()),
            E::Nothing | E::Busy => Self::Conflict(error.to_string()),
            E::Rules(error) => error.into(),
            E::Store(error) => error.into(),
            E::Panicked(error) => Self::internal(error),
        }
    }
}

impl From<rollout::Error> for ApiError {
    fn from(error: rollout::Error) -> Self {
        use rollout::Error as E;
        match error {
            E::Unknown(_) => Self::NotFound(error.to_string()),
            E::Itself | E::Packages(..) => Self::bad_request(error.to_string()),
            E::Store(error) => error.into(),
        }
    }
}

impl From<shipping::Error> for ApiError {
    fn from(error: shipping::Error) -> Self {
        use shipping::Error as E;
        match error {
            E::Missing => Self::NotFound(error.to_string()),
            E::Refused(_) => Self::bad_request(error.to_string()),
            E::Store(error) => error.into(),
        }
    }
}

impl From<triage::Error> for ApiError {
    fn from(error: triage::Error) -> Self {
        match error {
            triage::Error::Nothing | triage::Error::TooMany | triage::Error::NoSuchRelease(_) => {
                Self::bad_request(error.to_string())
            }
            triage::Error::Store(error) => error.into(),
        }
    }
}

impl From<QueryError> for ApiError {
    fn from(error: QueryError) -> Self {
        Self::BadRequest {
            detail: "The search cannot be read.".to_owned(),
            causes: vec![error.to_string()],
        }
    }
}

impl From<ingest::Error> for ApiError {
    fn from(error: ingest::Error) -> Self {
        use ingest::Error as E;
        match error {
            E::Rejected => Self::Forbidden(error.to_string()),
            E::DsnMismatch(_) => Self::bad_request(error.to_string()),
            E::NotJson(place) => Self::BadRequest {
                detail: "invalid event payload".to_owned(),
                causes: vec![place],
            },
            E::TooLarge { .. } => Self::TooLarge(error.to_string()),
            E::Limited(limits) => Self::Limited(limits),
            E::Store(error) => error.into(),
        }
    }
}

impl From<auth::Error> for ApiError {
    fn from(error: auth::Error) -> Self {
        match error {
            auth::Error::Malformed | auth::Error::Conflict => Self::Unauthorized(error.to_string()),
            auth::Error::Key | auth::Error::Version => Self::bad_request(error.to_string()),
        }
    }
}

impl From<envelope::Error> for ApiError {
    fn from(error: envelope::Error) -> Self {
        Self::BadRequest {
            detail: "invalid envelope".to_owned(),
            causes: vec![error.to_string()],
        }
    }
}

impl From<store_body::Error> for ApiError {
    fn from(error: store_body::Error) -> Self {
        match error {
            store_body::Error::TooLarge => Self::TooLarge(error.to_string()),
            store_body::Error::Empty | store_body::Error::Base64 | store_body::Error::Zlib => {
                Self::bad_request(error.to_string())
            }
        }
    }
}

/// The header that tells SDKs of limits, if there are any.
pub(super) fn rate_limits(limits: &[RateLimit]) -> Option<(HeaderName, String)> {
    (!limits.is_empty()).then(|| (X_SENTRY_RATE_LIMITS, rate_limit::header(limits)))
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    detail: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    causes: &'a [String],
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::BadRequest { .. } => StatusCode::BAD_REQUEST,
            Self::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMedia(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooMany { .. } | Self::Limited(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        self.log();
        let detail = self.to_string();
        let causes: &[String] = match self {
            Self::BadRequest { causes, .. } => causes,
            _ => &[],
        };
        let mut response = HttpResponseBuilder::new(self.status_code());
        if let Some(wait) = self.retry_after() {
            response.insert_header((header::RETRY_AFTER, wait.as_secs().max(1)));
        }
        if let Some(limits) = rate_limits(&self.limits()) {
            response.insert_header(limits);
        }
        // SDKs print this header; a detail that quotes what was sent may not be a legal header value.
        if let Ok(text) = HeaderValue::from_str(&detail) {
            response.insert_header((X_SENTRY_ERROR, text));
        }
        response.json(ErrorBody {
            detail: &detail,
            causes,
        })
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;

    use super::*;

    async fn parts(error: ApiError) -> (u16, String, Option<String>) {
        let response = error.error_response();
        let status = response.status().as_u16();
        let wait = response
            .headers()
            .get(header::RETRY_AFTER)
            .map(|it| it.to_str().unwrap().to_owned());
        let body = to_bytes(response.into_body()).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap(), wait)
    }

    #[tokio::test]
    async fn bodies_are_the_documented_shape() {
        let error = ApiError::BadRequest {
            detail: "envelope".to_owned(),
            causes: vec!["item 1".to_owned()],
        };
        assert_eq!(
            parts(error).await,
            (
                400,
                r#"{"detail":"envelope","causes":["item 1"]}"#.to_owned(),
                None
            )
        );
        let (status, body, _) = parts(ApiError::Unauthorized("no key\nhere".to_owned())).await;
        assert_eq!((status, body.as_str()), (401, r#"{"detail":"no key\nhere"}"#));
    }

    #[tokio::test]
    async fn our_own_faults_are_not_shown() {
        let (status, body, _) = parts(ApiError::internal(anyhow::anyhow!("/var/lib/secret is gone"))).await;
        assert_eq!((status, body.as_str()), (500, r#"{"detail":"Internal error."}"#));
    }

    #[tokio::test]
    async fn a_client_that_must_wait_is_told_how_long() {
        let (status, _, wait) = parts(ApiError::TooMany {
            retry_after: Duration::from_millis(10),
        })
        .await;
        assert_eq!((status, wait.as_deref()), (429, Some("1")));
        let (status, _, wait) = parts(ApiError::Unavailable("the disk is full".to_owned())).await;
        assert_eq!((status, wait.as_deref()), (503, Some("60")));
    }
}
