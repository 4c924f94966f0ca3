//! The single writer: one thread owns every change of the segments and the index.
//!
//! It takes what is waiting, gives each command its frames and rows, and puts the frames on disk with one fdatasync:
//! from then on the commit has happened. The index follows: should it lag behind after a crash, the frames are applied
//! again when the store is opened.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use jiff::Timestamp;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::{mpsc, oneshot, watch};
use tracing::error;

use super::disk::Room;
use super::doubt::Doubt;
use super::facts::{CommitMark, Fact};
use super::index::apply;
use super::index::flusher::Flusher;
use super::index::keys::Key;
use super::index::overlay::Overlay;
use super::index::roster::{Roster, Touched};
use super::index::rows::Meta;
use super::index::tree::Tree;
use super::journal::Recorded;
use super::lock;
use super::sampler::Sampler;
use super::segments::Tail;
use crate::store::{Clock, Error, Newest, Result, Span};

/// How many commands share a commit at the most.
const GROUP: usize = 256;
/// After so many groups a slice of what was removed is cleared away, however busy it is.
const PURGE_EVERY: u64 = 64;
/// How many commands may wait before further ones wait outside.
const QUEUE: usize = 256;

/// Facts that are to happen together.
pub(super) struct Command {
    facts: Vec<Fact>,
    /// What of the journal is recorded with them.
    recorded: Option<Vec<Span>>,
    reply: oneshot::Sender<Result<()>>,
}

/// Sends commands to the writer's thread.
pub(super) struct Writer {
    queue: std::sync::Mutex<Option<mpsc::Sender<Command>>>,
    thread: std::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(core: Core) -> Result<Self> {
        let (queue, commands) = mpsc::channel(QUEUE);
        let doubt = core.doubt.clone();
        let run = move || {
            // Going on would record on a wrong ground: the segments may be ahead of the index now.
            match catch_unwind(AssertUnwindSafe(|| core.run(commands))) {
                Ok(Ok(())) => {}
                Ok(Err(error)) => doubt.raise(&error),
                Err(_) => doubt.raise(&Error::BadIndex("the writer panicked".into())),
            }
        };
        let thread = std::thread::Builder::new()
            .name("writer".into())
            .spawn(run)
            .map_err(|error| Error::Io("starting the writer's thread".into(), error))?;
        Ok(Self {
            queue: std::sync::Mutex::new(Some(queue)),
            thread: std::sync::Mutex::new(Some(thread)),
        })
    }

    /// Commits the facts; they are on disk when this returns.
    pub(super) async fn commit(&self, facts: Vec<Fact>, recorded: Option<Vec<Span>>) -> Result<()> {
        let queue = lock(&self.queue).clone().ok_or(Error::Closed)?;
        let (reply, answer) = oneshot::channel();
        queue
            .send(Command {
                facts,
                recorded,
                reply,
            })
            .await
            .map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)?
    }

    /// Whether commits are still taken.
    pub(super) fn is_alive(&self) -> bool {
        lock(&self.queue).as_ref().is_some_and(|queue| !queue.is_closed())
    }

    /// Commits what waits and stops.
    pub(super) fn close(&self) {
        drop(lock(&self.queue).take());
        if let Some(thread) = lock(&self.thread).take() {
            // A panic of the thread was reported when it happened.
            let _ = thread.join();
        }
    }
}

/// What the thread owns.
pub(super) struct Core {
    pub(super) tree: Tree,
    pub(super) flusher: Flusher,
    pub(super) doubt: Arc<Doubt>,
    pub(super) tail: Tail,
    pub(super) meta: Meta,
    pub(super) recorded: Arc<Mutex<Recorded>>,
    /// Tells those who wait for it what is newest.
    pub(super) newest: watch::Sender<Newest>,
    pub(super) room: Room,
    pub(super) clock: Clock,
    /// How many groups were taken.
    pub(super) groups: u64,
    pub(super) roster: Roster,
    pub(super) sampler: Sampler,
}

impl Core {
    /// Commits what comes until nobody can send any more. An error means that the index failed.
    fn run(mut self, mut commands: mpsc::Receiver<Command>) -> Result<()> {
        while let Some(group) = self.next_group(&mut commands)? {
            self.commit(group)?;
        }
        Ok(())
    }

    /// What waits; when nothing does, and now and then when it always does, a slice of what is to be cleared away.
    /// None at the end.
    fn next_group(&mut self, commands: &mut mpsc::Receiver<Command>) -> Result<Option<Vec<Command>>> {
        self.groups += 1;
        let mut group = match commands.try_recv() {
            Ok(command) if self.groups.is_multiple_of(PURGE_EVERY) => {
                self.purge()?.into_iter().chain([command]).collect()
            }
            Ok(command) => vec![command],
            Err(TryRecvError::Disconnected) => return Ok(None),
            Err(TryRecvError::Empty) => match self.purge()?.or_else(|| commands.blocking_recv()) {
                Some(command) => vec![command],
                None => return Ok(None),
            },
        };
        while group.len() < GROUP {
            match commands.try_recv() {
                Ok(command) => group.push(command),
                Err(_) => break,
            }
        }
        Ok(Some(group))
    }

    /// A slice of what is to be cleared away.
    fn purge(&self) -> Result<Option<Command>> {
        let doomed = apply::next_doomed(&Overlay::new(&self.tree), &self.meta, (self.clock)())?;
        Ok(doomed.map(|doomed| {
            let (reply, _) = oneshot::channel();
            Command {
                facts: vec![Fact::Purge(doomed)],
                recorded: None,
                reply,
            }
        }))
    }

    /// Commits a group. An error means that the index is behind; everything else is an answer to a command.
    fn commit(&mut self, group: Vec<Command>) -> Result<()> {
        let now = (self.clock)();
        let time = now.as_microsecond();
        if let Err(error) = self.make_ready(now) {
            if matches!(error, Error::BadIndex(_)) {
                return Err(error);
            }
            answer(group.into_iter().map(|command| command.reply), Err(error));
            return Ok(());
        }
        let tree = self.tree.clone();
        let mut overlay = Overlay::new(&tree);
        let mut meta = self.meta.clone();
        let mut accepted = Vec::with_capacity(group.len());
        let mut refused = Vec::new();
        let mut spans = Vec::new();
        for Command {
            facts,
            recorded,
            reply,
        } in group
        {
            overlay.savepoint();
            let (place, before) = (self.tail.place(), meta.clone());
            match self.add(facts, recorded, time, &mut meta, &mut overlay) {
                Ok(recorded) => {
                    spans.extend(recorded);
                    accepted.push(reply);
                }
                // Nothing of the group is written yet, and nothing of it was answered.
                Err(error @ Error::BadIndex(_)) => return Err(error),
                Err(error) => {
                    overlay.roll_back();
                    self.tail.cut(place);
                    meta = before;
                    refused.push((reply, error));
                }
            }
        }
        let written = self.write(&mut meta, &spans, time);
        let failed = written.is_err();
        if !failed {
            overlay.put(Key::meta(), &meta)?;
            let touched = Touched::by(&overlay);
            tree.apply(overlay.into_changes());
            self.roster.note(touched, &tree)?;
            let mut recorded = lock(&self.recorded);
            spans.into_iter().for_each(|span| recorded.add(span));
            debug_assert_eq!(recorded.mark(), meta.recorded);
            drop(recorded);
            let newest = meta.newest();
            self.newest
                .send_if_modified(|known| std::mem::replace(known, newest) != newest);
            self.meta = meta;
        }
        answer(accepted.into_iter(), written);
        for (reply, error) in refused {
            let _ = reply.send(Err(error));
        }
        Ok(())
    }

    /// Makes room for a commit in memory and in the segments.
    fn make_ready(&mut self, now: Timestamp) -> Result<()> {
        self.flusher.make_room()?;
        self.tail.begin(now)
    }

    /// Adds a command's frames and rows to the running commit, and says what of the journal it records.
    fn add(
        &mut self,
        facts: Vec<Fact>,
        recorded: Option<Vec<Span>>,
        time: i64,
        meta: &mut Meta,
        overlay: &mut Overlay<'_>,
    ) -> Result<Vec<Span>> {
        let spans = recorded.unwrap_or_default();
        if let Some(first) = spans.first()
            && (first.begin.0 < meta.recorded || lock(&self.recorded).has(first.begin.0))
        {
            // Recorded before: whoever was interrupted does it again.
            return Ok(Vec::new());
        }
        let facts = self.sampler.sift(facts, overlay)?;
        let mut placed = Vec::with_capacity(facts.len());
        for fact in &facts {
            let place = self.tail.place();
            self.tail.add(&fact.to_frame(time)?);
            placed.push((fact, place));
        }
        apply::apply(&placed, meta, overlay)?;
        apply::spend(&spans, meta, overlay)?;
        Ok(spans)
    }

    /// Ends the running commit and puts it on disk.
    fn write(&mut self, meta: &mut Meta, spans: &[Span], time: i64) -> Result<()> {
        self.room.check(self.tail.pending(), 0)?;
        let beyond = spans.iter().filter(|span| span.end.0 > meta.recorded);
        let mark = Fact::Commit(CommitMark {
            recorded: meta.recorded,
            spans: beyond.copied().collect(),
        });
        self.tail.add(&mark.to_frame(time)?);
        let end = self.tail.place();
        self.tail.commit()?;
        meta.applied = end;
        Ok(())
    }
}

fn answer(replies: impl Iterator<Item = oneshot::Sender<Result<()>>>, result: Result<()>) {
    match result {
        // Whoever does not wait any more has gone away; what they asked for is done all the same.
        Ok(()) => replies.for_each(|reply| drop(reply.send(Ok(())))),
        Err(error) => {
            error!(%error, "a commit could not be written");
            replies.for_each(|reply| drop(reply.send(Err(error.again()))));
        }
    }
}
