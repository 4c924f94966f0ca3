//! The rows of which each event has its own: in files, many to a block.
//!
//! Whatever else a commit counts changes rows that are there already, and a flush brings each once. An event's own rows are
//! new each time, and nobody reads most of them: one of sled's for each would cost more than all the others together. So
//! the rows of such tables that a flush brings are a **run**: in order, in blocks, with a filter for the keys it has; it
//! never changes. Who looks for a row asks the runs from the youngest to the oldest, and the filters answer nearly always.
//! Runs are **merged** as they become many, each row about as often as the number of flushes doubles; all of them, when
//! much of what they say is that rows were removed.
//!
//! ```text
//! index/runs/<number>   a run: see `run`
//! m | "runs"            sled's row that says which runs there are, oldest first; what is on no list is none
//! ```
//!
//! This is an LSM tree's way (O'Neil et al., 1996); sled keeps what each of its commits has to agree on.

mod block;
mod filter;
mod run;

use std::fs;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::keys::{Key, KeyBytes, Table};
use super::rows::{self, Layout, Meta};
use super::scan::Side;
use super::sled_error;
use super::tree::Row;
use crate::store::{Error, Result};
use run::{Info, Run, RunRow};

/// Fewer runs are not merged.
const FEW: usize = 4;
/// So many times the bytes that a merge writes are to be free before it begins: others write meanwhile.
const ROOM: u64 = 2;
/// All are merged when one row in so many says that a row was removed.
const REMOVED: u64 = 4;

/// The runs there are, oldest first; cheap to clone.
#[derive(Clone)]
pub(super) struct Runs {
    directory: PathBuf,
    runs: Vec<Arc<Run>>,
}

/// Whether the row at `key` is in runs, and not one of sled's.
pub(super) fn have(key: &[u8]) -> bool {
    const TABLES: [u8; 3] = [Table::Event as u8, Table::EventTime as u8, Table::Counted as u8];
    key.first().is_some_and(|table| TABLES.contains(table))
}

impl Runs {
    /// The runs of the index at `path`; none of one of another layout. What a crash left of others is removed.
    pub(super) fn open(path: &Path, sled: &sled::Tree) -> Result<Self> {
        let directory = path.join("runs");
        let failed = |error| Error::Io(directory.display().to_string(), error);
        fs::create_dir_all(&directory).map_err(failed)?;
        let list = sled.get(list_key()).map_err(sled_error)?;
        let list: Vec<Info> = match list {
            Some(row) if rows::layout(&row)? == Layout::Older => {
                // Whoever goes back to an older version finds them as they were.
                let runs = Vec::new();
                return Ok(Self { directory, runs });
            }
            Some(row) => rows::decode(&row)?,
            None => Vec::new(),
        };
        let names: Vec<String> = list.iter().map(|info| info.number.to_string()).collect();
        for entry in fs::read_dir(&directory).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if !names.iter().any(|name| entry.file_name() == name.as_str()) {
                fs::remove_file(entry.path()).map_err(failed)?;
            }
        }
        let runs = list.into_iter();
        let runs = runs.map(|info| Run::open(&directory, info).map(Arc::new));
        Ok(Self {
            runs: runs.collect::<Result<_>>()?,
            directory,
        })
    }

    /// What they know of the row at `key`: its value, if it is there.
    pub(super) fn row(&self, key: &[u8]) -> Result<Option<sled::IVec>> {
        let print = filter::print(key);
        for run in self.runs.iter().rev() {
            if let Some(row) = run.row(key, print)? {
                return Ok(row);
            }
        }
        Ok(None)
    }

    /// Of each run, oldest first, up to `most` rows at a side of what lies between two ends, from there on.
    pub(super) fn ranges<'a>(
        &'a self,
        (begin, end): (Bound<&'a [u8]>, Bound<&'a [u8]>),
        side: Side,
        most: usize,
    ) -> impl Iterator<Item = Result<Vec<RunRow>>> + 'a {
        self.runs.iter().map(move |run| run.range(begin, end, side, most))
    }

    /// All rows, in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = Result<Row>> + '_ {
        merge(&self.runs).filter_map(|row| match row {
            Ok((key, value)) => value.map(|value| Ok((key.as_slice().into(), value))),
            Err(error) => Some(Err(error)),
        })
    }

    /// How many rows they have, removed ones as well.
    pub(super) fn many(&self) -> u64 {
        self.runs.iter().map(|run| run.info.rows).sum()
    }

    /// These and one of `rows`, which come in order, at most about so `many`. It is on disk, and none before it is listed:
    /// until then the next one takes its place.
    pub(super) fn with<V: AsRef<[u8]>>(
        &self,
        many: u64,
        rows: impl Iterator<Item = Result<(KeyBytes, Option<V>)>>,
    ) -> Result<Self> {
        if many == 0 {
            return Ok(self.clone());
        }
        let run = Run::write(&self.directory, self.number(), many, rows)?;
        Ok(self.of(self.runs.iter().cloned().chain([Arc::new(run)])))
    }

    /// These with those merged that should be, if there are any, without the rows that are over: on disk, and nothing before
    /// it is listed. Of those for which there is no more room than so many bytes, they wait.
    pub(super) fn merged(&self, meta: &Meta, room: u64) -> Result<Option<Self>> {
        let bytes = |first: &usize| {
            let merged = self.runs.iter().skip(*first);
            merged.map(|run| run.info.bytes).sum::<u64>()
        };
        let fits = |first: &usize| bytes(first).saturating_mul(ROOM) <= room;
        let Some(first) = self.crowded().find(fits) else {
            return Ok(None);
        };
        let (older, merged) = self.runs.split_at(first);
        let many = merged.iter().map(|run| run.info.rows).sum();
        // What was removed is gone when nothing older could have it.
        let is_kept = |row: &Result<RunRow>| match row {
            Ok((key, value)) => !meta.is_over(key) && (value.is_some() || !older.is_empty()),
            Err(_) => true,
        };
        let run = Run::write(
            &self.directory,
            self.number(),
            many,
            merge(merged).filter(is_kept),
        )?;
        Ok(Some(self.of(older.iter().cloned().chain([Arc::new(run)]))))
    }

    /// Takes those away that are not among `those` any more, which are listed.
    pub(super) fn keep(&self, those: &Self) -> Result<()> {
        let is_kept = |number| those.runs.iter().any(|run| run.info.number == number);
        let numbers = self.runs.iter().map(|run| run.info.number);
        for number in numbers.filter(|number| !is_kept(*number)) {
            let path = self.directory.join(number.to_string());
            fs::remove_file(&path)
                .map_err(|error| Error::Io(format!("removing {}", path.display()), error))?;
        }
        Ok(())
    }

    /// The row that lists them.
    pub(super) fn list(&self) -> Result<(Key, Vec<u8>)> {
        let list: Vec<Info> = self.runs.iter().map(|run| run.info).collect();
        Ok((list_key(), rows::encode(&list)?))
    }

    fn of(&self, runs: impl Iterator<Item = Arc<Run>>) -> Self {
        Self {
            runs: runs.collect(),
            ..self.clone()
        }
    }

    fn number(&self) -> u64 {
        let numbers = self.runs.iter().map(|run| run.info.number);
        numbers.max().map_or(0, |last| last + 1)
    }

    /// From which runs on, the oldest first, they may be merged: all, when much was removed; and those from one on that is no
    /// larger than all younger ones together, when they are more than a few.
    fn crowded(&self) -> impl Iterator<Item = usize> {
        let removed: u64 = self.runs.iter().map(|run| run.info.removed).sum();
        let all = (removed > 0 && removed >= self.many() / REMOVED).then_some(0);
        let mut younger = 0;
        let mut found = Vec::new();
        for (at, run) in self.runs.iter().enumerate().rev() {
            if run.info.rows <= younger && self.runs.len() - at >= FEW {
                found.push(at);
            }
            younger += run.info.rows;
        }
        all.into_iter().chain(found.into_iter().rev())
    }
}

/// The rows of runs, oldest first, as one: of a key the youngest.
fn merge(runs: &[Arc<Run>]) -> impl Iterator<Item = Result<RunRow>> {
    let mut lanes: Vec<_> = runs.iter().map(|run| run.rows().peekable()).collect();
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

/// The key of the row that lists them.
pub(super) fn list_key() -> Key {
    Key::of(Table::Meta).bytes(b"runs")
}

#[cfg(test)]
mod tests;
