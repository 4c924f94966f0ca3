//! The journal as files of frames, `journal/<position of its first byte>.log`: a write-ahead log with group commit.
//!
//! A position is a count of bytes since the store began, so that a file's name says where it stands and a spent file
//! is simply unlinked. The body of a frame is [`Head`] as one line of JSON and the envelope behind it.

mod check;
mod files;
mod reader;
mod writer;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot, watch};

use super::disk::Room;
use super::lock;
use super::log::{Frame, MAX_BODY};
use crate::store::journal::Head;
use crate::store::{Backlog, Entry, Error, Journal, Position, Result};
pub(super) use check::check;

/// How many appends may wait for the writer before further ones wait outside.
const QUEUE: usize = 1_024;
/// The kind of a journal frame.
const ENTRY: u8 = 0x10;

/// The journal of one data directory.
pub(super) struct FileJournal {
    directory: PathBuf,
    queue: Mutex<Option<mpsc::Sender<Append>>>,
    durable: watch::Receiver<u64>,
    recorded: Arc<AtomicU64>,
    waiting: Mutex<Waiting>,
    added: Arc<Added>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// When an append is refused.
pub(super) struct Limits {
    /// What must stay free of the disk.
    pub room: Room,
    /// What may wait to be digested, in bytes.
    pub max_bytes: u64,
}

/// An append on its way to the writer.
struct Append {
    frame: Frame,
    items: u32,
    reply: oneshot::Sender<Result<()>>,
}

/// What was added since the journal was opened, with what it then held.
#[derive(Default)]
struct Added {
    entries: AtomicU64,
    items: AtomicU64,
}

/// What was handed out to be digested, and what of it was recorded.
#[derive(Default)]
struct Waiting {
    /// Batches handed out: the position behind each, its entries and items.
    handed: std::collections::VecDeque<(u64, u64, u64)>,
    entries_done: u64,
    items_done: u64,
}

impl FileJournal {
    /// Opens the journal; `recorded` is what the index knows to be recorded.
    pub(super) fn open(directory: PathBuf, recorded: Arc<AtomicU64>, limits: Limits) -> Result<Arc<Self>> {
        let begin = recorded.load(Ordering::Acquire);
        let tail = files::recover(&directory, begin)?;
        let added = Arc::new(Added::default());
        added.entries.store(tail.entries, Ordering::Relaxed);
        added.items.store(tail.items, Ordering::Relaxed);
        let (queue, appends) = mpsc::channel(QUEUE);
        let (durable_writer, durable) = watch::channel(tail.end);
        let writer = writer::Writer::open(
            directory.clone(),
            tail.end,
            limits,
            recorded.clone(),
            durable_writer,
            added.clone(),
        )?;
        let thread = std::thread::Builder::new()
            .name("journal".into())
            .spawn(move || writer.run(appends))
            .map_err(|error| Error::Io("starting the journal's thread".into(), error))?;
        Ok(Arc::new(Self {
            directory,
            queue: Mutex::new(Some(queue)),
            durable,
            recorded,
            waiting: Mutex::default(),
            added,
            thread: Mutex::new(Some(thread)),
        }))
    }

    /// Writes what waits and stops.
    pub(super) fn close(&self) {
        drop(lock(&self.queue).take());
        if let Some(thread) = lock(&self.thread).take() {
            // A panic of the thread was reported when it happened.
            let _ = thread.join();
        }
    }
}

#[async_trait]
impl Journal for FileJournal {
    async fn append(&self, entry: Entry) -> Result<()> {
        let items = entry.head.items;
        let frame = Frame {
            kind: ENTRY,
            project: entry.head.project.0,
            event: [0; 16],
            time: entry.head.received.as_microsecond(),
            body: encode(&entry)?,
        };
        if frame.body.len() > MAX_BODY {
            return Err(Error::Full("the envelope is too large for the journal"));
        }
        let queue = lock(&self.queue).clone().ok_or(Error::Closed)?;
        let (reply, answer) = oneshot::channel();
        queue
            .send(Append { frame, items, reply })
            .await
            .map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)?
    }

    async fn next(
        &self,
        from: Position,
        max_entries: usize,
        max_bytes: usize,
    ) -> Result<Vec<(Position, Entry)>> {
        let mut durable = self.durable.clone();
        let mut seen = from.0;
        let batch = loop {
            let end = *durable
                .wait_for(|end| *end > seen)
                .await
                .map_err(|_| Error::Closed)?;
            let directory = self.directory.clone();
            let read = move || reader::read(&directory, from.0, end, max_entries, max_bytes);
            let batch = tokio::task::spawn_blocking(read)
                .await
                .map_err(|_| Error::Closed)??;
            if !batch.is_empty() {
                break batch;
            }
            // Nothing but damage: it is passed over with the next sound entry.
            seen = end;
        };
        let items = batch.iter().map(|(_, entry)| u64::from(entry.head.items)).sum();
        if let Some((last, _)) = batch.last() {
            let mut waiting = lock(&self.waiting);
            // Whoever failed to record a batch asks for it again.
            waiting.handed.retain(|(position, ..)| *position <= from.0);
            waiting.handed.push_back((last.0, batch.len() as u64, items));
        }
        Ok(batch)
    }

    async fn recorded(&self) -> Result<Position> {
        Ok(Position(self.recorded.load(Ordering::Acquire)))
    }

    async fn release(&self, position: Position) -> Result<()> {
        {
            let mut waiting = lock(&self.waiting);
            while let Some(&(end, entries, items)) =
                waiting.handed.front().filter(|(end, ..)| *end <= position.0)
            {
                debug_assert!(end <= position.0);
                waiting.entries_done += entries;
                waiting.items_done += items;
                waiting.handed.pop_front();
            }
        }
        let directory = self.directory.clone();
        let release = move || files::release(&directory, position.0);
        tokio::task::spawn_blocking(release)
            .await
            .map_err(|_| Error::Closed)?
    }

    fn backlog(&self) -> Backlog {
        let (entries_done, items_done) = {
            let waiting = lock(&self.waiting);
            (waiting.entries_done, waiting.items_done)
        };
        let recorded = self.recorded.load(Ordering::Acquire);
        let end = *self.durable.borrow();
        let oldest = (end > recorded)
            .then(|| reader::time_at(&self.directory, recorded, end))
            .flatten();
        Backlog {
            entries: self
                .added
                .entries
                .load(Ordering::Relaxed)
                .saturating_sub(entries_done),
            items: self
                .added
                .items
                .load(Ordering::Relaxed)
                .saturating_sub(items_done),
            bytes: end.saturating_sub(recorded),
            oldest: oldest.and_then(|time| Timestamp::from_microsecond(time).ok()),
        }
    }
}

/// How many entries of the journal in `directory` wait to be digested.
pub(super) fn pending(directory: &std::path::Path, recorded: u64) -> Result<u64> {
    Ok(files::recover(directory, recorded)?.entries)
}

/// An entry as a frame's body.
pub(super) fn encode(entry: &Entry) -> Result<Bytes> {
    let mut body = serde_json::to_vec(&entry.head)
        .map_err(|error| Error::Damaged(format!("a journal entry: {error}")))?;
    body.push(b'\n');
    body.extend_from_slice(&entry.envelope);
    Ok(body.into())
}

/// An entry from a frame's body.
pub(super) fn decode(body: &Bytes) -> Result<Entry> {
    let damaged = |why: String| Error::Damaged(format!("a journal entry: {why}"));
    let end = body
        .iter()
        .position(|&byte| byte == b'\n')
        .ok_or_else(|| damaged("it has no head".into()))?;
    let head: Head = serde_json::from_slice(&body[..end]).map_err(|error| damaged(error.to_string()))?;
    Ok(Entry {
        head,
        envelope: body.slice(end + 1..),
    })
}
