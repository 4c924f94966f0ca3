//! The journal as files of frames, `journal/<position of its first byte>.log`: a write-ahead log with group commit.
//!
//! A position is a count of bytes since the store began, so that a file's name says where it stands and a spent file
//! is simply unlinked. The body of a frame is [`Head`] as one line of JSON and the envelope behind it.

mod check;
mod files;
mod pending;
mod reader;
mod recorded;
mod writer;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot, watch};

use super::disk::Room;
use super::lock;
use super::log::{Frame, HEAD, MAX_BODY};
use crate::model::quota::Charge;
use crate::store::journal::Head;
use crate::store::{Backlog, Entry, Error, Journal, Portion, Position, Result};
pub(super) use check::check;
use pending::Pending;
pub(super) use recorded::Recorded;

/// How many appends may wait for the writer before further ones wait outside.
const QUEUE: usize = 1_024;
/// When more waits of a project than one in so many bytes of what may, whoever sends more is answered a little later: a
/// burst is taken at once, and who waits for answers sends no faster for long than is worked on.
const MUCH: u64 = 4;
/// So much later.
const PACE: Duration = Duration::from_millis(20);
/// The kind of a journal frame.
const ENTRY: u8 = 0x10;

/// The journal of one data directory.
pub(super) struct FileJournal {
    directory: PathBuf,
    queue: Mutex<Option<mpsc::Sender<Append>>>,
    durable: watch::Receiver<u64>,
    recorded: Arc<Mutex<Recorded>>,
    pending: Arc<Mutex<Pending>>,
    charges: Vec<Charge>,
    /// What may wait of one project, in bytes: the others must find room, too.
    share: u64,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// When an append is refused.
pub(super) struct Limits {
    /// What must stay free of the disk.
    pub room: Room,
    /// What may wait to be digested, in bytes.
    pub max_bytes: u64,
    /// A file that is longer is not added to.
    pub file_bytes: u64,
}

/// An append on its way to the writer.
struct Append {
    /// All but its body.
    frame: Frame,
    head: Vec<u8>,
    /// Not copied before it is written: it may have 200 MB.
    envelope: Bytes,
    items: u32,
    reply: oneshot::Sender<Result<()>>,
}

impl FileJournal {
    /// Opens the journal; `recorded` is what the index knows to be recorded.
    pub(super) fn open(
        directory: PathBuf,
        recorded: Arc<Mutex<Recorded>>,
        limits: Limits,
    ) -> Result<Arc<Self>> {
        let (pending, charges) = files::recover(&directory, &lock(&recorded))?;
        let share = limits.max_bytes / 2;
        let (queue, appends) = mpsc::channel(QUEUE);
        let (durable_writer, durable) = watch::channel(pending.end());
        let pending = Arc::new(Mutex::new(pending));
        let writer = writer::Writer::open(
            directory.clone(),
            limits,
            recorded.clone(),
            pending.clone(),
            durable_writer,
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
            pending,
            charges,
            share,
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

    /// What is recorded, and what waits. Always locked in this order: two who take one each would wait for each other.
    fn both(&self) -> (MutexGuard<'_, Recorded>, MutexGuard<'_, Pending>) {
        let recorded = lock(&self.recorded);
        (recorded, lock(&self.pending))
    }
}

#[async_trait]
impl Journal for FileJournal {
    async fn append(&self, entry: Entry) -> Result<()> {
        let items = entry.head.waiting();
        let frame = Frame {
            kind: ENTRY,
            project: entry.head.project.0,
            event: [0; 16],
            time: entry.head.received.as_microsecond(),
            body: Bytes::new(),
        };
        let head = encode_head(&entry)?;
        if head.len() + entry.envelope.len() > MAX_BODY {
            return Err(Error::Full("the envelope is too large for the journal"));
        }
        let project = frame.project;
        if lock(&self.pending).bytes_of(project) > self.share {
            return Err(Error::Full("too much of this project waits to be digested"));
        }
        let queue = lock(&self.queue).clone().ok_or(Error::Closed)?;
        let (reply, answer) = oneshot::channel();
        queue
            .send(Append {
                frame,
                head,
                envelope: entry.envelope,
                items,
                reply,
            })
            .await
            .map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)??;
        if lock(&self.pending).bytes_of(project) > self.share / MUCH {
            tokio::time::sleep(PACE).await;
        }
        Ok(())
    }

    async fn next(&self, max_entries: usize, max_bytes: usize) -> Result<Portion> {
        let mut durable = self.durable.clone();
        loop {
            durable.borrow_and_update();
            let slices = {
                let (recorded, mut pending) = self.both();
                pending.take(max_entries, max_bytes, &recorded)
            };
            if slices.is_empty() {
                durable.changed().await.map_err(|_| Error::Closed)?;
                continue;
            }
            let directory = self.directory.clone();
            let read = move || reader::read(&directory, &slices, max_bytes as u64).map(|read| (slices, read));
            let (slices, read) = tokio::task::spawn_blocking(read)
                .await
                .map_err(|_| Error::Closed)??;
            lock(&self.pending).settle(&slices, &read.runs);
            return Ok(Portion {
                entries: read.entries.into_iter().map(|(_, entry)| entry).collect(),
                spans: pending::spans(&read.runs),
            });
        }
    }

    async fn rewind(&self) -> Result<()> {
        let (recorded, mut pending) = self.both();
        pending.rewind(&recorded);
        Ok(())
    }

    async fn recorded(&self) -> Result<Position> {
        Ok(Position(lock(&self.recorded).mark()))
    }

    async fn release(&self) -> Result<()> {
        let mark = {
            let (recorded, mut pending) = self.both();
            pending.forget(&recorded);
            recorded.mark()
        };
        let directory = self.directory.clone();
        tokio::task::spawn_blocking(move || files::release(&directory, mark))
            .await
            .map_err(|_| Error::Closed)?
    }

    fn charges(&self) -> Vec<Charge> {
        self.charges.clone()
    }

    fn backlog(&self) -> Backlog {
        let (recorded, pending) = self.both();
        let (entries, items, bytes) = pending.sums(&recorded);
        let (mark, end) = (recorded.mark(), pending.end());
        drop((recorded, pending));
        let oldest = (end > mark).then(|| reader::time_at(&self.directory, mark));
        Backlog {
            entries,
            items,
            bytes,
            oldest: oldest
                .flatten()
                .and_then(|time| Timestamp::from_microsecond(time).ok()),
        }
    }
}

/// How many entries of the journal in `directory` wait to be digested.
pub(super) fn pending(directory: &std::path::Path, recorded: &Recorded) -> Result<u64> {
    let (pending, _) = files::recover(directory, recorded)?;
    let (entries, ..) = pending.sums(recorded);
    Ok(entries)
}

/// An entry as a frame's body.
pub(super) fn encode(entry: &Entry) -> Result<Bytes> {
    let mut body = encode_head(entry)?;
    body.extend_from_slice(&entry.envelope);
    Ok(body.into())
}

/// What stands before the envelope in a frame's body.
fn encode_head(entry: &Entry) -> Result<Vec<u8>> {
    let mut head = serde_json::to_vec(&entry.head)
        .map_err(|error| Error::Damaged(format!("a journal entry: {error}")))?;
    head.push(b'\n');
    Ok(head)
}

impl Append {
    /// How many bytes it takes in the file.
    fn bytes(&self) -> usize {
        HEAD + self.head.len() + self.envelope.len()
    }
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
