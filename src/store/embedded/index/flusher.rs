//! The thread that brings sled up to the commits: when they take much memory, or none came for a while.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tracing::warn;

use super::tree::{Tree, Unflushed};
use crate::store::embedded::disk::Room;
use crate::store::embedded::doubt::Doubt;
use crate::store::embedded::lock;
use crate::store::{Error, Result};

/// After this long it is given whatever there is.
const WHILE: Duration = Duration::from_secs(30);
/// So long after the disk was full, it is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// Belongs to who commits.
pub(in crate::store::embedded) struct Flusher {
    tree: Tree,
    signal: Arc<Signal>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Signal {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// There is much to flush.
    is_wanted: bool,
    /// Nothing is committed any more.
    is_closing: bool,
    /// Why the last flush came to nothing.
    failed: Option<Error>,
}

impl Flusher {
    /// Starts the thread.
    pub(in crate::store::embedded) fn start(tree: Tree, room: Room, doubt: Arc<Doubt>) -> Result<Self> {
        let signal = Arc::new(Signal::default());
        let run = {
            let (tree, signal) = (tree.clone(), signal.clone());
            move || signal.run(&tree, &room, &doubt)
        };
        let thread = std::thread::Builder::new()
            .name("flusher".into())
            .spawn(run)
            .map_err(|error| Error::Io("starting the flusher's thread".into(), error))?;
        Ok(Self {
            tree,
            signal,
            thread: Some(thread),
        })
    }

    /// Before a commit: has a flush begin when it is time, and waits for one when too much memory is taken.
    pub(in crate::store::embedded) fn make_room(&self) -> Result<()> {
        loop {
            let unflushed = self.tree.unflushed();
            if unflushed == Unflushed::Some {
                return Ok(());
            }
            let mut state = lock(&self.signal.state);
            match &state.failed {
                Some(error) if unflushed == Unflushed::TooMuch || !is_passing(error) => {
                    return Err(error.again());
                }
                _ => {}
            }
            state.is_wanted = true;
            self.signal.changed.notify_all();
            if unflushed == Unflushed::Much {
                return Ok(());
            }
            drop(self.signal.wait(state, AGAIN));
        }
    }
}

impl Signal {
    /// Flushes whenever it is time.
    fn run(&self, tree: &Tree, room: &Room, doubt: &Doubt) {
        loop {
            let is_closing = self.wait_for_work();
            let work = || {
                tree.flush()?;
                // Merging waits: whoever closes has little time.
                match is_closing {
                    true => Ok(()),
                    false => tree.merge(|| room.spare()),
                }
            };
            let flushed = catch_unwind(AssertUnwindSafe(work))
                .unwrap_or_else(|_| Err(Error::BadIndex("the flusher panicked".into())));
            let mut state = lock(&self.state);
            state.failed = flushed.err();
            self.changed.notify_all();
            match &state.failed {
                Some(error) if is_closing => {
                    warn!(%error, "the index could not be brought up to the segments; it is at the next start");
                    return;
                }
                Some(error) if !is_passing(error) => {
                    doubt.raise(error);
                    return;
                }
                None if is_closing => return,
                Some(error) => {
                    warn!(%error, "the index waits for room on the disk");
                    drop(self.wait(state, AGAIN));
                }
                None => {}
            }
        }
    }

    /// Waits until there is much to flush, or a while. Answers whether it is for the last time.
    fn wait_for_work(&self) -> bool {
        let mut state = lock(&self.state);
        if !state.is_wanted && !state.is_closing && state.failed.is_none() {
            state = self.wait(state, WHILE);
        }
        state.is_wanted = false;
        state.is_closing
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>, time: Duration) -> MutexGuard<'a, State> {
        self.changed
            .wait_timeout(state, time)
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }
}

/// Whether it may be over by itself: then sled was not touched.
fn is_passing(error: &Error) -> bool {
    matches!(error, Error::Full(_))
}

impl Drop for Flusher {
    /// Flushes what there is.
    fn drop(&mut self) {
        lock(&self.signal.state).is_closing = true;
        self.signal.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was reported when it happened.
            let _ = thread.join();
        }
    }
}
