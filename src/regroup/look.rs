//! One stored event as rules see it. Pure.

use crate::grouping::{Grouping, Names, Rules};
use crate::model::{EventRecord, GroupHash, StoredEvent, title};
use crate::protocol::event::Event;

/// A stored event, its frames classified by some rules as if it had just come.
#[derive(Debug)]
pub struct Look {
    /// What was found out about it when it came, or when history was last grouped anew.
    pub record: EventRecord,
    event: Event,
}

impl Look {
    /// Looks at an event by `rules`; none when its payload cannot be read any more.
    pub fn new(stored: StoredEvent, rules: &Rules) -> Option<Self> {
        let mut event = Event::parse(&stored.payload).ok()?;
        rules.classify(&mut event);
        Some(Self {
            record: stored.record,
            event,
        })
    }

    /// How the same rules group it.
    pub fn grouping(&self, rules: &Rules) -> Grouping<'_> {
        rules.group(&self.event)
    }

    /// The record that it would have, had it just come.
    pub(super) fn regrouped(self, rules: &Rules) -> EventRecord {
        let names: Names = rules.group(&self.event).into();
        EventRecord {
            hashes: names.hashes.iter().map(|hash| GroupHash(hash.0)).collect(),
            grouping: names.config.as_str().to_owned(),
            title: names.title.unwrap_or_else(|| title::title(&self.event)),
            culprit: title::culprit(&self.event),
            metadata: title::metadata(&self.event),
            ..self.record
        }
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
