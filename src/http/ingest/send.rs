//! Envelopes, and the single events of clients from before there were envelopes.

use actix_web::http::header;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::sender::{Sender, anonymous};
use crate::http::error::{ApiError, rate_limits};
use crate::http::extract::Now;
use crate::http::extract::body::{Body, BodyLimits};
use crate::ingest::{Accepted, Ingest};
use crate::protocol::envelope::{Envelope, Item, ItemType};
use crate::protocol::ids::EventId;
use crate::protocol::store_body;

/// A transparent picture of one pixel: what a browser that sends an event as an image wants to see.
const PIXEL: &[u8] =
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00\
    ,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

/// What a client is told: the id of the event, if it sent one.
#[derive(Serialize)]
pub(crate) struct Receipt {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<EventId>,
}

/// `POST …/envelope/`. The content type says nothing: SDKs send four different ones, and none.
pub(crate) async fn envelope(
    request: HttpRequest,
    payload: Payload,
    ingest: Data<Ingest>,
    limits: Data<BodyLimits>,
) -> Result<HttpResponse, ApiError> {
    let sender = Sender::new(&request, &ingest).await?;
    let body = Body::read(request.headers(), payload, &limits).await;
    let now = Now::ask(&request)?;
    let body = sender.counted(body, &ingest, now).await?;
    take_envelope(sender, body, &ingest, now).await
}

/// `POST …/store/`.
pub(crate) async fn store(
    request: HttpRequest,
    payload: Payload,
    ingest: Data<Ingest>,
    limits: Data<BodyLimits>,
) -> Result<HttpResponse, ApiError> {
    let sender = Sender::new(&request, &ingest).await?;
    let body = Body::read(request.headers(), payload, &limits).await;
    let now = Now::ask(&request)?;
    let body = sender.counted(body, &ingest, now).await?;
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("application/x-sentry-envelope")) {
        return take_envelope(sender, body, &ingest, now).await;
    }
    take_event(sender, &body.bytes, &ingest, now).await
}

/// `GET …/store/?sentry_data=…`.
pub(crate) async fn store_by_query(
    request: HttpRequest,
    ingest: Data<Ingest>,
    now: Now,
) -> Result<HttpResponse, ApiError> {
    let sender = Sender::new(&request, &ingest).await?;
    take_event(sender, request.query_string().as_bytes(), &ingest, now).await?;
    Ok(HttpResponse::Ok().content_type("image/gif").body(PIXEL))
}

/// Who sent something that is taken is told of limits, too: of what comes next nothing may be.
fn receipt(Accepted { id, limits }: Accepted) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    if let Some(limits) = rate_limits(&limits) {
        answer.insert_header(limits);
    }
    answer.json(Receipt { id })
}

async fn take_envelope(
    sender: Sender,
    body: Body,
    ingest: &Ingest,
    now: Now,
) -> Result<HttpResponse, ApiError> {
    // Its items hold on to the bytes, and let go of them one by one; the memory stays taken until all is on disk.
    let Body {
        bytes,
        memory: _memory,
    } = body;
    let envelope = Envelope::parse(&bytes);
    drop(bytes);
    // Whoever sends rubbish and no key is told about the key.
    let envelope = envelope.map_err(|fault| {
        if sender.is_anonymous() {
            anonymous()
        } else {
            fault.into()
        }
    });
    let envelope = sender.counted(envelope, ingest, now).await?;
    let source = sender.source(&envelope, ingest).await?;
    let accepted = ingest
        .accept(envelope, &source, sender.into_client(), now.0)
        .await?;
    Ok(receipt(accepted))
}

async fn take_event(
    sender: Sender,
    body: &[u8],
    ingest: &Ingest,
    now: Now,
) -> Result<HttpResponse, ApiError> {
    let source = sender.known_source()?;
    let event = store_body::decode(body, ingest.limits().max_event_bytes).map_err(ApiError::from);
    let event = sender.counted(event, ingest, now).await?;
    let envelope = Envelope {
        items: vec![Item::new(ItemType::Event, event)],
        ..Envelope::default()
    };
    let accepted = ingest
        .accept(envelope, &source, sender.into_client(), now.0)
        .await?;
    Ok(receipt(accepted))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use actix_web::FromRequest;
    use actix_web::dev;
    use actix_web::test::TestRequest;
    use bytes::Bytes;
    use futures_util::StreamExt;
    use jiff::SignedDuration;
    use tempfile::TempDir;

    use super::*;
    use crate::accounts::{Accounts, Lifetimes};
    use crate::config;
    use crate::http::extract::Clock;
    use crate::model::timeline;
    use crate::protocol::ids::ProjectId;
    use crate::store::embedded::{Embedded, Options};

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    #[actix_web::test]
    async fn what_is_sent_slowly_is_received_when_it_is_there() {
        let data = TempDir::new().unwrap();
        let options = Options {
            cache: 1 << 20,
            disk_floor: 0,
            max_journal: 1 << 20,
            ..Options::default()
        };
        let engine = Embedded::open(data.path(), options, Arc::new(|| timeline::at(0))).unwrap();
        let store = engine.store();
        let lifetimes = Lifetimes {
            session: SignedDuration::from_hours(1),
            link: SignedDuration::from_hours(1),
        };
        Accounts::new(store.catalog.clone(), lifetimes)
            .ensure_project("shop", Some(ProjectId(7)), KEY.parse().ok(), timeline::at(0))
            .await
            .unwrap();
        let config = config::Config::default();
        let limits = Data::new(BodyLimits::new(&config.server, &config.ingest));
        let ingest = Ingest::new(
            store.catalog.clone(),
            store.journal.clone(),
            config.ingest,
            Arc::default(),
        );

        let time = Arc::new(AtomicI64::new(0));
        let asked = time.clone();
        let clock = Clock::new(move || timeline::at(asked.load(Ordering::Relaxed)));
        let request = TestRequest::with_uri(&format!("/api/7/envelope/?sentry_key={KEY}"))
            .param("project_id", "7")
            .app_data(Data::new(clock))
            .to_http_request();
        let body = futures_util::stream::once(async move {
            time.store(90, Ordering::Relaxed);
            Ok(Bytes::from_static(
                b"{}\n{\"type\":\"event\"}\n{\"message\":\"hello\"}\n",
            ))
        });
        let mut payload = dev::Payload::Stream {
            payload: body.boxed_local(),
        };
        let payload = Payload::from_request(&request, &mut payload).await.unwrap();
        envelope(request, payload, Data::new(ingest), limits)
            .await
            .unwrap();
        let entries = store.journal.next(1, 1 << 20).await.unwrap().entries;
        assert_eq!(entries[0].head.received, timeline::at(90));
    }
}
