//! Pages that stay open and are told when something changes, by server-sent events. Says that it did, not what: whoever is
//! told asks again, as far as they may.
//!
//! A stream costs a connection. There are so many places, and it ends with the server, or after a while, so that whoever
//! is not signed in any more does not stay.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::{Bytes, Data};
use futures_util::stream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, sleep, sleep_until};

use super::error::ApiError;
use crate::store::Issues;

/// How many streams there may be at a time.
const PLACES: usize = 256;
/// In a flood a page is told once in this time.
const PACE: Duration = Duration::from_secs(1);
/// A sign of life, so that proxies keep the connection and a client that is gone is noticed.
const BEAT: Duration = Duration::from_secs(20);
/// Browsers connect again by themselves.
const ENDS_AFTER: Duration = Duration::from_secs(30 * 60);

/// Behind nginx an answer waits for its end unless it asks not to.
const UNBUFFERED: (HeaderName, HeaderValue) = (
    HeaderName::from_static("x-accel-buffering"),
    HeaderValue::from_static("no"),
);

/// The places, and whether the server is about to stop.
#[derive(Clone)]
pub(super) struct Streams {
    places: Arc<Semaphore>,
    closing: watch::Sender<bool>,
}

/// One stream.
struct Listener {
    issues: Data<dyn Issues>,
    closing: watch::Receiver<bool>,
    /// What was told last; none before the greeting.
    known: Option<u64>,
    /// When it may be told again.
    next: Instant,
    end: Instant,
    _place: OwnedSemaphorePermit,
}

impl Streams {
    pub(super) fn new() -> Self {
        Self {
            places: Arc::new(Semaphore::new(PLACES)),
            closing: watch::Sender::new(false),
        }
    }

    /// Ends all streams: a server that stops waits for its answers.
    pub(super) fn close(&self) {
        self.closing.send_replace(true);
    }

    /// An answer that goes on: `event: issues` whenever issues changed.
    pub(super) fn open(&self, issues: Data<dyn Issues>) -> Result<HttpResponse, ApiError> {
        let Ok(place) = self.places.clone().try_acquire_owned() else {
            return Err(ApiError::Unavailable(
                "Too many pages wait for changes.".to_owned(),
            ));
        };
        let listener = Listener {
            issues,
            closing: self.closing.subscribe(),
            known: None,
            next: Instant::now(),
            end: Instant::now() + ENDS_AFTER,
            _place: place,
        };
        let lines = stream::unfold(listener, |mut listener| async {
            let line = listener.line().await?;
            Some((Ok::<_, Infallible>(line), listener))
        });
        Ok(HttpResponse::Ok()
            .content_type("text/event-stream")
            .insert_header(UNBUFFERED)
            .streaming(lines))
    }
}

impl Listener {
    /// What is said next; none at the end.
    async fn line(&mut self) -> Option<Bytes> {
        let mut closing = self.closing.clone();
        tokio::select! {
            _ = closing.wait_for(|closing| *closing) => None,
            () = sleep_until(self.end) => None,
            () = sleep(BEAT) => Some(Bytes::from_static(b":\n\n")),
            line = self.told() => line,
        }
    }

    async fn told(&mut self) -> Option<Bytes> {
        let Some(known) = self.known else {
            self.known = Some(self.issues.changed(None).await.ok()?);
            return Some(Bytes::from_static(b"retry: 3000\n\n"));
        };
        self.issues.changed(Some(known)).await.ok()?;
        sleep_until(self.next).await;
        self.next = Instant::now() + PACE;
        self.known = Some(self.issues.changed(None).await.ok()?);
        Some(Bytes::from_static(b"event: issues\ndata: changed\n\n"))
    }
}
