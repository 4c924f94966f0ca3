//! The rows of the index: sled's, and over them those of the last commits, which are in memory.
//!
//! A commit changes rows that the next one changes again, and sled writes a page anew for each. So commits go to a
//! [`Memtable`], and from there to sled once in many commits, those of events in [`super::runs`]. That a crash forgets it is no loss: the row of
//! [`super::rows::Meta`] goes with the others, so what sled has is what it was at one commit, and the segments hold what
//! came behind it. For sled to be at a commit at any time, what it is about to be given is on disk first ([`redo`]).

mod still;

use std::fs::File;
use std::ops::RangeBounds;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::keys::{Key, KeyBytes};
use super::memtable::Memtable;
use super::redo;
use super::rows::{self, Meta};
use super::runs::{self, Runs};
use super::scan::Scan;
use super::{remove_left_over, sled_error};
use crate::store::embedded::{disk, lock};
use crate::store::{Error, Result};
pub(in crate::store::embedded) use still::Still;

/// Sled is given what came when it takes as much memory as this share of sled's pages may: one in so many bytes.
const SHARE: u64 = 4;
/// How many rows of a checkpoint are given to sled at a time.
const BATCH: usize = 1_000;

/// A row as it is kept: its key and its value.
pub(in crate::store::embedded) type Row = (sled::IVec, sled::IVec);

/// A handle of the rows; cheap to clone.
#[derive(Clone)]
pub(in crate::store::embedded) struct Tree(Arc<Inner>);

struct Inner {
    sled: sled::Tree,
    /// The index's directory.
    path: PathBuf,
    /// Bytes of memory at which sled is given what came.
    flush_at: usize,
    recent: RwLock<Recent>,
    /// Whoever holds it changes sled's rows, or wants them not to change.
    steady: Mutex<()>,
}

/// What sled does not have yet.
pub(super) struct Recent {
    /// What is on its way to sled.
    pub(super) frozen: Arc<Memtable>,
    /// What came since.
    pub(super) active: Memtable,
    /// Where the rows of events are that are flushed.
    pub(super) runs: Runs,
}

/// How much of the commits sled does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unflushed {
    /// Not worth a flush.
    Some,
    /// A flush should begin.
    Much,
    /// Commits should wait for one.
    TooMuch,
}

impl Tree {
    /// Opens the index at `path`, with `cache` bytes of memory for sled's pages (and, in the worst case, as much again for
    /// what sled does not have yet), and goes on with what was on its way
    /// to sled.
    ///
    /// sled gives its lock back only when its last deferred destructor ran, a moment after the last handle is gone; nobody
    /// but this process can hold it, since the directory's own lock is ours. About every fifth damaged byte has it panic.
    pub(in crate::store::embedded) fn open(path: &Path, cache: u64) -> Result<Self> {
        remove_left_over(path).map_err(|error| Error::Io(path.display().to_string(), error))?;
        let config = sled::Config::new()
            .path(path)
            .cache_capacity(cache)
            .flush_every_ms(None);
        let mut tries = 0;
        let db = loop {
            match catch_unwind(AssertUnwindSafe(|| config.open())) {
                Ok(Err(sled::Error::Io(error)))
                    if error.to_string().contains("could not acquire lock") && tries < 100 =>
                {
                    tries += 1;
                    std::thread::sleep(Duration::from_millis(20));
                }
                Ok(opened) => break opened.map_err(sled_error)?,
                Err(_) => return Err(Error::BadIndex("sled cannot make sense of it".into())),
            }
        };
        let redo = redo::read(path, &db)?;
        if let Some(rows) = &redo {
            give(&db, rows.rows())?;
        }
        let recent = Recent {
            frozen: Arc::default(),
            active: Memtable::default(),
            runs: Runs::open(path, &db)?,
        };
        let inner = Inner {
            sled: (*db).clone(),
            path: path.to_owned(),
            flush_at: usize::try_from(cache / SHARE).unwrap_or(usize::MAX),
            recent: RwLock::new(recent),
            steady: Mutex::default(),
        };
        if redo.is_some() {
            inner.sync()?;
        }
        redo::remove(path)?;
        Ok(Self(Arc::new(inner)))
    }

    /// The value at `key`.
    pub(in crate::store::embedded) fn get(&self, key: impl AsRef<[u8]>) -> Result<Option<sled::IVec>> {
        let recent = self.recent();
        match recent.row(key.as_ref()) {
            Some(row) => Ok(row.map(Into::into)),
            None => recent.flushed(&self.0.sled, key.as_ref()),
        }
    }

    /// Whether there is a row at `key`.
    pub(in crate::store::embedded) fn has(&self, key: impl AsRef<[u8]>) -> Result<bool> {
        let recent = self.recent();
        match recent.row(key.as_ref()) {
            Some(row) => Ok(row.is_some()),
            None => Ok(recent.flushed(&self.0.sled, key.as_ref())?.is_some()),
        }
    }

    /// What the row at `key` says.
    pub(in crate::store::embedded) fn read<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>> {
        let recent = self.recent();
        match recent.row(key.as_ref()) {
            Some(row) => row.map(rows::decode).transpose(),
            None => {
                let row = recent.flushed(&self.0.sled, key.as_ref())?;
                row.map(|row| rows::decode(&row)).transpose()
            }
        }
    }

    /// The rows that begin with `prefix`.
    pub(in crate::store::embedded) fn scan(&self, prefix: &Key) -> Scan {
        Scan::of_prefix(self.clone(), prefix.as_ref())
    }

    /// The rows in `range`; none when its ends are the wrong way round.
    pub(in crate::store::embedded) fn range(&self, range: impl RangeBounds<Vec<u8>>) -> Scan {
        Scan::of(
            self.clone(),
            range.start_bound().cloned(),
            range.end_bound().cloned(),
        )
    }

    /// Makes the changes of a commit: values, or none for what is removed. All are seen from then on.
    pub(in crate::store::embedded) fn apply(
        &self,
        changes: impl IntoIterator<Item = (KeyBytes, Option<Vec<u8>>)>,
    ) {
        let mut recent = self.recent_mut();
        for (key, value) in changes {
            recent.active.set(key, value);
        }
    }

    /// Takes rows that no commit brought: those of a checkpoint, as [`Still`] has them, into an index that has none. They
    /// are on disk after a [`Tree::flush`]. About so `many` are of runs. Answers how many there were.
    pub(in crate::store::embedded) fn fill(
        &self,
        many: u64,
        rows: impl Iterator<Item = Result<(Vec<u8>, Vec<u8>)>>,
    ) -> Result<u64> {
        let sled = &self.0.sled;
        let mut count = 0;
        let mut rows = rows.inspect(|_| count += 1).fuse().peekable();
        let is_of_sled = |row: &Result<(Vec<u8>, Vec<u8>)>| matches!(row, Ok((key, _)) if !runs::have(key));
        let mut of_sled = std::iter::from_fn(|| rows.next_if(is_of_sled)).peekable();
        while of_sled.peek().is_some() {
            let mut batch = sled::Batch::default();
            for row in of_sled.by_ref().take(BATCH) {
                let (key, value) = row?;
                batch.insert(key, value);
            }
            sled.apply_batch(batch).map_err(sled_error)?;
        }
        let of_runs = rows.map(|row| row.map(|(key, value)| (key.into(), Some(value))));
        let runs = self.recent().runs.with(many, of_runs)?;
        let (key, list) = runs.list()?;
        sled.insert(key, list).map_err(sled_error)?;
        self.recent_mut().runs = runs;
        Ok(count)
    }

    /// How much came since the last flush began.
    pub(super) fn unflushed(&self) -> Unflushed {
        match self.recent().active.bytes() {
            some if some < self.0.flush_at => Unflushed::Some,
            much if much < self.0.flush_at.saturating_mul(SHARE as usize) => Unflushed::Much,
            _ => Unflushed::TooMuch,
        }
    }

    /// Brings sled and the runs up to the last commit, durably. After an error it is to be called again: sled may be
    /// anywhere between two commits until then. Whoever flushes again and again is to [`Tree::merge`] as well.
    pub(in crate::store::embedded) fn flush(&self) -> Result<()> {
        let _steady = lock(&self.0.steady);
        let frozen = self.freeze();
        match frozen.is_empty() {
            // What was filled in is not on disk yet.
            true => self.0.sync(),
            false => self.bring(&frozen),
        }
    }

    fn bring(&self, frozen: &Memtable) -> Result<()> {
        let bringing = self.begin(frozen)?;
        self.0.give(bringing.rows(frozen))?;
        redo::remove(&self.0.path)?;
        let mut recent = self.recent_mut();
        recent.frozen = Arc::default();
        recent.runs = bringing.runs;
        Ok(())
    }

    /// Puts what sled is about to be given on disk.
    fn begin(&self, frozen: &Memtable) -> Result<Bringing> {
        let Inner { sled, path, .. } = &*self.0;
        let of_events = || frozen.rows().filter(|(key, _)| runs::have(key));
        let many = of_events().count() as u64;
        let rows = of_events().map(|(key, value)| Ok((key.into(), value)));
        let runs = self.recent().runs.with(many, rows)?;
        let (key, list) = runs.list()?;
        let bringing = Bringing { runs, key, list };
        redo::write(path, sled, bringing.rows(frozen))?;
        Ok(bringing)
    }

    /// Merges the runs that should be and for which there is room, which is so many bytes.
    pub(in crate::store::embedded) fn merge(&self, room: impl Fn() -> Result<u64>) -> Result<()> {
        let _steady = lock(&self.0.steady);
        let meta = meta_of(&self.0.sled)?;
        loop {
            let runs = self.recent().runs.clone();
            let Some(merged) = runs.merged(&meta, room()?)? else {
                return Ok(());
            };
            let (key, list) = merged.list()?;
            self.0.give([(key.as_ref(), Some(list.as_slice()))].into_iter())?;
            self.recent_mut().runs = merged.clone();
            runs.keep(&merged)?;
        }
    }

    /// Brings sled up to the last commit if it is time: for who has no [`super::flusher::Flusher`].
    pub(in crate::store::embedded) fn flush_if_due(&self) -> Result<()> {
        match self.unflushed() {
            Unflushed::Some => Ok(()),
            Unflushed::Much | Unflushed::TooMuch => {
                self.flush()?;
                self.merge(|| disk::free(&self.0.path))
            }
        }
    }

    /// All rows as they are at a commit, for as long as this is held: no flush goes on meanwhile. Those of runs come last.
    pub(in crate::store::embedded) fn still(&self) -> Result<Still<'_>> {
        let steady = lock(&self.0.steady);
        let runs = self.recent().runs.clone();
        Ok(Still::new(
            meta_of(&self.0.sled)?,
            self.0.sled.clone(),
            runs,
            steady,
        ))
    }

    /// What no flush has begun with, or what the last one did not bring to its end.
    fn freeze(&self) -> Arc<Memtable> {
        let mut recent = self.recent_mut();
        if recent.frozen.is_empty() {
            recent.frozen = Arc::new(std::mem::take(&mut recent.active));
        }
        recent.frozen.clone()
    }

    pub(super) fn sled(&self) -> &sled::Tree {
        &self.0.sled
    }

    /// No commit and no end of a flush comes in between for as long as this is held: a moment.
    pub(super) fn recent(&self) -> RwLockReadGuard<'_, Recent> {
        self.0.recent.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn recent_mut(&self) -> RwLockWriteGuard<'_, Recent> {
        self.0.recent.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recent {
    /// What is known of the row at `key`: nothing, or its value, or that it was removed.
    fn row(&self, key: &[u8]) -> Option<Option<&[u8]>> {
        self.active.row(key).or_else(|| self.frozen.row(key))
    }

    /// The value at `key` as the last flush left it.
    fn flushed(&self, sled: &sled::Tree, key: &[u8]) -> Result<Option<sled::IVec>> {
        match runs::have(key) {
            true => self.runs.row(key),
            false => sled.get(key).map_err(sled_error),
        }
    }
}

impl Inner {
    /// Gives sled rows, durably.
    fn give<'a>(&self, rows: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>) -> Result<()> {
        give(&self.sled, rows)?;
        self.sync()
    }

    /// Sled's `flush` leaves its file to the system and the disk's cache; only this is on disk (sled #1351).
    fn sync(&self) -> Result<()> {
        self.sled.flush().map_err(sled_error)?;
        let path = self.path.join("db");
        File::open(&path)
            .and_then(|file| file.sync_data())
            .map_err(|error| Error::Io(format!("syncing {}", path.display()), error))
    }
}

/// A flush on its way: the runs there will be, and the row that lists them.
struct Bringing {
    runs: Runs,
    key: Key,
    list: Vec<u8>,
}

impl Bringing {
    /// What sled is given of `frozen`.
    fn rows<'a>(&'a self, frozen: &'a Memtable) -> impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)> {
        let others = frozen.rows().filter(|(key, _)| !runs::have(key));
        others.chain([(self.key.as_ref(), Some(self.list.as_slice()))])
    }
}

fn give<'a>(sled: &sled::Tree, rows: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>) -> Result<()> {
    for (key, value) in rows {
        match value {
            Some(value) => sled.insert(key, value),
            None => sled.remove(key),
        }
        .map_err(sled_error)?;
    }
    Ok(())
}

/// What the store remembered of itself at the commit that sled is at.
fn meta_of(sled: &sled::Tree) -> Result<Meta> {
    let meta = sled.get(Key::meta()).map_err(sled_error)?;
    let meta = meta.map(|row| rows::decode(&row)).transpose()?;
    Ok(meta.unwrap_or_default())
}

#[cfg(test)]
pub(super) mod tests;
