//! From the journal to the issues: reads what was accepted, digests it on all cores, records it, gives the room back.
//!
//! Whatever happens in between, it goes on with what was not recorded. An entry that cannot be
//! digested is set aside and counted, never tried for ever.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;
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

/// Entries digested at once: what the store commits at once.
const BATCH_ENTRIES: usize = 256;
/// Bytes digested at once, about: a batch of huge envelopes must not fill the memory.
const BATCH_BYTES: usize = 32 * 1024 * 1024;

/// What an entry came to.
type Fate = Result<(Digested, Charge), Box<DeadLetter>>;

/// Digests the journal of `store` into its issues until it is asked to stop; ends between two batches.
pub async fn digest_loop(store: Store, mut stop: Stop) -> anyhow::Result<()> {
    let mut rules = RuleBook::default();
    store.journal.rewind().await?;
    loop {
        // Also before the first batch: a crash may have come between recording and giving back.
        store.journal.release().await?;
        let portion = tokio::select! {
            portion = store.journal.next(BATCH_ENTRIES, BATCH_BYTES) => portion?,
            () = stop.asked() => return Ok(()),
        };
        rules.refresh(store.catalog.projects().await?);
        let digested;
        (rules, digested) = spawn_blocking(|| {
            let digested = digest_all(portion.entries, &rules);
            (rules, digested)
        })
        .await?;
        record(&store, digested, portion.spans).await?;
    }
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
    measure(&outcomes);
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

/// What a batch comes to; that some of its events are duplicates, only the store will know.
fn outcomes_of(batch: &Batch) -> Vec<OutcomeCount> {
    let accepted = |project, time, category, quantity| OutcomeCount {
        project,
        time,
        category,
        outcome: Outcome::Accepted,
        reason: String::new(),
        quantity,
    };
    let events = batch
        .events
        .iter()
        .map(|event| &event.record)
        .map(|it| accepted(it.project, it.received, it.category, 1));
    let files = batch.attachments.iter().flat_map(|file| {
        [
            (DataCategory::Attachment, file.size),
            (DataCategory::AttachmentItem, 1),
        ]
        .map(|(category, quantity)| accepted(file.project, file.received, category, quantity))
    });
    let sessions = batch
        .sessions
        .iter()
        .map(|it| accepted(it.project, it.received, DataCategory::Session, 1));
    batch
        .outcomes
        .iter()
        .cloned()
        .chain(events)
        .chain(files)
        .chain(sessions)
        .collect()
}

/// Counts outcomes for whoever watches us.
fn measure(outcomes: &[OutcomeCount]) {
    for it in outcomes {
        let labels = [
            ("category", it.category.as_str().to_owned()),
            ("outcome", it.outcome.name().to_owned()),
            ("reason", it.reason.clone()),
        ];
        metrics::counter!("tripline_outcomes_total", &labels).increment(it.quantity);
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
