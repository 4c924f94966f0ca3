//! A request body, decompressed while it arrives and never larger than its bounds.
//!
//! The bounds hold on the bytes as sent, on the bytes after decompression (a bomb stops there), and on the
//! memory of all bodies under way together. Does not look into the body.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{CONTENT_ENCODING, HeaderMap};
use actix_web::web::Payload;
use bytes::Bytes;
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::decoder::Decoder;
use crate::config;
use crate::http::error::ApiError;

/// The bounds of a body, shared by all requests.
#[derive(Debug)]
pub struct BodyLimits {
    /// Bytes as they were sent.
    sent: usize,
    /// Bytes after decompression.
    decoded: usize,
    /// How long a client may stay silent.
    idle: Duration,
    /// One permit a byte of memory that bodies under way may still take.
    memory: Arc<Semaphore>,
}

impl BodyLimits {
    /// Takes the bounds from the settings.
    pub fn new(server: &config::Server, ingest: &config::Ingest) -> Self {
        Self {
            sent: ingest.max_body_bytes,
            decoded: ingest.max_envelope_bytes,
            idle: Duration::from_secs(server.idle_timeout_seconds),
            memory: Arc::new(Semaphore::new(
                ingest.max_inflight_bytes.min(Semaphore::MAX_PERMITS),
            )),
        }
    }
}

/// A whole body. Its share of the memory for bodies is given back when it is dropped.
#[derive(Debug)]
pub struct Body {
    /// The bytes, without any content encoding.
    pub bytes: Bytes,
    _memory: Option<OwnedSemaphorePermit>,
}

impl Body {
    /// Reads `payload` to its end, as the `Content-Encoding` of `headers` says.
    ///
    /// Fails with 400 for a body that does not decompress, 408 for a silent client, 413 above a bound, 503 when
    /// the memory for bodies is used up.
    pub async fn read(
        headers: &HeaderMap,
        mut payload: Payload,
        limits: &BodyLimits,
    ) -> Result<Self, ApiError> {
        let encoding = headers
            .get(CONTENT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let mut decoder = Decoder::new(encoding, Sink::new(limits)).map_err(refusal)?;
        let mut sent = 0;
        loop {
            let chunk = tokio::time::timeout(limits.idle, payload.next())
                .await
                .map_err(|_| ApiError::TooSlow)?;
            let Some(chunk) = chunk else { break };
            let chunk = chunk.map_err(|_| ApiError::bad_request("The request body ended too early."))?;
            sent += chunk.len();
            if sent > limits.sent {
                return Err(Stop::TooLarge(limits.sent).into());
            }
            decoder.write_all(&chunk).map_err(refusal)?;
        }
        let sink = decoder.finish().map_err(refusal)?;
        Ok(Self {
            bytes: sink.bytes.into(),
            _memory: sink.memory,
        })
    }
}

/// Why a sink takes no more bytes.
#[derive(Debug, thiserror::Error)]
enum Stop {
    #[error("The request body is larger than {0} bytes.")]
    TooLarge(usize),
    #[error("Too many large requests at once.")]
    NoMemory,
}

impl From<Stop> for ApiError {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::TooLarge(_) => Self::TooLarge(stop.to_string()),
            Stop::NoMemory => Self::Unavailable(stop.to_string()),
        }
    }
}

/// A decoder's complaint is the client's fault, unless the sink behind it said stop.
fn refusal(error: io::Error) -> ApiError {
    match error.downcast::<Stop>() {
        Ok(stop) => stop.into(),
        Err(error) => ApiError::BadRequest {
            detail: "The request body does not decompress.".to_owned(),
            causes: vec![error.to_string()],
        },
    }
}

/// Where decompressed bytes gather; refuses those above the bounds.
pub(super) struct Sink {
    bytes: Vec<u8>,
    limit: usize,
    budget: Arc<Semaphore>,
    memory: Option<OwnedSemaphorePermit>,
}

impl Sink {
    fn new(limits: &BodyLimits) -> Self {
        Self {
            bytes: Vec::new(),
            limit: limits.decoded,
            budget: Arc::clone(&limits.memory),
            memory: None,
        }
    }

    /// Makes room for `more` bytes, doubling up to the limit, and takes that memory from the budget of all bodies.
    fn grow(&mut self, more: usize) -> Result<(), Stop> {
        let needed = self.bytes.len() + more;
        if needed > self.limit {
            return Err(Stop::TooLarge(self.limit));
        }
        let held = self.bytes.capacity();
        if needed > held {
            let wanted = needed.max((held * 2).min(self.limit));
            let missing = u32::try_from(wanted - held).map_err(|_| Stop::TooLarge(self.limit))?;
            let permit = Arc::clone(&self.budget)
                .try_acquire_many_owned(missing)
                .map_err(|_| Stop::NoMemory)?;
            match &mut self.memory {
                Some(memory) => memory.merge(permit),
                None => self.memory = Some(permit),
            }
            self.bytes.reserve_exact(wanted - self.bytes.len());
        }
        Ok(())
    }
}

impl Write for Sink {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        self.grow(chunk.len()).map_err(io::Error::other)?;
        self.bytes.extend_from_slice(chunk);
        Ok(chunk.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[path = "body_tests.rs"]
mod tests;
