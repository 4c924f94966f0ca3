//! Who sends: the project in the path, the key in one of its five places, and what the client says of itself.

use actix_web::HttpRequest;
use actix_web::http::header;

use crate::http::error::ApiError;
use crate::http::extract::{Now, client_ip};
use crate::ingest::{Client, Ingest, Reason, Source};
use crate::protocol::auth::{self, Auth, Presented};
use crate::protocol::dsn::Dsn;
use crate::protocol::envelope::Envelope;
use crate::protocol::ids::ProjectId;

/// What a request shows before its body is read.
pub(super) struct Sender {
    project: Option<ProjectId>,
    /// Who it is, when the request itself said so.
    source: Option<Source>,
    client: Client,
}

impl Sender {
    /// Looks at path, headers and query; refuses a key that is not good, or with which nothing may be sent any more, before
    /// a byte of the body is read.
    pub(super) async fn new(request: &HttpRequest, ingest: &Ingest) -> Result<Self, ApiError> {
        let project = match request.match_info().get("project_id") {
            Some(text) => Some(
                text.parse::<ProjectId>()
                    .map_err(|fault| ApiError::bad_request(fault.to_string()))?,
            ),
            None => None,
        };
        let presented = Presented {
            x_sentry_auth: text(request, "x-sentry-auth"),
            authorization: text(request, header::AUTHORIZATION.as_str()),
            query: Some(request.query_string()),
            path: None,
        };
        let auth = auth::resolve(presented)?;
        let source = match &auth {
            Some(auth) => Some(ingest.authorize(project, auth.public_key).await?),
            None => None,
        };
        if let Some(source) = &source {
            ingest.check_open(source, Now::ask(request)?.0).await?;
        }
        let client = Client {
            name: auth.and_then(|auth| auth.client),
            ip: client_ip(request),
            user_agent: text(request, header::USER_AGENT.as_str())
                .map(|agent| agent.chars().take(512).collect()),
        };
        Ok(Self {
            project,
            source,
            client,
        })
    }

    /// Who sends. A tunnel passes on nothing but the envelope, whose header then has to say it.
    pub(super) async fn source(&self, envelope: &Envelope, ingest: &Ingest) -> Result<Source, ApiError> {
        if let Some(source) = &self.source {
            return Ok(source.clone());
        }
        let dsn = envelope
            .headers
            .dsn
            .as_deref()
            .and_then(|dsn| dsn.parse::<Dsn>().ok());
        let auth = dsn.map(Auth::from).ok_or_else(anonymous)?;
        Ok(ingest.authorize(self.project, auth.public_key).await?)
    }

    /// Who sends, where the body cannot say it.
    pub(super) fn known_source(&self) -> Result<Source, ApiError> {
        self.source.clone().ok_or_else(anonymous)
    }

    /// Whether nothing but the body can still say who sends.
    pub(super) fn is_anonymous(&self) -> bool {
        self.source.is_none()
    }

    /// Hands `result` on. When the fault is in what was sent, it is counted, provided that its project is known; who
    /// was put off comes back.
    pub(super) async fn counted<T>(
        &self,
        result: Result<T, ApiError>,
        ingest: &Ingest,
        now: Now,
    ) -> Result<T, ApiError> {
        let reason = match &result {
            Err(ApiError::BadRequest { .. }) => Reason::InvalidEnvelope,
            Err(ApiError::TooLarge(_)) => Reason::TooLarge,
            _ => return result,
        };
        if let Some(source) = &self.source {
            ingest.refuse(source, reason, now.0).await?;
        }
        result
    }

    /// What the client says of itself.
    pub(super) fn into_client(self) -> Client {
        self.client
    }
}

pub(super) fn anonymous() -> ApiError {
    ApiError::Unauthorized("missing authorization information".to_owned())
}

fn text<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}
