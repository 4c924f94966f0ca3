//! What was said by events that are no longer kept goes.

use std::collections::BTreeSet;

use tantivy::Term;

use super::feed::Feeder;
use super::{Result, Slot, Trouble};
use crate::store::embedded::index::keys::{Key, Table};

impl Feeder {
    /// Takes the documents out whose part has no event of their week any more. Answers of how many weeks.
    pub(super) fn forget(&mut self) -> Result<usize, Trouble> {
        let Some(opened) = self.words.opened() else {
            return Ok(0);
        };
        let mut slots = BTreeSet::new();
        for segment in opened.reader.searcher().segment_readers() {
            let column = segment.fast_fields().u64("slot")?;
            slots.extend(
                segment
                    .doc_ids_alive()
                    .filter_map(|it| column.first(it))
                    .map(Slot),
            );
        }
        let mut forgotten = 0;
        for slot in slots {
            if !self.is_kept(slot)? {
                self.writer()?
                    .delete_term(Term::from_field_u64(opened.slot, slot.0));
                forgotten += 1;
            }
        }
        if forgotten > 0 {
            // A late event may say again what was forgotten.
            self.know_nothing();
            self.commit()?;
        }
        Ok(forgotten)
    }

    fn is_kept(&self, slot: Slot) -> Result<bool> {
        let (begin, end) = slot.times();
        let at = |time| {
            Key::of(Table::EventTime)
                .number(slot.part().0)
                .signed(time)
                .into_vec()
        };
        let first = self.source.tree.range(at(begin)..at(end)).next();
        Ok(first.transpose()?.is_some())
    }
}
