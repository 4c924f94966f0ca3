//! Which of the journal is recorded: everything before a mark, and some stretches beyond it, because entries are digested
//! in turns of their projects and not in the order in which they came.
//!
//! The index keeps the same (`index/apply/spent.rs`); this is what it says, in memory.

use std::collections::BTreeMap;

use crate::store::{Position, Span};

/// What is recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::store::embedded) struct Recorded {
    mark: u64,
    /// Beginnings and ends of what is recorded beyond the mark.
    beyond: BTreeMap<u64, u64>,
}

impl Recorded {
    /// Everything before `mark`.
    pub(in crate::store::embedded) fn until(mark: u64) -> Self {
        Self {
            mark,
            beyond: BTreeMap::new(),
        }
    }

    /// The position before which everything is recorded.
    pub(in crate::store::embedded) fn mark(&self) -> u64 {
        self.mark
    }

    /// How many stretches beyond the mark are recorded.
    pub(super) fn ahead(&self) -> usize {
        self.beyond.len()
    }

    /// The stretches beyond the mark: where each begins and ends.
    pub(super) fn beyond(&self) -> impl Iterator<Item = (u64, u64)> {
        self.beyond.iter().map(|(&begin, &end)| (begin, end))
    }

    /// Whether what stands at `position` is recorded.
    pub(in crate::store::embedded) fn has(&self, position: u64) -> bool {
        let before = self.beyond.range(..=position).next_back();
        position < self.mark || before.is_some_and(|(_, &end)| position < end)
    }

    /// Adds a stretch. The mark moves on as far as nothing is missing.
    pub(in crate::store::embedded) fn add(&mut self, span: Span) {
        let Span {
            begin: Position(begin),
            end: Position(end),
        } = span;
        if begin > self.mark {
            self.beyond.insert(begin, end);
            return;
        }
        self.mark = self.mark.max(end);
        while let Some(next) = self.beyond.first_entry().filter(|it| *it.key() <= self.mark) {
            self.mark = self.mark.max(next.remove());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(begin: u64, end: u64) -> Span {
        Span {
            begin: Position(begin),
            end: Position(end),
        }
    }

    #[test]
    fn the_mark_moves_on_when_the_gap_closes() {
        let mut recorded = Recorded::until(10);
        recorded.add(span(30, 40));
        recorded.add(span(20, 30));
        assert_eq!((recorded.mark(), recorded.ahead()), (10, 2));
        assert_eq!(
            [9, 10, 19, 20, 39, 40].map(|at| recorded.has(at)),
            [true, false, false, true, true, false]
        );
        recorded.add(span(10, 20));
        assert_eq!(recorded, Recorded::until(40));
    }
}
