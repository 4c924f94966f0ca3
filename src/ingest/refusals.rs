//! Refused requests, counted together: whoever sends what nobody takes must not cost a write each.
//!
//! Requests that are refused at about the same time are one entry of the journal. Each is answered when that is on disk,
//! so that what a client was told is counted whatever happens next.

use std::collections::HashMap;
use std::mem::take;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Notify, watch};

use crate::model::{Outcome, OutcomeCount};
use crate::protocol::category::DataCategory;
use crate::protocol::ids::{ProjectId, PublicKey};
use crate::store::journal::{Entry, Head, Journal};
use crate::store::{self};

/// How long those who are refused first wait for others: so many writes a second at the most.
const TOGETHER: Duration = Duration::from_millis(5);

/// Counts of refused items on their way to the journal.
#[derive(Clone)]
pub struct Refusals {
    journal: Arc<dyn Journal>,
    waiting: Arc<Waiting>,
}

struct Waiting {
    counts: Mutex<Counts>,
    some: Notify,
    /// The last round, and whether it was written: what was not is written with the next one.
    written: watch::Sender<(u64, bool)>,
}

#[derive(Default)]
struct Counts {
    by_key: HashMap<Kind, OutcomeCount>,
    /// The round that writes these.
    round: u64,
}

/// What is counted together.
type Kind = (ProjectId, PublicKey, DataCategory, Outcome, String, i64);

impl Refusals {
    /// Counts into `journal`.
    pub fn new(journal: Arc<dyn Journal>) -> Self {
        let counts = Counts {
            round: 1,
            ..Counts::default()
        };
        let waiting = Waiting {
            counts: Mutex::new(counts),
            some: Notify::new(),
            written: watch::Sender::new((0, true)),
        };
        Self {
            journal,
            waiting: Arc::new(waiting),
        }
    }

    /// Counts; what is counted is on disk when this returns. After an error it is counted later.
    pub(super) async fn count(&self, key: PublicKey, counts: Vec<OutcomeCount>) -> Result<(), store::Error> {
        let mut written = self.waiting.written.subscribe();
        let round = self.add(key, counts);
        self.waiting.some.notify_one();
        let done = written.wait_for(|(done, _)| *done >= round).await;
        match done.as_deref() {
            Ok((_, true)) => Ok(()),
            Ok((_, false)) => Err(store::Error::Full("refused requests cannot be counted")),
            Err(_) => Err(store::Error::Closed),
        }
    }

    /// Returns when there is something to write, a moment after: others may come.
    pub async fn some(&self) {
        self.waiting.some.notified().await;
        tokio::time::sleep(TOGETHER).await;
    }

    /// Writes what was counted. What cannot be written now is kept for the next time.
    pub async fn flush(&self) -> Result<(), store::Error> {
        let (counts, round) = {
            let mut counts = self.lock();
            counts.round += 1;
            (take(&mut counts.by_key), counts.round - 1)
        };
        let mut by_key: HashMap<(ProjectId, PublicKey), Vec<OutcomeCount>> = HashMap::new();
        for ((project, key, ..), count) in counts {
            by_key.entry((project, key)).or_default().push(count);
        }
        let entries = by_key
            .into_iter()
            .map(|((project, key), refused)| entry(project, key, refused));
        let mut failure = None;
        for entry in entries {
            let (key, refused) = (entry.head.key, entry.head.refused.clone());
            if let Err(error) = self.journal.append(entry).await {
                self.add(key, refused);
                failure = Some(error);
            }
        }
        self.waiting.written.send_replace((round, failure.is_none()));
        match failure {
            Some(error) => {
                self.waiting.some.notify_one();
                Err(error)
            }
            None => Ok(()),
        }
    }

    /// Adds to what is to be written, and says in which round it will be.
    fn add(&self, key: PublicKey, counts: Vec<OutcomeCount>) -> u64 {
        let mut waiting = self.lock();
        for count in counts {
            let hour = count.time.as_second().div_euclid(3_600);
            let kind = (
                count.project,
                key,
                count.category,
                count.outcome,
                count.reason.clone(),
                hour,
            );
            let known = waiting.by_key.entry(kind).or_insert(OutcomeCount {
                quantity: 0,
                ..count.clone()
            });
            known.quantity = known.quantity.saturating_add(count.quantity);
        }
        waiting.round
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Counts> {
        self.waiting.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An entry that only counts.
fn entry(project: ProjectId, key: PublicKey, refused: Vec<OutcomeCount>) -> Entry {
    let received = refused
        .iter()
        .map(|count| count.time)
        .max()
        .unwrap_or(Timestamp::UNIX_EPOCH);
    let head = Head {
        project,
        key,
        received,
        items: 0,
        client: None,
        client_ip: None,
        user_agent: None,
        refused,
    };
    Entry {
        head,
        envelope: bytes::Bytes::new(),
    }
}
