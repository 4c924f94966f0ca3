//! Item by item: what of an envelope is kept, and why the rest is not.
//!
//! Everything refused becomes an outcome; nothing is dropped in silence.

use jiff::Timestamp;
use uuid::Uuid;

use super::Error;
use super::probe::probe;
use crate::config;
use crate::model::{Outcome, OutcomeCount};
use crate::protocol::envelope::{Envelope, Item, ItemType};
use crate::protocol::ids::{EventId, ProjectId};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// Why an item, or a whole request, was refused, as outcomes name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Above a bound on bytes.
    TooLarge,
    /// Above a bound on numbers.
    TooMany,
    /// An event that is no JSON.
    InvalidJson,
    /// A request that cannot be taken apart into items.
    InvalidEnvelope,
    /// An attachment whose event was refused.
    NoEvent,
}

impl Reason {
    /// The word that outcomes carry.
    pub fn name(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::TooMany => "too_many",
            Self::InvalidJson => "invalid_json",
            Self::InvalidEnvelope => "invalid_envelope",
            Self::NoEvent => "no_event",
        }
    }
}

/// An item that is not kept.
pub(super) struct Refused {
    item: Item,
    reason: Reason,
}

/// What came of sifting, apart from what is left in the envelope.
pub(super) struct Sifted {
    /// What is not kept.
    pub(super) refused: Vec<Refused>,
    /// The first refusal that the client should hear of if nothing is left.
    pub(super) fault: Option<Error>,
    /// The event that the envelope is about, unless it was refused.
    pub(super) event_id: Option<EventId>,
}

/// Takes what is too large, too many or no JSON out of the envelope, and gives it an event id if it needs one.
pub(super) fn sift(envelope: &mut Envelope, limits: &config::Ingest) -> Sifted {
    let mut sieve = Sieve {
        limits,
        sifted: Sifted {
            refused: Vec::new(),
            fault: None,
            event_id: None,
        },
        event: Event::Unseen,
        payload_id: None,
        attachments: 0,
        attachment_bytes: 0,
    };
    let items = std::mem::take(&mut envelope.items);
    envelope.items = items.into_iter().filter_map(|item| sieve.pass(item)).collect();
    if matches!(sieve.event, Event::Refused) {
        sieve.refuse_attachments(&mut envelope.items);
    }
    let kept = matches!(sieve.event, Event::Kept);
    let headers = &mut envelope.headers;
    headers.event_id = headers
        .event_id
        .or(sieve.payload_id)
        .or_else(|| kept.then(|| EventId::from(Uuid::new_v4())));
    if !matches!(sieve.event, Event::Refused) {
        sieve.sifted.event_id = headers.event_id;
    }
    sieve.sifted
}

/// The outcomes of what was refused.
pub(super) fn outcomes(refused: &[Refused], project: ProjectId, time: Timestamp) -> Vec<OutcomeCount> {
    let of = |Refused { item, reason }: &Refused| {
        let reason = reason.name().to_owned();
        item.quantities()
            .into_iter()
            .map(move |(category, quantity)| OutcomeCount {
                project,
                time,
                category,
                outcome: Outcome::Invalid,
                reason: reason.clone(),
                quantity,
            })
    };
    refused.iter().flat_map(of).collect()
}

/// What became of the one thing that the envelope is about.
enum Event {
    Unseen,
    Kept,
    Refused,
}

struct Sieve<'a> {
    limits: &'a config::Ingest,
    sifted: Sifted,
    event: Event,
    payload_id: Option<EventId>,
    attachments: usize,
    attachment_bytes: usize,
}

impl Sieve<'_> {
    fn pass(&mut self, mut item: Item) -> Option<Item> {
        let checked = match item.ty() {
            ItemType::Attachment => self.attachment(&item),
            ty if ty.is_event_like() => self.event(&mut item),
            _ => self.fits(&item),
        };
        match checked {
            Ok(()) => Some(item),
            Err(reason) => {
                self.sifted.refused.push(Refused { item, reason });
                None
            }
        }
    }

    fn event(&mut self, item: &mut Item) -> Result<(), Reason> {
        if !matches!(self.event, Event::Unseen) {
            return Err(Reason::TooMany);
        }
        self.event = Event::Refused;
        self.fits(item)?;
        if matches!(
            item.ty(),
            ItemType::Event | ItemType::Security | ItemType::RawSecurity
        ) {
            let probe = probe(&item.payload).map_err(|place| {
                self.fault(Error::NotJson(place));
                Reason::InvalidJson
            })?;
            self.payload_id = probe.event_id;
            if probe.is_transaction {
                item.headers.ty = ItemType::Transaction;
            }
        }
        self.event = Event::Kept;
        Ok(())
    }

    fn attachment(&mut self, item: &Item) -> Result<(), Reason> {
        if self.attachments == self.limits.max_attachments {
            return Err(Reason::TooMany);
        }
        if self.attachment_bytes + item.payload.len() > self.limits.max_attachments_bytes {
            return Err(self.too_large(item, self.limits.max_attachments_bytes));
        }
        self.attachments += 1;
        self.attachment_bytes += item.payload.len();
        Ok(())
    }

    fn fits(&mut self, item: &Item) -> Result<(), Reason> {
        let limit = max_bytes(item.ty(), self.limits);
        if item.payload.len() > limit {
            Err(self.too_large(item, limit))
        } else {
            Ok(())
        }
    }

    fn too_large(&mut self, item: &Item, limit: usize) -> Reason {
        // A client that is told 413 reports what it dropped: in one more client report, and so for ever.
        if *item.ty() != ItemType::ClientReport {
            self.fault(Error::TooLarge {
                item: item.ty().to_string(),
                limit,
            });
        }
        Reason::TooLarge
    }

    fn fault(&mut self, fault: Error) {
        self.sifted.fault.get_or_insert(fault);
    }

    /// The attachments of an event that is not kept go with it.
    fn refuse_attachments(&mut self, items: &mut Vec<Item>) {
        let (attachments, others) = std::mem::take(items)
            .into_iter()
            .partition(|it| *it.ty() == ItemType::Attachment);
        *items = others;
        let refuse = |item| Refused {
            item,
            reason: Reason::NoEvent,
        };
        self.sifted
            .refused
            .extend(Vec::into_iter(attachments).map(refuse));
    }
}

/// The size up to which an item of this type is taken, in bytes.
fn max_bytes(ty: &ItemType, limits: &config::Ingest) -> usize {
    match ty {
        ItemType::Attachment => limits.max_attachments_bytes,
        ItemType::ClientReport | ItemType::CheckIn => 100 * KIB,
        ItemType::Session | ItemType::Sessions => 10 * MIB,
        ItemType::ReplayRecording | ItemType::ReplayVideo => 10 * MIB,
        ItemType::Log | ItemType::Span | ItemType::TraceMetric => 12 * MIB,
        ItemType::Profile | ItemType::ProfileChunk => 50 * MIB,
        ItemType::Event
        | ItemType::Transaction
        | ItemType::Feedback
        | ItemType::UserReport
        | ItemType::ReplayEvent
        | ItemType::RawSecurity
        | ItemType::Security
        | ItemType::Nel
        | ItemType::Statsd
        | ItemType::MetricBuckets
        | ItemType::MetricMeta
        | ItemType::Unknown(_) => limits.max_event_bytes,
    }
}
