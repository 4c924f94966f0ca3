//! One stored event as rules see it. Pure.

use crate::grouping::{Grouping, Rules};
use crate::model::{EventRecord, GroupHash, StoredEvent};
use crate::protocol::event::Event;

/// A stored event, its frames classified by some rules as if it had just come.
#[derive(Debug)]
pub struct Look {
    /// What was found out about it when it came.
    pub record: EventRecord,
    event: Event,
}

impl Look {
    /// Looks at an event by `rules`. A payload that cannot be read any more is an event that says nothing.
    pub fn new(stored: StoredEvent, rules: &Rules) -> Self {
        let mut event = Event::parse(&stored.payload).unwrap_or_default();
        rules.classify(&mut event);
        Self {
            record: stored.record,
            event,
        }
    }

    /// How the same rules group it.
    pub fn grouping(&self, rules: &Rules) -> Grouping<'_> {
        rules.group(&self.event)
    }
}

/// The names that a grouping gives, as they are kept.
pub(super) fn names(grouping: &Grouping<'_>) -> Vec<GroupHash> {
    grouping
        .hashes()
        .into_iter()
        .map(|hash| GroupHash(hash.0))
        .collect()
}
