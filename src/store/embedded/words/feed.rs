//! Feeds the index with what the segments hold, in the order of commits.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::{IndexWriter, TantivyDocument};
use tracing::warn;

use super::keeper::Signal;
use super::known::Known;
use super::lines::lines;
use super::{LAYOUT, Payload, Result, Slot, Trouble, Words, lock};
use crate::protocol::ids::{EventId, ProjectId};
use crate::store::Error;
use crate::store::embedded::disk::Room;
use crate::store::embedded::facts::Fact;
use crate::store::embedded::index::keys::{Key, event_key};
use crate::store::embedded::index::rows::{EventRow, Meta, Place};
use crate::store::embedded::index::tree::Tree;
use crate::store::embedded::log::{Frame, Scanned};
use crate::store::embedded::pack::PackedEvent;
use crate::store::embedded::segments::Segments;

/// What is added can be searched this soon.
const COMMIT_AFTER: Duration = Duration::from_secs(2);
/// A writer that had nothing to do for so long gives its memory back.
const IDLE_AFTER: Duration = Duration::from_secs(30);
/// The least that tantivy takes.
const WRITER_MEMORY: usize = 15_000_000;
/// So many frames without a new line are worth a commit: a restart would read them again.
const READ_AGAIN: u64 = 20_000;
/// After so many frames it is looked whether others should go first.
const BETWEEN_LOOKS: u64 = 200;
/// For so long they go first: it goes on, slowly, however busy they are.
const PAUSE: Duration = Duration::from_secs(1);

/// What the index is fed from, and when.
pub(in crate::store::embedded) struct Source {
    pub(in crate::store::embedded) tree: Tree,
    pub(in crate::store::embedded) segments: Segments,
    pub(in crate::store::embedded) room: Room,
    /// Whether those who record have much to do: they go first.
    pub(in crate::store::embedded) is_busy: Box<dyn Fn() -> bool + Send>,
}

/// Belongs to the one thread that writes.
pub(super) struct Feeder {
    pub(super) words: Words,
    pub(super) source: Source,
    signal: Arc<Signal>,
    writer: Option<IndexWriter>,
    known: Known,
    /// Up to where the writer has everything.
    fed: Place,
    /// Documents that it has since the last commit.
    added: u64,
    /// Frames since then.
    read: u64,
    since: Instant,
}

impl Feeder {
    /// Begins at the beginning; `signal` tells when to stop.
    pub(super) fn new(words: Words, source: Source, signal: Arc<Signal>) -> Self {
        Self {
            words,
            source,
            signal,
            writer: None,
            known: Known::nothing(),
            fed: Place::default(),
            added: 0,
            read: 0,
            since: Instant::now(),
        }
    }

    /// Goes on behind `fed`, whatever was added since.
    pub(super) fn restart(&mut self, fed: Place) {
        (self.writer, self.fed) = (None, fed);
        (self.added, self.read) = (0, 0);
        self.know_nothing();
    }

    /// The place up to which everything is in the index of rows.
    pub(super) fn applied(&self) -> Result<Place> {
        let meta: Option<Meta> = self.source.tree.read(&Key::meta())?;
        Ok(meta.unwrap_or_default().applied)
    }

    /// Reads what was committed to the segments since.
    pub(super) fn feed(&mut self) -> Result<(), Trouble> {
        let end = self.applied()?;
        if self.fed >= end {
            return Ok(());
        }
        // What is read has to find room, and is not worth the last of it.
        if let Err(error) = self.source.room.check(0, WRITER_MEMORY as u64) {
            return match error {
                Error::Full(_) => Ok(()),
                error => Err(error.into()),
            };
        }
        let segments = self.source.segments.clone();
        for segment in segments.from(self.fed) {
            if segment.begin >= end {
                break;
            }
            let day = segment.begin.day;
            let mut trouble = None;
            let walked = segments.walk(segment, self.fed.max(segment.begin).offset, |scanned| {
                let Scanned::Frame(frame, range) = scanned else {
                    return Ok(());
                };
                let offset = range.start;
                let place = Place { day, offset };
                if place < self.fed || place >= end {
                    return Ok(());
                }
                let offset = range.end;
                self.take(frame, Place { day, offset }).map_err(|error| {
                    trouble = Some(error);
                    Error::Closed
                })
            });
            match walked {
                Err(_) if trouble.is_some() => trouble.map_or(Ok(()), Err)?,
                Err(Error::Damaged(damage)) => warn!(damage, "passed over a segment that cannot be searched"),
                walked => drop(walked?),
            }
        }
        self.fed = end;
        Ok(())
    }

    fn take(&mut self, frame: Frame, next: Place) -> Result<(), Trouble> {
        self.read += 1;
        if self.read.is_multiple_of(BETWEEN_LOOKS) {
            self.commit_if_due()?;
            let pause = match (self.source.is_busy)() {
                true => PAUSE,
                false => Duration::ZERO,
            };
            if !self.signal.wait(pause) {
                return Err(Error::Closed.into());
            }
        }
        match self.add(frame) {
            // Others passed over it before, and said so.
            Ok(()) | Err(Trouble::Source(Error::Damaged(_) | Error::Newer(_))) => {
                self.fed = next;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Adds what is new of what an event says, if the frame holds one that is still kept.
    fn add(&mut self, frame: Frame) -> Result<(), Trouble> {
        let (Fact::EVENT | Fact::LATEST | Fact::REGROUP, Some(id)) =
            (frame.kind, EventId::from_bytes(frame.event))
        else {
            return Ok(());
        };
        let row: Option<EventRow> = self.source.tree.read(&event_key(ProjectId(frame.project), id))?;
        let Some(row) = row else { return Ok(()) };
        let segments = &self.source.segments;
        let event = match frame.kind {
            // It holds the record, not the payload.
            Fact::REGROUP => segments.event(row.place)?,
            _ => Some(PackedEvent::unpack(&frame.body, segments.dictionaries())?),
        };
        let Some(event) = event else { return Ok(()) };
        let slot = Slot::of(row.part, row.time);
        let mut new = lines(&event);
        new.retain(|line| self.known.is_new(slot, line));
        if new.is_empty() {
            return Ok(());
        }
        let opened = self.words.opened_or_new()?;
        let mut document = TantivyDocument::new();
        document.add_u64(opened.slot, slot.0);
        for line in new {
            document.add_text(opened.text, line);
        }
        self.writer()?.add_document(document)?;
        self.added += 1;
        Ok(())
    }

    /// The writer, which is made when there is something to write.
    pub(super) fn writer(&mut self) -> Result<&mut IndexWriter, Trouble> {
        if self.writer.is_none() {
            let opened = self.words.opened_or_new()?;
            let options = IndexWriterOptions::builder()
                .num_worker_threads(1)
                .num_merge_threads(1)
                .memory_budget_per_thread(WRITER_MEMORY)
                .build();
            let writer = opened.index.writer_with_options(options)?;
            let mut policy = LogMergePolicy::default();
            // Space comes back when a third of a file is forgotten.
            policy.set_del_docs_ratio_before_merge(0.33);
            writer.set_merge_policy(Box::new(policy));
            self.writer = Some(writer);
        }
        self.writer.as_mut().ok_or_else(|| Error::Closed.into())
    }

    /// Commits now and then; without anything to commit for long, lets the writer go.
    pub(super) fn commit_if_due(&mut self) -> Result<(), Trouble> {
        let waited = self.since.elapsed();
        if self.added > 0 && waited > COMMIT_AFTER || self.read > READ_AGAIN {
            return self.commit();
        }
        if self.added == 0 {
            *lock(&self.words.0.fed) = self.fed;
            if waited > IDLE_AFTER {
                self.let_go()?;
            }
        }
        Ok(())
    }

    /// Makes what was added durable, and found.
    pub(super) fn commit(&mut self) -> Result<(), Trouble> {
        let payload = Payload {
            layout: LAYOUT,
            fed: self.fed,
        };
        let text = serde_json::to_string(&payload).map_err(|error| Error::Damaged(error.to_string()))?;
        let mut prepared = self.writer()?.prepare_commit()?;
        prepared.set_payload(&text);
        prepared.commit()?;
        if let Some(opened) = self.words.opened() {
            opened.reader.reload()?;
        }
        *lock(&self.words.0.fed) = self.fed;
        (self.added, self.read, self.since) = (0, 0, Instant::now());
        Ok(())
    }

    /// Commits what was added and gives the writer's memory back.
    pub(super) fn let_go(&mut self) -> Result<(), Trouble> {
        if self.added > 0 {
            self.commit()?;
        }
        if let Some(writer) = self.writer.take() {
            writer.wait_merging_threads()?;
        }
        Ok(())
    }

    /// Forgets which lines it knows to be indexed.
    pub(super) fn know_nothing(&mut self) {
        self.known = Known::nothing();
    }
}
