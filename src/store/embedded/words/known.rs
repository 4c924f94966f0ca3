//! Which lines were lately indexed: an issue that comes again and again says the same again and again.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::Slot;

/// Lines that are told apart, at 4 bytes each: what 10,000 issues say, of which each says a hundred lines.
const LINES: usize = 1 << 20;

/// A print of each line at the place that it leads to, where the next one that leads there replaces it: what is forgotten is
/// indexed once more, which is harmless. Memory that was never written to takes none.
pub(super) struct Known(Vec<u32>);

impl Known {
    pub(super) fn nothing() -> Self {
        Self(vec![0; LINES])
    }

    /// Whether `line` of `slot` is new; it is known from now on.
    pub(super) fn is_new(&mut self, slot: Slot, line: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        (slot, line).hash(&mut hasher);
        let hash = hasher.finish();
        let print = (hash >> 32) as u32 | 1;
        std::mem::replace(&mut self.0[hash as usize % LINES], print) != print
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_new_once_in_each_slot() {
        let mut known = Known::nothing();
        assert!(known.is_new(Slot(1), "brew"));
        assert!(!known.is_new(Slot(1), "brew"));
        assert!(known.is_new(Slot(2), "brew"));
        assert!(known.is_new(Slot(1), "boil"));
    }
}
