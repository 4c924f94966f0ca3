//! Rows in memory, in order, that a later write has not reached sled with yet.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::keys::KeyBytes;

/// About what the map takes for a row beside its bytes.
const ROW: usize = 100;

/// Rows that were written, or (when none) removed.
#[derive(Default)]
pub(super) struct Memtable {
    rows: BTreeMap<KeyBytes, Option<Vec<u8>>>,
    bytes: usize,
}

impl Memtable {
    /// Writes a row, or removes it.
    pub(super) fn set(&mut self, key: KeyBytes, value: Option<Vec<u8>>) {
        let length = |value: &Option<Vec<u8>>| value.as_ref().map_or(0, |value| value.len());
        self.bytes += length(&value);
        let before = self.rows.len();
        let size = key.len() + ROW;
        if let Some(replaced) = self.rows.insert(key, value) {
            self.bytes -= length(&replaced);
        }
        if self.rows.len() > before {
            self.bytes += size;
        }
    }

    /// What it knows of the row at `key`: nothing, or its value, or that it was removed.
    pub(super) fn row(&self, key: &[u8]) -> Option<Option<&[u8]>> {
        self.rows.get(key).map(Option::as_deref)
    }

    /// Its rows, in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> + Clone {
        self.rows
            .iter()
            .map(|(key, value)| (key.as_slice(), value.as_deref()))
    }

    /// Its rows between two ends that are the right way round.
    pub(super) fn range(
        &self,
        begin: Bound<&[u8]>,
        end: Bound<&[u8]>,
    ) -> impl DoubleEndedIterator<Item = (&[u8], Option<&[u8]>)> {
        self.rows
            .range::<[u8], _>((begin, end))
            .map(|(key, value)| (key.as_slice(), value.as_deref()))
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// About how many bytes of memory it takes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}
