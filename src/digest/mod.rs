//! The slow path: what was accepted becomes what is kept.
//!
//! One journal entry in, events, attachments and outcomes out; [`route`] says which kind of item goes
//! where. Everything is a pure function of the entry and the rules of its project, so that digesting it again
//! gives the same event: the store recognises what it has. Nothing is kept here and nothing is answered. A kind of item that
//! comes later is a new folder and a line of the table.

mod attachment;
mod client_report;
mod drift;
mod event;
mod session;

use bytes::Bytes;

use crate::grouping::Rules;
use crate::model::session::SessionReport;
use crate::model::{Attachment, NewEvent, Outcome, OutcomeCount};
use crate::protocol::category::DataCategory;
use crate::protocol::envelope::{self, Envelope, Headers, Item, ItemType};
use crate::store::journal::{Entry, Head};

/// Why an entry cannot be digested at all: it should be set aside.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was accepted as an envelope is none.
    #[error(transparent)]
    Envelope(#[from] envelope::Error),
}

/// What became of one entry.
#[derive(Debug, Clone, Default)]
pub struct Digested {
    /// Events to record.
    pub events: Vec<NewEvent>,
    /// Files that came with events, and their bytes.
    pub attachments: Vec<(Attachment, Bytes)>,
    /// What was said about sessions.
    pub sessions: Vec<SessionReport>,
    /// What the items count for, held against limits.
    pub amounts: Vec<(DataCategory, u64)>,
    /// Outcomes of everything else.
    pub outcomes: Vec<OutcomeCount>,
}

/// Digests one entry of a project with these rules.
pub fn digest(entry: &Entry, rules: &Rules) -> Result<Digested, Error> {
    let mut digested = Digested {
        outcomes: entry.head.refused.clone(),
        ..Digested::default()
    };
    if entry.envelope.is_empty() {
        return Ok(digested);
    }
    let envelope = Envelope::parse_accepted(&entry.envelope)?;
    let origin = Origin {
        head: &entry.head,
        headers: &envelope.headers,
        rules,
    };
    for item in &envelope.items {
        digested.amounts.extend(item.quantities());
        route(item.ty())(item, &origin, &mut digested);
    }
    Ok(digested)
}

/// What happens to an item: exactly one outcome, now or when what it became is recorded.
type Step = fn(&Item, &Origin<'_>, &mut Digested);

/// Which kind of item goes where.
fn route(ty: &ItemType) -> Step {
    match ty {
        ItemType::Event | ItemType::Security | ItemType::RawSecurity => event::digest,
        ItemType::Attachment => attachment::digest,
        ItemType::ClientReport => client_report::digest,
        ItemType::Session | ItemType::Sessions => session::digest,
        ItemType::Transaction
        | ItemType::Span
        | ItemType::Feedback
        | ItemType::UserReport
        | ItemType::CheckIn
        | ItemType::Log
        | ItemType::TraceMetric
        | ItemType::Profile
        | ItemType::ProfileChunk
        | ItemType::ReplayEvent
        | ItemType::ReplayRecording
        | ItemType::ReplayVideo
        | ItemType::Nel
        | ItemType::Statsd
        | ItemType::MetricBuckets
        | ItemType::MetricMeta
        | ItemType::Unknown(_) => unsupported,
    }
}

/// An item of a kind that is not kept; the reason is its kind.
fn unsupported(item: &Item, origin: &Origin<'_>, digested: &mut Digested) {
    let reason = match item.ty() {
        ItemType::Unknown(_) => "unknown_item",
        known => known.as_str(),
    };
    digested.count(item, origin, Outcome::Unsupported, reason);
}

/// Where an item comes from.
struct Origin<'a> {
    /// The request.
    head: &'a Head,
    /// The header of the envelope.
    headers: &'a Headers,
    /// How the project's events are grouped.
    rules: &'a Rules,
}

impl Origin<'_> {
    fn outcome(&self, category: DataCategory, outcome: Outcome, reason: &str, quantity: u64) -> OutcomeCount {
        let (project, time, reason) = (self.head.project, self.head.received, reason.to_owned());
        OutcomeCount {
            project,
            time,
            category,
            outcome,
            reason,
            quantity,
        }
    }
}

impl Digested {
    /// Counts an item that is not recorded.
    fn count(&mut self, item: &Item, origin: &Origin<'_>, outcome: Outcome, reason: &str) {
        let counted = item.quantities().into_iter();
        self.outcomes
            .extend(counted.map(|(category, quantity)| origin.outcome(category, outcome, reason, quantity)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::ids::{ProjectId, PublicKey};
    use proptest::prelude::*;

    pub(super) fn entry(envelope: impl Into<Bytes>) -> Entry {
        let head = Head {
            project: ProjectId(7),
            key: PublicKey::from_bytes([1; 16]),
            received: "2026-11-21T10:00:00Z".parse().unwrap(),
            items: 1,
            client: None,
            client_ip: Some([192, 0, 2, 1].into()),
            user_agent: Some("curl/8".to_owned()),
            refused: Vec::new(),
        };
        Entry {
            head,
            envelope: envelope.into(),
        }
    }

    /// Digests an entry of a project without rules of its own.
    pub(super) fn digest(entry: &Entry) -> Result<Digested, Error> {
        super::digest(entry, &Rules::default())
    }

    /// An entry with one item.
    pub(super) fn one(item: Item) -> Entry {
        let headers = Headers {
            event_id: "4f1c7ba2d0e34e0f8a6b5c4d3e2f1a09".parse().ok(),
            ..Headers::default()
        };
        entry(
            Envelope {
                headers,
                items: vec![item],
            }
            .to_bytes(),
        )
    }

    const SESSION: &str = r#"{"started":"2026-11-21T09:59:00Z","attrs":{"release":"1.0"}}"#;

    #[test]
    fn every_item_has_exactly_one_fate() {
        for (ty, payload, fate) in [
            ("event", "{}", "event"),
            ("event", "[]", "error invalid invalid_event"),
            ("security", "{}", "event"),
            ("raw_security", r#"{"csp-report":{}}"#, "event"),
            ("raw_security", "{}", "security invalid invalid_report"),
            ("attachment", "x", "attachment"),
            ("client_report", "{}", "internal accepted "),
            ("transaction", "{}", "transaction unsupported transaction"),
            ("session", "{}", "session invalid invalid_started"),
            ("session", SESSION, "session"),
            ("sessions", "[]", "session invalid invalid_session"),
            ("feedback", "{}", "feedback unsupported feedback"),
            ("user_report", "{}", "feedback unsupported user_report"),
            ("check_in", "{}", "monitor unsupported check_in"),
            ("log", "{}", "log_item unsupported log, log_byte unsupported log"),
            (
                "trace_metric",
                "{}",
                "trace_metric unsupported trace_metric, trace_metric_byte unsupported trace_metric",
            ),
            ("span", "{}", "span unsupported span"),
            ("profile", "{}", "profile unsupported profile"),
            ("profile_chunk", "{}", "profile_chunk unsupported profile_chunk"),
            ("replay_event", "{}", "replay unsupported replay_event"),
            ("statsd", "x", "metric_bucket unsupported statsd"),
            ("brand_new", "x", "unknown unsupported unknown_item"),
        ] {
            let digested = digest(&one(Item::new(ItemType::from_name(ty), payload))).unwrap();
            let counts = digested
                .outcomes
                .iter()
                .map(|it| format!("{} {} {}", it.category, it.outcome.name(), it.reason));
            let mut fates: Vec<String> = counts.collect();
            fates.extend(digested.events.iter().map(|_| "event".to_owned()));
            fates.extend(digested.attachments.iter().map(|_| "attachment".to_owned()));
            fates.extend(digested.sessions.iter().map(|_| "session".to_owned()));
            assert_eq!(fates.join(", "), fate, "{ty}");
        }
    }

    #[test]
    fn what_was_refused_before_is_still_counted() {
        let mut entry = entry("");
        let refused = OutcomeCount {
            project: ProjectId(7),
            time: entry.head.received,
            category: DataCategory::Error,
            outcome: Outcome::Invalid,
            reason: "too_large".to_owned(),
            quantity: 1,
        };
        entry.head.refused.push(refused.clone());
        assert_eq!(digest(&entry).unwrap().outcomes, [refused]);
        assert!(digest(&self::entry("no envelope")).is_err());
    }

    proptest! {
        #[test]
        fn any_payload_is_survived(payload in proptest::collection::vec(any::<u8>(), 0..100), ty in "event|raw_security|client_report|attachment|session|sessions") {
            let entry = one(Item::new(ItemType::from_name(&ty), payload));
            let digested = digest(&entry).unwrap();
            prop_assert_eq!(digested.events.len() + digested.attachments.len() + digested.sessions.len() + digested.outcomes.iter().filter(|it| it.outcome.is_received()).count(), 1);
        }
    }
}
