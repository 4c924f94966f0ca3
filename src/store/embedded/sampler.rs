//! Decides which events of a flood are kept, before their frames are written: what it decided stands in the frames, so that
//! a rebuild need not. See [`crate::model::sampling`].

use std::collections::HashMap;

use super::facts::Fact;
use super::index::novelty::{Lane, Novelty, lane};
use super::index::overlay::Overlay;
use super::pack::PackedEvent;
use crate::model::EventRecord;
use crate::model::sampling::Budget;
use crate::model::timeline::HOUR;
use crate::store::Result;

/// The most lanes that are told apart in an hour: more are no flood of one issue.
const MOST_LANES: usize = 100_000;
/// How many events that are only counted share a frame.
const FRAME: usize = 200;

/// What came in the running hour. A restart forgets it, and keeps some more.
pub(super) struct Sampler {
    budget: Budget,
    /// Since 1970.
    hour: i64,
    counts: HashMap<Lane, u64>,
}

/// An event that is not in the sample.
type Surplus = Box<PackedEvent>;

impl Sampler {
    pub(super) fn new(budget: Budget) -> Self {
        Self {
            budget,
            hour: 0,
            counts: HashMap::new(),
        }
    }

    /// The facts of a command with those events only that are kept; the others are counted behind them, the latest of each
    /// kind last of all.
    pub(super) fn sift(&mut self, facts: Vec<Fact>, overlay: &Overlay<'_>) -> Result<Vec<Fact>> {
        if self.budget == Budget(0) {
            return Ok(facts);
        }
        let mut novelty = Novelty::new(overlay);
        let mut kept = Vec::with_capacity(facts.len());
        let mut surplus = Vec::new();
        for fact in facts {
            match fact {
                Fact::Event(event)
                    if !self.budget.samples(self.count(&event.record))
                        && !novelty.is_novel(&event.record)? =>
                {
                    surplus.push(event);
                }
                fact => kept.push(fact),
            }
        }
        if surplus.is_empty() {
            return Ok(kept);
        }
        let (latest, counted) = part(surplus, &kept, &mut novelty)?;
        for some in counted.chunks(FRAME) {
            kept.push(Fact::Counted(some.to_vec()));
        }
        kept.extend(latest.into_iter().map(Fact::Latest));
        Ok(kept)
    }

    /// Which event of its lane it is in the hour in which it was received, from 1.
    fn count(&mut self, event: &EventRecord) -> u64 {
        let hour = event.received.as_second().div_euclid(HOUR);
        if hour > self.hour || self.counts.len() >= MOST_LANES {
            self.counts.clear();
            self.hour = self.hour.max(hour);
        }
        let count = self.counts.entry(lane(event)).or_default();
        *count += 1;
        *count
    }
}

/// Of each lane the event that happened last, if none that is kept did later; and what is only counted.
fn part(
    surplus: Vec<Surplus>,
    kept: &[Fact],
    novelty: &mut Novelty<'_, '_>,
) -> Result<(Vec<Surplus>, Vec<EventRecord>)> {
    let mut last = HashMap::new();
    for fact in kept {
        if let Fact::Event(event) = fact {
            let time = last.entry(lane(&event.record)).or_insert(event.record.timestamp);
            *time = event.record.timestamp.max(*time);
        }
    }
    let mut latest: HashMap<Lane, Surplus> = HashMap::new();
    let mut counted = Vec::with_capacity(surplus.len());
    for event in surplus {
        let lane = lane(&event.record);
        let time = event.record.timestamp;
        let is_latest =
            last.get(&lane).is_none_or(|last| *last <= time) && novelty.is_latest(&event.record)?;
        let passed = if is_latest {
            last.insert(lane, time);
            latest.insert(lane, event)
        } else {
            Some(event)
        };
        counted.extend(passed.map(|event| event.record));
    }
    let mut latest: Vec<Surplus> = latest.into_values().collect();
    latest.sort_unstable_by_key(|event| event.record.id);
    Ok((latest, counted))
}
