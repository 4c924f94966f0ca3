//! All rows of the index as they are at one commit, read while further commits go on.
//!
//! sled 0.34 has no snapshots. So whoever reads says how far they are, and the writer, before it changes rows that are
//! still to be read, puts aside what they were. Both happen under one lock, a slice at a time: a commit waits for a slice
//! at most, and for the reader to go on when too much is put aside.

use std::collections::BTreeMap;
use std::ops::Bound::{self, Excluded, Unbounded};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use super::index::keys::Key;
use super::index::overlay::{self, Overlay};
use super::index::rows::Meta;
use super::index::sled_error;
use super::lock;
use crate::store::{Error, Result};

/// How many rows are read at a time: the writer waits for so many.
const SLICE: usize = 256;
/// Bytes of rows that may be put aside; with more the writer waits.
const MAX_ASIDE: usize = 16 << 20;

/// A row: its key and its value.
type Row = (sled::IVec, sled::IVec);

/// What the writer and who reads all rows agree by.
#[derive(Default)]
pub(super) struct Still {
    reading: Mutex<Option<Reading>>,
    went_on: Condvar,
}

/// How far somebody has read.
#[derive(Default)]
struct Reading {
    /// The last key of the last slice; none before the first one.
    passed: Option<sled::IVec>,
    /// What changed since the beginning of what is still to be read, as it was: none for what was not there.
    aside: BTreeMap<Vec<u8>, Option<sled::IVec>>,
    bytes: usize,
    /// Whether all was read: nothing needs to be put aside any more.
    is_over: bool,
}

impl Still {
    /// Makes the changes of a commit.
    pub(super) fn apply(&self, tree: &sled::Tree, overlay: Overlay<'_>) -> Result<()> {
        let mut reading = lock(&self.reading);
        while reading.as_ref().is_some_and(|it| it.bytes > MAX_ASIDE) {
            reading = self.went_on.wait(reading).unwrap_or_else(PoisonError::into_inner);
        }
        if let Some(reading) = reading.as_mut() {
            overlay.keys().try_for_each(|key| reading.put_aside(key, tree))?;
        }
        tree.apply_batch(overlay.into_batch()).map_err(sled_error)
    }

    /// Begins to read the rows of `tree` as they are now. One at a time may.
    pub(super) fn begin(self: &Arc<Self>, tree: &sled::Tree) -> Result<Rows> {
        let mut reading = lock(&self.reading);
        if reading.is_some() {
            return Err(Error::Conflict("a checkpoint is being written already"));
        }
        let meta: Meta = overlay::get(tree, &Key::meta())?.unwrap_or_default();
        *reading = Some(Reading::default());
        Ok(Rows {
            still: self.clone(),
            tree: tree.clone(),
            meta,
        })
    }
}

impl Reading {
    fn put_aside(&mut self, key: &[u8], tree: &sled::Tree) -> Result<()> {
        let is_read = self.passed.as_ref().is_some_and(|passed| key <= passed.as_ref());
        if self.is_over || is_read || self.aside.contains_key(key) {
            return Ok(());
        }
        let value = tree.get(key).map_err(sled_error)?;
        self.bytes += key.len() + value.as_ref().map_or(0, |value| value.len());
        self.aside.insert(key.to_vec(), value);
        Ok(())
    }

    /// Takes out what was put aside up to `end`; all of it without one.
    fn take_up_to(&mut self, end: Option<&sled::IVec>) -> BTreeMap<Vec<u8>, Option<sled::IVec>> {
        let mut taken = std::mem::take(&mut self.aside);
        if let Some(end) = end {
            // The smallest key behind `end`.
            let behind = [end.as_ref(), &[0]].concat();
            self.aside = taken.split_off(&behind);
        }
        let bytes = |(key, value): (&Vec<u8>, &Option<sled::IVec>)| {
            key.len() + value.as_ref().map_or(0, |value| value.len())
        };
        self.bytes -= taken.iter().map(bytes).sum::<usize>();
        taken
    }
}

/// The rows as they were at the beginning, in order. The writer is free of it once this is dropped.
pub(super) struct Rows {
    still: Arc<Still>,
    tree: sled::Tree,
    meta: Meta,
}

impl Rows {
    /// What the store remembered of itself at the beginning.
    pub(super) fn meta(&self) -> &Meta {
        &self.meta
    }

    /// The next slice, which may be empty; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Vec<Row>>> {
        let mut guard = lock(&self.still.reading);
        let Some(reading) = guard.as_mut().filter(|reading| !reading.is_over) else {
            return Ok(None);
        };
        let from: Bound<sled::IVec> = reading.passed.clone().map_or(Unbounded, Excluded);
        let found = self.tree.range((from, Unbounded)).take(SLICE);
        let found = found.collect::<sled::Result<Vec<Row>>>().map_err(sled_error)?;
        let end = found
            .last()
            .map(|(key, _)| key.clone())
            .filter(|_| found.len() == SLICE);
        let aside = reading.take_up_to(end.as_ref());
        reading.is_over = end.is_none();
        reading.passed = end;
        self.still.went_on.notify_all();
        drop(guard);
        Ok(Some(as_they_were(found, aside)))
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        *lock(&self.still.reading) = None;
        self.still.went_on.notify_all();
    }
}

/// What was `found`, with what was put `aside` in the place of what it became.
fn as_they_were(found: Vec<Row>, aside: BTreeMap<Vec<u8>, Option<sled::IVec>>) -> Vec<Row> {
    if aside.is_empty() {
        return found;
    }
    let unchanged = found
        .into_iter()
        .filter(|(key, _)| !aside.contains_key(key.as_ref()));
    let mut rows: Vec<Row> = unchanged.collect();
    rows.extend(
        aside
            .iter()
            .filter_map(|(key, value)| Some((key.as_slice().into(), value.clone()?))),
    );
    rows.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    rows
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    use super::*;
    use crate::store::embedded::index::keys::Table;

    fn change(tree: &sled::Tree, still: &Still, chance: &mut StdRng) {
        let mut overlay = Overlay::new(tree);
        for _ in 0..chance.random_range(1..40) {
            let key = Key::of(Table::User).number(chance.random_range(0..3_000));
            match chance.random_bool(0.5) {
                true => overlay.put(key, &chance.random::<u64>()).unwrap(),
                false => overlay.remove(key),
            }
        }
        still.apply(tree, overlay).unwrap();
    }

    #[test]
    fn rows_are_read_as_they_were_however_they_change_meanwhile() {
        for seed in 0..8 {
            let chance = &mut StdRng::seed_from_u64(seed);
            let tree = &sled::Config::new().temporary(true).open().unwrap();
            let still = Arc::new(Still::default());
            (0..200).for_each(|_| change(tree, &still, chance));
            let expected: Vec<Row> = tree.iter().map(|row| row.unwrap()).collect();
            let mut rows = still.begin(tree).unwrap();
            let mut read = Vec::new();
            loop {
                (0..chance.random_range(0..9)).for_each(|_| change(tree, &still, chance));
                let Some(slice) = rows.next().unwrap() else { break };
                read.extend(slice);
            }
            assert!(
                read == expected,
                "seed {seed}: {} of {} rows",
                read.len(),
                expected.len()
            );
            let after: Vec<Row> = tree.iter().map(|row| row.unwrap()).collect();
            assert!(after != expected, "nothing changed meanwhile");
        }
    }

    #[test]
    fn the_writer_waits_for_room_and_is_let_go_when_nobody_reads_any_more() {
        let tree = sled::Config::new().temporary(true).open().unwrap();
        let still = Arc::new(Still::default());
        let row = |n: u64| Key::of(Table::User).number(n);
        let large = "x".repeat(1 << 20);
        let write = |still: &Still, text: &str| {
            let mut overlay = Overlay::new(&tree);
            (0..20).for_each(|n| overlay.put(row(n), &text).unwrap());
            still.apply(&tree, overlay).unwrap();
        };
        write(&still, &large);
        let rows = still.begin(&tree).unwrap();
        assert!(matches!(still.begin(&tree), Err(Error::Conflict(_))));
        write(&still, "small");
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| {
                let mut overlay = Overlay::new(&tree);
                overlay.put(row(99), &1_u64).unwrap();
                still.apply(&tree, overlay).unwrap();
            });
            assert!(!waiting.is_finished() && !tree.contains_key(row(99)).unwrap());
            drop(rows);
            waiting.join().unwrap();
        });
        assert!(tree.contains_key(row(99)).unwrap());
    }
}
