//! The fast path: who may send, what of it is too much, and onto disk with the rest.
//!
//! An answer of success means that the journal has it on disk. What the items say is not looked at here, beyond
//! whether an event is JSON at all: that is the work of digest.

mod probe;
mod sift;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;

pub use self::sift::Reason;
use crate::config;
use crate::model::{Outcome, OutcomeCount};
use crate::protocol::category::DataCategory;
use crate::protocol::envelope::{DsnMismatch, Envelope};
use crate::protocol::ids::{EventId, ProjectId, PublicKey};
use crate::store::journal::{Entry, Head, Journal};
use crate::store::{self, Catalog};

/// Why a request was refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such key, a key that is switched off, or one of another project. Which one is not said.
    #[error("event submission rejected with_reason: ProjectId")]
    Rejected,
    /// The envelope names another project or key than the request.
    #[error(transparent)]
    DsnMismatch(#[from] DsnMismatch),
    /// Nothing is left of the envelope, because its event is not JSON; the text says where.
    #[error("invalid event payload: {0}")]
    NotJson(String),
    /// Nothing is left of the envelope, because what it holds is too large.
    #[error("the {item} is too large: at most {limit} bytes")]
    TooLarge {
        /// The type of the item.
        item: String,
        /// The bound, in bytes.
        limit: usize,
    },
    /// The journal or the disk is full, or the store is closing: it would not be safe here.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Who sends, as far as it was proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// The project that is sent to.
    pub project: ProjectId,
    /// The key that is sent with.
    pub key: PublicKey,
}

/// What is known of a client apart from what it sent.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// What it calls itself, such as `sentry.python/2.75.0`.
    pub name: Option<String>,
    /// Its address.
    pub ip: Option<IpAddr>,
    /// Its `User-Agent`.
    pub user_agent: Option<String>,
}

/// Accepts what SDKs send.
pub struct Ingest {
    catalog: Arc<dyn Catalog>,
    journal: Arc<dyn Journal>,
    limits: config::Ingest,
}

impl Ingest {
    /// Accepts into `journal` what keys of `catalog` may send, within `limits`.
    pub fn new(catalog: Arc<dyn Catalog>, journal: Arc<dyn Journal>, limits: config::Ingest) -> Self {
        Self {
            catalog,
            journal,
            limits,
        }
    }

    /// The bounds that this was made with.
    pub fn limits(&self) -> &config::Ingest {
        &self.limits
    }

    /// Whom a key speaks for. Without a `project` (the oldest endpoint has none) the key decides.
    pub async fn authorize(&self, project: Option<ProjectId>, key: PublicKey) -> Result<Source, Error> {
        let found = self
            .catalog
            .key(key)
            .await?
            .filter(|found| found.active)
            .ok_or(Error::Rejected)?;
        match project {
            Some(project) if project != found.project => Err(Error::Rejected),
            _ => Ok(Source {
                project: found.project,
                key,
            }),
        }
    }

    /// Takes an envelope: everything that can be kept goes to the journal in one entry, with the outcomes of what
    /// cannot, and is on disk when this returns.
    ///
    /// Answers the id of the event that the envelope is about, if it is about one. Fails when nothing is left.
    pub async fn accept(
        &self,
        mut envelope: Envelope,
        source: Source,
        client: Client,
        now: Timestamp,
    ) -> Result<Option<EventId>, Error> {
        envelope.check_dsn(source.project, source.key)?;
        let sifted = sift::sift(&mut envelope, &self.limits);
        let is_empty = envelope.items.is_empty();
        if !is_empty || !sifted.refused.is_empty() {
            let head = Head {
                items: u32::try_from(envelope.items.len()).unwrap_or(u32::MAX),
                refused: sift::outcomes(&sifted.refused, source.project, now),
                ..head(source, client, now)
            };
            let bytes = if is_empty { Vec::new() } else { envelope.to_bytes() };
            // Parsed headers are large: they must not wait for the disk.
            drop(envelope);
            self.journal
                .append(Entry {
                    head,
                    envelope: Bytes::from(bytes),
                })
                .await?;
        }
        match sifted.fault {
            Some(fault) if is_empty => Err(fault),
            _ => Ok(sifted.event_id),
        }
    }

    /// Counts a request of which nothing can be taken as one invalid item, of what kind nobody knows. The count is on
    /// disk when this returns.
    pub async fn refuse(
        &self,
        source: Source,
        client: Client,
        reason: Reason,
        now: Timestamp,
    ) -> Result<(), Error> {
        let count = OutcomeCount {
            project: source.project,
            time: now,
            category: DataCategory::Unknown,
            outcome: Outcome::Invalid,
            reason: reason.name().to_owned(),
            quantity: 1,
        };
        let head = Head {
            refused: vec![count],
            ..head(source, client, now)
        };
        let entry = Entry {
            head,
            envelope: Bytes::new(),
        };
        Ok(self.journal.append(entry).await?)
    }
}

/// The head of an entry without any items.
fn head(source: Source, client: Client, received: Timestamp) -> Head {
    Head {
        project: source.project,
        key: source.key,
        received,
        items: 0,
        client: client.name,
        client_ip: client.ip,
        user_agent: client.user_agent,
        refused: Vec::new(),
    }
}
