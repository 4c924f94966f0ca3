//! Reports that browsers send by themselves: content security policy and its relatives.

use actix_web::http::header;
use actix_web::web::{Data, Payload, Query};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use super::sender::Sender;
use crate::http::error::{ApiError, rate_limits};
use crate::http::extract::Now;
use crate::http::extract::body::{Body, BodyLimits};
use crate::ingest::Ingest;
use crate::protocol::envelope::{Envelope, Item, ItemType};
use crate::protocol::security;

/// The media types of single reports.
const REPORT: [&str; 5] = [
    "application/json",
    "application/csp-report",
    "application/expect-ct-report",
    "application/expect-ct-report+json",
    "application/expect-staple-report",
];
/// The media type of the Reporting API: an array of reports.
const REPORTS: &str = "application/reports+json";

/// What the address of a policy may say about the page.
#[derive(Deserialize)]
pub(crate) struct Page {
    sentry_release: Option<String>,
    sentry_environment: Option<String>,
}

/// `POST …/security/` and `…/csp-report/`.
pub(crate) async fn report(
    request: HttpRequest,
    page: Query<Page>,
    payload: Payload,
    ingest: Data<Ingest>,
    limits: Data<BodyLimits>,
) -> Result<HttpResponse, ApiError> {
    let sender = Sender::new(&request, &ingest).await?;
    let source = sender.known_source()?;
    let is_batch = is_batch(&request)?;
    let body = Body::read(request.headers(), payload, &limits).await;
    let now = Now::ask(&request)?;
    let body = sender.counted(body, &ingest, now).await?;
    let reports = if is_batch {
        violations(&body.bytes, ingest.limits().max_event_bytes)
    } else {
        Ok(vec![body.bytes.clone()])
    };
    let reports = sender.counted(reports, &ingest, now).await?;
    let client = sender.into_client();
    let mut answer = HttpResponse::Ok();
    for report in reports {
        let envelope = page.envelope(report);
        let accepted = ingest.accept(envelope, &source, client.clone(), now.0).await?;
        if let Some(limits) = rate_limits(&accepted.limits) {
            answer.insert_header(limits);
        }
    }
    Ok(answer.finish())
}

impl Page {
    fn envelope(&self, report: Bytes) -> Envelope {
        let mut item = Item::new(ItemType::RawSecurity, report);
        let mut put = |name: &str, value: &Option<String>| {
            if let Some(value) = value {
                item.headers
                    .other
                    .insert(name.to_owned(), Value::from(value.as_str()));
            }
        };
        put("sentry_release", &self.sentry_release);
        put("sentry_environment", &self.sentry_environment);
        Envelope {
            items: vec![item],
            ..Envelope::default()
        }
    }
}

/// Whether the media type says that the body is an array of reports; fails when it is no report at all.
fn is_batch(request: &HttpRequest) -> Result<bool, ApiError> {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let kind = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if !REPORT.contains(&kind.as_str()) && kind != REPORTS {
        return Err(ApiError::UnsupportedMedia(
            "unsupported media type of a security report".to_owned(),
        ));
    }
    Ok(kind == REPORTS)
}

/// The violations in a batch. A batch has at most `limit` bytes, as a single report: a list of numbers takes eight
/// times its bytes when it is taken apart.
fn violations(body: &[u8], limit: usize) -> Result<Vec<Bytes>, ApiError> {
    if body.len() > limit {
        return Err(ApiError::TooLarge(format!(
            "the batch of reports is too large: at most {limit} bytes"
        )));
    }
    security::violations(body).map_err(|fault| ApiError::BadRequest {
        detail: "invalid report".to_owned(),
        causes: vec![fault.to_string()],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn violations_are_taken_out_of_a_batch_that_is_not_too_large() {
        let batch = br#"[{"type":"csp-violation","body":{}},{"type":"deprecation"},7]"#;
        assert_eq!(
            violations(batch, batch.len()).unwrap(),
            [Bytes::from_static(br#"{"type":"csp-violation","body":{}}"#)]
        );
        assert!(matches!(
            violations(batch, batch.len() - 1),
            Err(ApiError::TooLarge(_))
        ));
        assert!(violations(b"{}", 100).is_err());
    }
}
