//! A request body, decompressed while it arrives and never larger than its bounds.
//!
//! The bounds hold on the bytes as sent, on the bytes after decompression (a bomb stops there), and on the
//! memory of all bodies under way together. Does not look into the body.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};
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

impl BodyLimits {
    /// Whether a body that says to have so many bytes is worth reading. Nothing is set aside for it: who only says so
    /// must not keep others out.
    fn check(&self, declared: usize) -> Result<(), Stop> {
        if declared > self.sent {
            Err(Stop::TooLarge(self.sent))
        } else if declared > self.memory.available_permits() {
            Err(Stop::NoMemory)
        } else {
            Ok(())
        }
    }
}

/// The `Content-Length`, if there is one that can be read.
fn declared(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A whole body.
#[derive(Debug)]
pub struct Body {
    /// The bytes, without any content encoding.
    pub bytes: Bytes,
    /// Their share of the memory for bodies.
    pub memory: Memory,
}

/// A share of the memory for bodies, given back when it is dropped.
#[derive(Debug)]
pub struct Memory(#[expect(dead_code, reason = "it is held")] Option<OwnedSemaphorePermit>);

impl Body {
    /// Reads `payload` to its end, as the `Content-Encoding` of `headers` says.
    ///
    /// Fails with 400 for a body that does not decompress, 408 for a silent client, 413 above a bound, 503 when
    /// the memory for bodies is used up. What a header says to be too much is not read.
    pub async fn read(
        headers: &HeaderMap,
        mut payload: Payload,
        limits: &BodyLimits,
    ) -> Result<Self, ApiError> {
        let encoding = headers
            .get(CONTENT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let declared = declared(headers);
        if let Some(declared) = declared {
            limits.check(declared)?;
        }
        let is_plain = encoding.trim().is_empty();
        let sink = Sink::new(limits, declared.filter(|_| is_plain));
        let mut decoder = Decoder::new(encoding, sink).map_err(refusal)?;
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
            memory: Memory(sink.memory),
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
    /// How many bytes are expected, if it is known.
    expected: Option<usize>,
    budget: Arc<Semaphore>,
    memory: Option<OwnedSemaphorePermit>,
}

impl Sink {
    fn new(limits: &BodyLimits, expected: Option<usize>) -> Self {
        Self {
            bytes: Vec::new(),
            limit: limits.decoded,
            expected,
            budget: Arc::clone(&limits.memory),
            memory: None,
        }
    }

    /// Makes room for `more` bytes, doubling up to what is expected or the limit, and takes that memory from the budget of all bodies.
    fn grow(&mut self, more: usize) -> Result<(), Stop> {
        let needed = self.bytes.len() + more;
        if needed > self.limit {
            return Err(Stop::TooLarge(self.limit));
        }
        let held = self.bytes.capacity();
        if needed > held {
            let most = self
                .expected
                .map_or(self.limit, |expected| expected.min(self.limit));
            let wanted = needed.max((held * 2).min(most));
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
