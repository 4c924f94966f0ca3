//! The rows of which each event has its own: in runs, many to one of sled's.
//!
//! Whatever else a commit counts changes rows that are there already, and a flush brings each once. An event's own rows are
//! new each time, and nobody reads most of them: one of sled's for each would cost more than all the others together. So
//! the rows of such tables that a flush brings are a **run**: in order, in blocks, with a filter for the keys it has; it
//! never changes. Who looks for a row asks the runs from the youngest to the oldest, and the filters answer nearly always.
//! Runs are **merged** as they become many, each row about as often as the number of flushes doubles.
//!
//! ```text
//! ~ | run u64 | first key   a block of rows: see `block`
//! | | run u64 | number u32  a piece of its filter: see `filter`
//! m | "runs"                which runs there are, oldest first; what is on no list is none
//! ```
//!
//! This is an LSM tree's way (O'Neil et al., 1996), with sled beneath it for what a file system would be asked.

mod block;
mod filter;
mod run;

use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::keys::{Key, KeyBytes, Pieces, Table};
use super::rows;
use super::scan::Side;
use super::sled_error;
use crate::store::Result;
use run::{Info, Run, RunRow};

/// Fewer runs are not merged.
const FEW: usize = 4;
/// So many times the bytes that a merge writes are to be free before it begins: sled writes more than that.
const ROOM: u64 = 4;

/// The runs there are, oldest first; cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Runs {
    runs: Vec<Arc<Run>>,
    last_number: u64,
}

/// What the index keeps of them in one row.
#[derive(Default, Serialize, Deserialize)]
struct List {
    runs: Vec<Info>,
    last_number: u64,
}

/// Whether the row at `key` is in runs, and not one of sled's.
pub(super) fn have(key: &[u8]) -> bool {
    const TABLES: [u8; 3] = [Table::Event as u8, Table::EventTime as u8, Table::Counted as u8];
    key.first().is_some_and(|table| TABLES.contains(table))
}

impl Runs {
    /// The runs of an index. What a crash left of others is removed.
    pub(super) fn open(sled: &sled::Tree) -> Result<Self> {
        let list = sled.get(list_key()).map_err(sled_error)?;
        let list: List = list
            .map(|row| rows::decode(&row))
            .transpose()?
            .unwrap_or_default();
        let known: BTreeSet<u64> = list.runs.iter().map(|info| info.number).collect();
        for table in [Table::Run, Table::RunFilter] {
            let mut from = 0;
            while let Some(number) = first_number(sled, table, from)? {
                if !known.contains(&number) {
                    Run::remove(sled, number)?;
                }
                from = number + 1;
            }
        }
        let runs = list.runs.into_iter();
        let runs = runs.map(|info| Run::read(sled, info).map(Arc::new));
        Ok(Self {
            runs: runs.collect::<Result<_>>()?,
            last_number: list.last_number,
        })
    }

    /// What they know of the row at `key`: its value, if it is there.
    pub(super) fn row(&self, sled: &sled::Tree, key: &[u8]) -> Result<Option<sled::IVec>> {
        let print = filter::print(key);
        for run in self.runs.iter().rev() {
            if let Some(row) = run.row(sled, key, print)? {
                return Ok(row);
            }
        }
        Ok(None)
    }

    /// Of each run, oldest first, up to `most` rows at a side of what lies between two ends, from there on.
    pub(super) fn ranges<'a>(
        &'a self,
        sled: &'a sled::Tree,
        (begin, end): (Bound<&'a [u8]>, Bound<&'a [u8]>),
        side: Side,
        most: usize,
    ) -> impl Iterator<Item = Result<Vec<RunRow>>> + 'a {
        self.runs
            .iter()
            .map(move |run| run.range(sled, begin, end, side, most))
    }

    /// Adds a run of `rows`, which come in order, about so `many`.
    pub(super) fn add<'a>(
        &mut self,
        sled: &sled::Tree,
        many: u64,
        rows: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>,
    ) -> Result<()> {
        if many == 0 {
            return Ok(());
        }
        self.last_number += 1;
        let rows = rows.map(|(key, value)| Ok((KeyBytes::from(key), value)));
        let run = Run::write(sled, self.last_number, many, rows)?;
        self.runs.push(Arc::new(run));
        self.list(sled)
    }

    /// Merges what should be, if there is anything. Answers what there is then, and the runs that are to be removed when
    /// nobody looks at them any more. What was given to sled before is on disk then. Without much more room than that on the
    /// disk, which has so many bytes `free`, they wait: a full disk would cost the index.
    pub(super) fn merged(&self, sled: &sled::Tree, free: u64) -> Result<Option<(Self, Vec<u64>)>> {
        let Some(first) = self.crowded() else {
            return Ok(None);
        };
        let (older, merged) = self.runs.split_at(first);
        let bytes: u64 = merged.iter().map(|run| run.info.bytes).sum();
        if bytes.saturating_mul(ROOM) > free {
            return Ok(None);
        }
        let many = merged.iter().map(|run| run.info.rows).sum();
        // What was removed is gone when nothing older could have it.
        let rows = merge(merged, sled).filter(|row| {
            let is_gone = older.is_empty() && matches!(row, Ok((_, None)));
            !is_gone
        });
        let number = self.last_number + 1;
        let run = Run::write(sled, number, many, rows)?;
        // No list may name what is not there.
        sled.flush().map_err(sled_error)?;
        let runs = older.iter().cloned().chain([Arc::new(run)]).collect();
        let new = Self {
            runs,
            last_number: number,
        };
        new.list(sled)?;
        Ok(Some((new, merged.iter().map(|run| run.info.number).collect())))
    }

    /// The oldest run that is no larger than all younger ones together, when there are more than a few from there on.
    fn crowded(&self) -> Option<usize> {
        let mut younger = 0;
        let mut found = None;
        for (at, run) in self.runs.iter().enumerate().rev() {
            if run.info.rows <= younger && self.runs.len() - at >= FEW {
                found = Some(at);
            }
            younger += run.info.rows;
        }
        found
    }

    /// Says in the index which there are.
    pub(super) fn list(&self, sled: &sled::Tree) -> Result<()> {
        let list = List {
            runs: self.runs.iter().map(|run| run.info).collect(),
            last_number: self.last_number,
        };
        sled.insert(list_key(), rows::encode(&list)?)
            .map(drop)
            .map_err(sled_error)
    }
}

/// Takes runs away that are on no list and that nobody reads.
pub(super) fn remove(sled: &sled::Tree, runs: Vec<u64>) -> Result<()> {
    runs.into_iter().try_for_each(|run| Run::remove(sled, run))
}

/// The rows of runs, oldest first, as one: of a key the youngest.
fn merge(runs: &[Arc<Run>], sled: &sled::Tree) -> impl Iterator<Item = Result<RunRow>> {
    let mut lanes: Vec<_> = runs.iter().map(|run| run.rows(sled).peekable()).collect();
    std::iter::from_fn(move || {
        let mut first: Option<KeyBytes> = None;
        for lane in &mut lanes {
            match lane.peek() {
                Some(Ok((key, _))) if first.as_ref().is_none_or(|first| key < first) => {
                    first = Some(key.clone());
                }
                Some(Err(_)) => return lane.next(),
                _ => {}
            }
        }
        let first = first?;
        let is_first = |row: &Result<RunRow>| row.as_ref().is_ok_and(|(key, _)| *key == first);
        let same = lanes.iter_mut().filter_map(|lane| lane.next_if(is_first));
        same.last()
    })
}

/// The number of the first run from `from` on of which there is a row in `table`.
fn first_number(sled: &sled::Tree, table: Table, from: u64) -> Result<Option<u64>> {
    let begin = Key::of(table).number(from).into_vec();
    let end = vec![table as u8 + 1];
    let row = sled.range(begin..end).next().transpose().map_err(sled_error)?;
    Ok(row.and_then(|(key, _)| Pieces::of(&key).number()))
}

fn list_key() -> Key {
    Key::of(Table::Meta).bytes(b"runs")
}

#[cfg(test)]
mod tests;
