//! The journal's thread: everybody who waits shares one fdatasync.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tokio::sync::{mpsc, watch};
use tracing::error;

use super::pending::Pending;
use super::{Append, Limits, Recorded, files};
use crate::store::embedded::lock;
use crate::store::embedded::log::{Appender, write_parts};
use crate::store::{Error, Result};

/// How many appends share an fdatasync at the most.
const GROUP: usize = 256;
/// About how many bytes share one.
const GROUP_BYTES: usize = 8 << 20;

/// Writes at the journal's end.
pub(super) struct Writer {
    directory: PathBuf,
    begin: u64,
    file: Appender,
    limits: Limits,
    recorded: Arc<Mutex<Recorded>>,
    pending: Arc<Mutex<Pending>>,
    durable: watch::Sender<u64>,
}

impl Writer {
    /// Goes on behind what is pending.
    pub(super) fn open(
        directory: PathBuf,
        limits: Limits,
        recorded: Arc<Mutex<Recorded>>,
        pending: Arc<Mutex<Pending>>,
        durable: watch::Sender<u64>,
    ) -> Result<Self> {
        let end = lock(&pending).end();
        let begin = files::begins(&directory)?
            .last()
            .copied()
            .filter(|&begin| begin <= end)
            .unwrap_or(end);
        let file = open_file(&directory, begin, end - begin)?;
        Ok(Self {
            directory,
            begin,
            file,
            limits,
            recorded,
            pending,
            durable,
        })
    }

    /// Serves appends until nobody can send one any more.
    pub(super) fn run(mut self, mut appends: mpsc::Receiver<Append>) {
        let mut buffer = Vec::new();
        while let Some(first) = appends.blocking_recv() {
            let mut group = vec![first];
            let mut bytes = group[0].bytes();
            while group.len() < GROUP && bytes < GROUP_BYTES {
                let Ok(append) = appends.try_recv() else { break };
                bytes += append.bytes();
                group.push(append);
            }
            buffer.clear();
            buffer.reserve(bytes);
            for append in &group {
                write_parts(&append.frame, &[&append.head, &append.envelope], &mut buffer);
            }
            let written = self.write(&buffer, group.len());
            if written.is_ok() {
                self.hand_over(&group);
            }
            for append in group {
                // Whoever does not wait any more has gone away; the entry is kept all the same.
                let _ = append.reply.send(written.as_ref().copied().map_err(Error::again));
            }
            // One huge envelope must not keep its buffer for ever.
            buffer.shrink_to(GROUP_BYTES);
        }
    }

    /// Says that a group that was written waits to be digested.
    fn hand_over(&self, group: &[Append]) {
        let end = self.begin + self.file.length();
        let mut at = end - group.iter().map(|append| append.bytes() as u64).sum::<u64>();
        let mut pending = lock(&self.pending);
        // A new file may begin behind what was the end.
        pending.skip(at);
        for append in group {
            at += append.bytes() as u64;
            pending.push(append.frame.project, at, append.items);
        }
        drop(pending);
        self.durable.send_replace(end);
    }

    fn write(&mut self, bytes: &[u8], entries: usize) -> Result<()> {
        let waiting = (self.begin + self.file.length()).saturating_sub(lock(&self.recorded).mark());
        if waiting + bytes.len() as u64 > self.limits.max_bytes || !lock(&self.pending).has_room(entries) {
            return Err(Error::Full("the journal is full: too much waits to be digested"));
        }
        // Until it is digested it stands here and in the segments.
        let bytes_now = bytes.len() as u64;
        self.limits.room.check(bytes_now, waiting + bytes_now)?;
        if self.file.length() > self.limits.file_bytes {
            let begin = self.begin + self.file.length();
            self.file = open_file(&self.directory, begin, 0)?;
            self.begin = begin;
        }
        self.file.append(bytes).map_err(|error| {
            error!(%error, "the journal could not be written");
            match error.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::Full("the disk is full"),
                _ => Error::Io("the journal".into(), error),
            }
        })
    }
}

fn open_file(directory: &std::path::Path, begin: u64, length: u64) -> Result<Appender> {
    let path = files::path(directory, begin);
    Appender::open(&path, length).map_err(|error| Error::Io(path.display().to_string(), error))
}
