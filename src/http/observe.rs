//! What every request has: an id in its answer and on its log lines, a measurement, and a limit on its time.
//!
//! Logs neither query strings (they hold keys) nor headers nor bodies.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, web};
use futures_util::FutureExt;
use tracing::Instrument;
use uuid::Uuid;

use super::error::ApiError;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How long a whole request may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct RequestTimeout(pub(super) Duration);

/// Gives the request an id and a span, measures it, and puts the id on the answer.
pub(super) async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let id = incoming_id(request.headers()).unwrap_or_else(|| Uuid::new_v4().simple().to_string());
    let span = tracing::info_span!("request", id, method = %request.method(), path = request.path());
    let started = Instant::now();
    let result = next.call(request).instrument(span.clone()).await;
    let value = HeaderValue::from_str(&id).ok();
    let (result, status, route) = match result {
        Ok(mut response) => {
            value.map(|value| response.headers_mut().insert(X_REQUEST_ID, value));
            let route = response
                .request()
                .match_pattern()
                .unwrap_or_else(|| "assets".to_owned())
                .replace("{prefix:.*}", "");
            let status = response.status();
            (Ok(response), status, route)
        }
        Err(error) => {
            let mut response = span.in_scope(|| error.error_response());
            value.map(|value| response.headers_mut().insert(X_REQUEST_ID, value));
            let status = response.status();
            (
                Err(InternalError::from_response(error, response).into()),
                status,
                "failed".to_owned(),
            )
        }
    };
    let labels = [("route", route), ("status", status.as_str().to_owned())];
    metrics::counter!("tripline_http_requests_total", &labels).increment(1);
    metrics::histogram!("tripline_http_request_seconds", "route" => labels[0].1.clone())
        .record(started.elapsed());
    span.in_scope(|| {
        tracing::debug!(
            status = status.as_u16(),
            ms = started.elapsed().as_millis() as u64,
            "answered"
        )
    });
    result
}

/// Turns a panic into a 500 and an endless request into a 408.
pub(super) async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let limit = request
        .app_data::<web::Data<RequestTimeout>>()
        .map_or(Duration::from_secs(300), |it| it.0);
    let answer = AssertUnwindSafe(next.call(request)).catch_unwind();
    match tokio::time::timeout(limit, answer).await {
        Ok(Ok(result)) => result,
        Ok(Err(_panic)) => Err(ApiError::internal(anyhow::anyhow!("a handler panicked")).into()),
        Err(_elapsed) => Err(ApiError::TooSlow.into()),
    }
}

/// The id that a proxy gave the request, when it is harmless in a log.
fn incoming_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(X_REQUEST_ID)?.to_str().ok()?;
    let harmless = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    ((1..=64).contains(&id.len()) && id.bytes().all(harmless)).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, init_service};
    use actix_web::{App, HttpResponse};

    use super::*;

    async fn answer(path: &str, id: &str) -> (u16, String) {
        let app = App::new()
            .app_data(web::Data::new(RequestTimeout(Duration::from_millis(50))))
            .route(
                "/panic",
                web::get().to(|| async { panic!("on purpose") as HttpResponse }),
            )
            .route("/hang", web::get().to(std::future::pending::<HttpResponse>))
            .route("/ok", web::get().to(HttpResponse::Ok))
            .wrap(from_fn(guard))
            .wrap(from_fn(observe));
        let app = init_service(app).await;
        let request = TestRequest::get()
            .uri(path)
            .insert_header((X_REQUEST_ID, id))
            .to_request();
        let response = match actix_web::dev::Service::call(&app, request).await {
            Ok(response) => response.into_parts().1.map_into_boxed_body(),
            Err(error) => error.error_response(),
        };
        (
            response.status().as_u16(),
            response
                .headers()
                .get(X_REQUEST_ID)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned(),
        )
    }

    #[actix_web::test]
    async fn every_answer_has_the_id() {
        assert_eq!(
            answer("/ok", "from-proxy.1").await,
            (200, "from-proxy.1".to_owned())
        );
        assert_eq!(answer("/none", "a").await, (404, "a".to_owned()));
        assert_eq!(answer("/panic", "b").await, (500, "b".to_owned()));
        assert_eq!(answer("/hang", "c").await, (408, "c".to_owned()));
    }

    #[actix_web::test]
    async fn a_strange_id_is_replaced() {
        for strange in ["", "a b", "<x>", &"x".repeat(65)] {
            let (_, id) = answer("/ok", strange).await;
            assert_eq!(id.len(), 32, "{strange:?} became {id:?}");
        }
    }
}
