//! The default engine: sled for rows, append-only segments for what happened, files for blobs. One data directory.
//!
//! ```text
//! lock                       held while a process uses the directory
//! space.lock                 held while files are copied, or freed
//! schema                     the version of the layout
//! journal/<position>.log     accepted envelopes until they are digested
//! before/                    what the last migration replaced, for a week
//! segments/<day>.log         facts: events, what people did, what was counted
//! checkpoints/<place>.zst    the rows of the index as they were at a commit
//! dictionaries/              what packed events have in common
//! index/                     sled and runs: what the facts add up to; can be made anew from a checkpoint and the facts behind it
//! blobs/<2 hex>/<sha256>     attachments
//! words/                     tantivy: which parts of issues say what; can be made anew from the segments
//! ```
//!
//! The segments are the truth and the index follows, so a commit costs one fdatasync, and an index that is lost or
//! behind is mended from the segments.

mod backup;
mod blobs;
mod checkpoint;
mod dictionaries;
mod directory;
mod disk;
mod doubt;
mod facts;
mod index;
mod journal;
mod log;
mod migration;
mod pack;
mod rebuild;
mod repair;
mod replay;
mod sampler;
mod segments;
mod space;
mod upkeep;
mod verify;
mod words;
mod writer;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::watch;

use super::{Clock, Journal, Result, Store};
use crate::model::sampling::Budget;
use blobs::FileBlobs;
use dictionaries::Dictionaries;
use directory::Directory;
use disk::Room;
use doubt::Doubt;
use index::flusher::Flusher;
use index::read::{Index, Reader};
use index::roster::Roster;
use journal::{FileJournal, Limits};
use sampler::Sampler;
use segments::{Segments, Tail};
use upkeep::Upkeep;
use words::{Keeper, Source, Words};
use writer::{Core, Writer};

pub use backup::{Copied, Size, backup, restore};
pub use migration::rollback;
pub use rebuild::rebuild;
pub use replay::Replayed;
pub use verify::{Report, verify};

/// So many entries in the journal are more than a digest takes at once: whoever can wait lets it go first.
const BUSY: u64 = 1_000;

/// What an engine needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Bytes of memory for the index's pages.
    pub cache: u64,
    /// Bytes of the disk that stay free: below it nothing is accepted any more.
    pub disk_floor: u64,
    /// Bytes that the journal may take before nothing is accepted any more.
    pub max_journal: u64,
    /// Issues that are listed from memory, at some 200 bytes each; a project that has more is read row by row.
    pub most_listed: usize,
    /// Events of one kind that are kept in full in an hour, before only a sample is; 0 keeps all.
    pub sample_above: u64,
    /// The most bytes that all files may take together; 0 for no bound.
    pub max_disk: u64,
}

impl Options {
    /// How long a file of segments or of the journal becomes: what sweeping one takes has to stay free of the budget.
    fn segment(&self) -> u64 {
        const LONGEST: u64 = 64 << 20;
        match self.max_disk {
            0 => LONGEST,
            budget => (budget / 32).clamp(1 << 20, LONGEST),
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            cache: 32 << 20,
            disk_floor: 256 << 20,
            max_journal: 4 << 30,
            most_listed: 100_000,
            sample_above: 1_000,
            max_disk: 0,
        }
    }
}

/// An open data directory. Close it to stop its threads in order; a process that dies without loses nothing that was
/// acknowledged.
pub struct Embedded {
    store: Store,
    journal: Arc<FileJournal>,
    writer: Arc<Writer>,
    upkeep: Arc<Upkeep>,
    doubt: Arc<Doubt>,
    dictionaries: Arc<Dictionaries>,
    words: Keeper,
    directory: Directory,
}

impl Embedded {
    /// Opens `data`, makes it when it is not there, and mends what a crash left.
    pub fn open(data: &Path, options: Options, clock: Clock) -> Result<Self> {
        let directory = Directory::open(data)?;
        let segments = Segments::of(&directory)?;
        let (tree, meta) = repair::open_index(&directory, options, clock())?;
        migration::finish(&directory, clock())?;
        let doubt = Arc::new(Doubt::new(&directory, repair::allowed(data, clock())));
        segments.remove_behind(meta.applied)?;
        let tail = Tail::open(segments.clone(), meta.applied, options.segment())?;
        let recorded = Arc::new(Mutex::new(index::read::recorded(&tree, &meta)?));
        let room = Room::new(data, options.disk_floor, options.max_disk, options.segment())?;
        let limits = Limits {
            room: room.clone(),
            max_bytes: options.max_journal,
            file_bytes: options.segment(),
        };
        let journal = FileJournal::open(directory.journal(), recorded.clone(), limits)?;
        let (newest, to_be_newest) = watch::channel(meta.newest());
        let roster = Roster::new(options.most_listed);
        let writer = Arc::new(Writer::start(Core {
            tree: tree.clone(),
            flusher: Flusher::start(tree.clone(), room.clone(), doubt.clone())?,
            doubt: doubt.clone(),
            tail,
            meta,
            recorded,
            newest,
            room: room.reserve(),
            clock,
            groups: 0,
            roster: roster.clone(),
            sampler: Sampler::new(Budget(options.sample_above)),
        })?);
        let dictionaries = segments.dictionaries().clone();
        dictionaries.mend();
        let blobs = FileBlobs::new(directory.blobs()).counted(room.clone());
        let upkeep = Arc::new(Upkeep {
            data: data.to_owned(),
            checkpoints: directory.checkpoints(),
            tree: tree.clone(),
            segments: segments.clone(),
            blobs: blobs.clone(),
            room: room.clone(),
            writer: writer.clone(),
            swept: Arc::default(),
        });
        let words = Words::in_directory(directory.words());
        let busy = journal.clone();
        let source = Source {
            tree: tree.clone(),
            segments: segments.clone(),
            room: room.clone(),
            is_busy: Box::new(move || busy.backlog().entries > BUSY),
        };
        let index = Arc::new(Index::new(
            Reader {
                tree,
                segments,
                roster,
                words: words.clone(),
            },
            writer.clone(),
            room,
            to_be_newest,
            doubt.clone(),
        ));
        let store = Store {
            catalog: index.clone(),
            journal: journal.clone(),
            issues: index.clone(),
            releases: index.clone(),
            decisions: index.clone(),
            grouping: index.clone(),
            blobs: Arc::new(blobs),
            stats: index.clone(),
            alerting: index.clone(),
            alerts: index.clone(),
            outbox: index,
            retention: upkeep.clone(),
        };
        Ok(Self {
            store,
            journal,
            writer,
            upkeep,
            doubt,
            dictionaries,
            words: Keeper::start(words, source)?,
            directory,
        })
    }

    /// The roles.
    pub fn store(&self) -> Store {
        self.store.clone()
    }

    /// Writes a checkpoint of the index as it is now, while commits go on; blocks until it is on disk.
    pub fn checkpoint(&self) -> Result<()> {
        self.upkeep.write_checkpoint()
    }

    /// Returns why, once the index failed and the server should end: it is mended when the store is opened again.
    pub async fn failed(&self) -> String {
        self.doubt.raised().await
    }

    /// When the index was last found damaged, and made anew.
    pub fn repaired(&self) -> Option<Timestamp> {
        repair::last(self.directory.path())
    }

    /// Writes what waits and stops the threads, in the reverse order of their start; blocks until it is done. What is
    /// asked of the roles afterwards gets [`super::Error::Closed`], reads aside.
    pub fn close(self) {
        drop(self.words);
        self.dictionaries.close();
        self.writer.close();
        self.journal.close();
    }
}

/// A poisoned lock guards a handle here, which is whole after each statement.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
