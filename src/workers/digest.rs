//! From the journal to the issues: reads what was accepted, digests it on all cores, records it, gives the room back.
//!
//! Whatever happens in between, it goes on with what was not recorded. An entry that cannot be
//! digested is set aside and counted, never tried for ever.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::Stop;
use super::rules::RuleBook;
use crate::digest::{Digested, digest};
use crate::model::quota::{Charge, coalesced};
use crate::model::{Outcome, OutcomeCount};
use crate::protocol::category::DataCategory;
use crate::protocol::envelope::{Envelope, Item};
use crate::store::journal::{Entry, Head, Span};
use crate::store::{Batch, DeadLetter, Store};

/// Entries digested at once, at the most: two batches are in memory at a time.
const BATCH_ENTRIES: usize = 512;
/// Bytes digested at once, about.
const BATCH_BYTES: usize = 8 << 20;

/// What an entry came to.
type Fate = Result<(Digested, Charge), Box<DeadLetter>>;

/// What the entries that stood in some spans came to.
type Fates = (Vec<Fate>, Vec<Span>);

/// Digests the journal of `store` into its issues until it is asked to stop; ends between two batches. While one batch
/// is recorded, the next one is digested.
pub async fn digest_loop(store: Store, stop: Stop) -> anyhow::Result<()> {
    let (ready, batches) = mpsc::channel(1);
    tokio::try_join!(digest_ahead(&store, ready, stop), record_all(&store, batches))?;
    Ok(())
}

/// Digests one batch ahead of what is recorded.
async fn digest_ahead(store: &Store, ready: mpsc::Sender<Fates>, mut stop: Stop) -> anyhow::Result<()> {
    let mut rules = RuleBook::default();
    store.journal.rewind().await?;
    // A crash may have come between recording and giving back.
    store.journal.release().await?;
    // Nothing is read before there is room for what it comes to. Without anybody to record it, nothing is digested: why,
    // is told there.
    while let Ok(room) = ready.reserve().await {
        let portion = tokio::select! {
            portion = store.journal.next(BATCH_ENTRIES, BATCH_BYTES) => portion?,
            () = stop.asked() => break,
        };
        rules.refresh(store.catalog.projects().await?);
        let fates;
        (rules, fates) = spawn_blocking(|| {
            let fates = digest_all(portion.entries, &rules);
            (rules, fates)
        })
        .await?;
        room.send((fates, portion.spans));
    }
    Ok(())
}

/// Records batch after batch, and gives the room of each back.
async fn record_all(store: &Store, mut batches: mpsc::Receiver<Fates>) -> anyhow::Result<()> {
    while let Some((fates, spans)) = batches.recv().await {
        record(store, fates, spans).await?;
        store.journal.release().await?;
    }
    Ok(())
}

/// Records what became of the entries that stood in `spans`.
async fn record(store: &Store, digested: Vec<Fate>, spans: Vec<Span>) -> anyhow::Result<()> {
    let count = digested.len() as u64;
    let mut batch = Batch {
        spans,
        ..Batch::default()
    };
    for fate in digested {
        match fate {
            Ok((digested, charge)) => {
                batch.charges.push(charge);
                // The bytes first: what is recorded has to be there.
                for (attachment, bytes) in digested.attachments {
                    store.blobs.put(bytes).await?;
                    batch.attachments.push(attachment);
                }
                batch.events.extend(digested.events);
                batch.sessions.extend(digested.sessions);
                batch.outcomes.extend(digested.outcomes);
            }
            Err(dead) => {
                tracing::error!(
                    project.id = dead.entry.head.project.0,
                    "an entry was set aside: {}",
                    dead.reason
                );
                batch.charges.push(dead.entry.charge());
                batch.outcomes.extend(outcomes_of_dead(&dead.entry));
                batch.dead.push(*dead);
            }
        }
    }
    batch.charges = coalesced(batch.charges);
    let outcomes = outcomes_of(&batch);
    store.issues.record(batch).await?;
    // Only now: whoever fails to record a batch does it again.
    measure(outcomes);
    metrics::counter!("tripline_digested_entries_total").increment(count);
    Ok(())
}

/// On all cores, in the order in which the entries came.
fn digest_all(entries: Vec<Entry>, rules: &RuleBook) -> Vec<Fate> {
    let fate = |entry: Entry| {
        let rules = rules.of(entry.head.project);
        let reason = match catch_unwind(AssertUnwindSafe(|| digest(&entry, rules))) {
            Ok(Ok(mut digested)) => {
                let amounts = std::mem::take(&mut digested.amounts);
                return Ok((digested, entry.head.charge(amounts)));
            }
            Ok(Err(error)) => error.to_string(),
            Err(_panic) => "digest panicked".to_owned(),
        };
        Err(Box::new(DeadLetter { entry, reason }))
    };
    entries.into_par_iter().map(fate).collect()
}

/// The items of an entry that was set aside count as invalid, so that the ledger goes on adding up.
fn outcomes_of_dead(entry: &Entry) -> Vec<OutcomeCount> {
    let Head {
        project,
        received,
        items,
        ..
    } = entry.head;
    let invalid = |(category, quantity)| OutcomeCount {
        project,
        time: received,
        category,
        outcome: Outcome::Invalid,
        reason: "dead_letter".to_owned(),
        quantity,
    };
    let mut outcomes = entry.head.refused.clone();
    match Envelope::parse_accepted(&entry.envelope) {
        Ok(envelope) => outcomes.extend(envelope.items.iter().flat_map(Item::quantities).map(invalid)),
        Err(_) => outcomes.push(invalid((DataCategory::Unknown, items.into()))),
    }
    outcomes
}

/// Items by category, outcome and reason.
type Outcomes = HashMap<(DataCategory, Outcome, String), u64>;

/// What a batch comes to; that some of its events are duplicates, only the store will know.
fn outcomes_of(batch: &Batch) -> Outcomes {
    let accepted = |category, quantity| ((category, Outcome::Accepted, String::new()), quantity);
    let events = batch.events.iter().map(|it| accepted(it.record.category, 1));
    let files = batch.attachments.iter().flat_map(|file| {
        [
            accepted(DataCategory::Attachment, file.size),
            accepted(DataCategory::AttachmentItem, 1),
        ]
    });
    let sessions = batch.sessions.iter().map(|_| accepted(DataCategory::Session, 1));
    let others = batch
        .outcomes
        .iter()
        .map(|it| ((it.category, it.outcome, it.reason.clone()), it.quantity));
    let mut outcomes = Outcomes::new();
    for (what, quantity) in events.chain(files).chain(sessions).chain(others) {
        *outcomes.entry(what).or_default() += quantity;
    }
    outcomes
}

/// Counts outcomes for whoever watches us.
fn measure(outcomes: Outcomes) {
    for ((category, outcome, reason), quantity) in outcomes {
        let labels = [
            ("category", category.as_str().to_owned()),
            ("outcome", outcome.name().to_owned()),
            ("reason", reason),
        ];
        metrics::counter!("tripline_outcomes_total", &labels).increment(quantity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::ids::{ProjectId, PublicKey};

    fn entry(envelope: &'static str) -> Entry {
        let head = Head {
            project: ProjectId(1),
            key: PublicKey::from_bytes([1; 16]),
            received: jiff::Timestamp::UNIX_EPOCH,
            items: 2,
            client: None,
            client_ip: None,
            user_agent: None,
            refused: Vec::new(),
        };
        Entry {
            head,
            envelope: envelope.into(),
        }
    }

    #[test]
    fn an_entry_that_cannot_be_read_is_set_aside_and_its_items_are_counted() {
        let entries = vec![entry("{}\n{\"type\":\"event\"}\n{}"), entry("no envelope")];
        let fates = digest_all(entries, &RuleBook::default());
        assert_eq!(fates[0].as_ref().unwrap().0.events.len(), 1);
        let dead = fates[1].as_ref().unwrap_err();
        let outcomes = outcomes_of_dead(&dead.entry);
        let counted = (outcomes[0].category, outcomes[0].outcome, outcomes[0].quantity);
        assert_eq!(counted, (DataCategory::Unknown, Outcome::Invalid, 2));
    }
}
