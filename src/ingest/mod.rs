//! The fast path: who may send, what of it is too much, and onto disk with the rest.
//!
//! An answer of success means that the journal has it on disk. What the items say is not looked at here, beyond
//! whether an event is JSON at all: that is the work of digest.

mod meter;
mod probe;
mod refusals;
mod sift;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;

pub use self::meter::Meter;
pub use self::refusals::Refusals;
pub use self::sift::Reason;
use crate::config;
use crate::model::quota::Rules;
use crate::model::{Outcome, OutcomeCount};
use crate::protocol::category::DataCategory;
use crate::protocol::envelope::{DsnMismatch, Envelope, Item};
use crate::protocol::ids::{EventId, ProjectId, PublicKey};
use crate::protocol::rate_limit::RateLimit;
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
    /// More than is allowed: what is left of it, if anything, was taken all the same.
    #[error("event submission rejected due to rate limit")]
    Limited(Vec<RateLimit>),
    /// The journal or the disk is full, or the store is closing: it would not be safe here.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Who sends, as far as it was proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The project that is sent to.
    pub project: ProjectId,
    /// The key that is sent with.
    pub key: PublicKey,
    /// What may be sent with it.
    pub rules: Rules,
}

/// What a client is told of what it sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The id of the event that the envelope is about, if it is about one.
    pub id: Option<EventId>,
    /// Of what no more is taken for a while.
    pub limits: Vec<RateLimit>,
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
    meter: Arc<Meter>,
    refusals: Refusals,
}

impl Ingest {
    /// Accepts into `journal` what keys of `catalog` may send, within `limits`. `meter` knows what was accepted before.
    pub fn new(
        catalog: Arc<dyn Catalog>,
        journal: Arc<dyn Journal>,
        limits: config::Ingest,
        meter: Arc<Meter>,
    ) -> Self {
        Self {
            catalog,
            refusals: Refusals::new(journal.clone()),
            journal,
            limits,
            meter,
        }
    }

    /// Counts of refused requests, which somebody has to write.
    pub fn refusals(&self) -> Refusals {
        self.refusals.clone()
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
            _ => {
                let limits = self.catalog.limits(found.project).await?;
                let rules = Rules::new(&limits, key, self.meter.spike(found.project));
                Ok(Source {
                    project: found.project,
                    key,
                    rules,
                })
            }
        }
    }

    /// Turns a request away whose body nobody has to read, because nothing is left of a limit on everything. It counts as
    /// one item of what kind nobody knows.
    pub async fn check_open(&self, source: &Source, now: Timestamp) -> Result<(), Error> {
        let exhausted = self.meter.exhausted(source, now);
        let Some(rule) = exhausted.iter().find(|rule| rule.limit.categories.is_empty()) else {
            return Ok(());
        };
        let count = unread(source, Outcome::RateLimited, rule.reason, now);
        self.refusals.count(source.key, vec![count]).await?;
        Err(Error::Limited(meter::told(exhausted, now)))
    }

    /// Takes an envelope: everything that can be kept goes to the journal in one entry, with the outcomes of what
    /// cannot, and is on disk when this returns.
    ///
    /// Fails when nothing is left, and when some of it was more than is allowed.
    pub async fn accept(
        &self,
        mut envelope: Envelope,
        source: &Source,
        client: Client,
        now: Timestamp,
    ) -> Result<Accepted, Error> {
        envelope.check_dsn(source.project, source.key)?;
        let sifted = sift::sift(&mut envelope, &self.limits);
        let limited = self.meter.admit(&mut envelope, source, now);
        let mut refused = sift::outcomes(&sifted.refused, source.project, now);
        refused.extend(limited.iter().flat_map(|it| it.outcomes(source.project, now)));
        let is_empty = envelope.items.is_empty();
        if !is_empty {
            self.append(envelope, refused, source, client, now).await?;
        } else if !refused.is_empty() {
            self.refusals.count(source.key, refused).await?;
        }
        let too_much: Vec<_> = limited.into_iter().map(|it| it.rule).collect();
        let is_limited = !too_much.is_empty();
        let limits = meter::told(too_much.into_iter().chain(self.meter.exhausted(source, now)), now);
        match sifted.fault {
            _ if is_limited => Err(Error::Limited(limits)),
            Some(fault) if is_empty => Err(fault),
            _ => Ok(Accepted {
                id: sifted.event_id,
                limits,
            }),
        }
    }

    /// Writes what is taken, with the outcomes of what is not.
    async fn append(
        &self,
        envelope: Envelope,
        refused: Vec<OutcomeCount>,
        source: &Source,
        client: Client,
        now: Timestamp,
    ) -> Result<(), Error> {
        let head = Head {
            project: source.project,
            key: source.key,
            received: now,
            items: u32::try_from(envelope.items.len()).unwrap_or(u32::MAX),
            client: client.name,
            client_ip: client.ip,
            user_agent: client.user_agent,
            refused,
        };
        let amounts: Vec<_> = envelope.items.iter().flat_map(Item::quantities).collect();
        let bytes = envelope.to_bytes();
        // Parsed headers are large: they must not wait for the disk.
        drop(envelope);
        let entry = Entry {
            head,
            envelope: Bytes::from(bytes),
        };
        let appended = self.journal.append(entry).await;
        if appended.is_err() {
            self.meter.take_back(&amounts, source, now);
        }
        Ok(appended?)
    }

    /// Counts a request of which nothing can be taken as one invalid item, of what kind nobody knows. The count is on
    /// disk when this returns.
    pub async fn refuse(&self, source: &Source, reason: Reason, now: Timestamp) -> Result<(), Error> {
        let count = unread(source, Outcome::Invalid, reason.name(), now);
        Ok(self.refusals.count(source.key, vec![count]).await?)
    }
}

/// A request that was not taken apart, as one item.
fn unread(source: &Source, outcome: Outcome, reason: &str, now: Timestamp) -> OutcomeCount {
    OutcomeCount {
        project: source.project,
        time: now,
        category: DataCategory::Unknown,
        outcome,
        reason: reason.to_owned(),
        quantity: 1,
    }
}
