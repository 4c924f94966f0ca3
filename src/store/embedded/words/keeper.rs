//! The thread that feeds the index, and mends it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tantivy::TantivyError;
use tracing::{info, warn};

use super::feed::{Feeder, Source};
use super::{Result, Trouble, Words};
use crate::store::Error;
use crate::store::embedded::index::rows::Place;
use crate::store::embedded::lock;

/// How often it is looked what was committed.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// After something went wrong it is tried again this much later.
const AGAIN: Duration = Duration::from_secs(60);
/// When it goes wrong so often in a row, the index is made anew.
const TRIES: u32 = 3;
/// How often it is looked what is no longer kept.
const FORGET_EVERY: Duration = Duration::from_secs(6 * 60 * 60);
/// The lowest priority but for the idle.
const NICE: i32 = 15;

/// Feeds the index until it is dropped.
pub(in crate::store::embedded) struct Keeper {
    signal: Arc<Signal>,
    thread: Option<JoinHandle<()>>,
}

/// Tells the thread what is wanted of it.
#[derive(Default)]
pub(super) struct Signal {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    is_closing: bool,
    /// How often somebody asked for everything to be found, and how often it was since.
    asked: u64,
    answered: u64,
}

impl Signal {
    /// Waits for `time`, less when something is wanted. Answers whether to go on.
    pub(super) fn wait(&self, time: Duration) -> bool {
        let is_idle = |state: &mut State| !state.is_closing && state.asked == state.answered;
        let waited = self.changed.wait_timeout_while(lock(&self.state), time, is_idle);
        !waited.unwrap_or_else(PoisonError::into_inner).0.is_closing
    }
}

impl Keeper {
    /// Starts the thread.
    pub(in crate::store::embedded) fn start(words: Words, source: Source) -> Result<Self> {
        let signal = Arc::new(Signal::default());
        let run = {
            let signal = signal.clone();
            move || {
                // Elsewhere than on Linux it is the process that would change.
                #[cfg(target_os = "linux")]
                let _ = rustix::process::setpriority_process(None, NICE);
                Tending::begin(Feeder::new(words, source, signal.clone())).run(&signal);
            }
        };
        let thread = std::thread::Builder::new()
            .name("words".into())
            .spawn(run)
            .map_err(|error| Error::Io("starting the thread of the index of words".into(), error))?;
        Ok(Self {
            signal,
            thread: Some(thread),
        })
    }

    /// Blocks until everything that is committed by now can be found.
    #[cfg(test)]
    pub(in crate::store::embedded) fn settle(&self) {
        let mut state = lock(&self.signal.state);
        state.asked += 1;
        let asked = state.asked;
        self.signal.changed.notify_all();
        while state.answered < asked {
            state = self
                .signal
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Keeper {
    /// Commits what was read.
    fn drop(&mut self) {
        lock(&self.signal.state).is_closing = true;
        self.signal.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was reported when it happened.
            let _ = thread.join();
        }
    }
}

/// The thread's own.
pub(super) struct Tending {
    pub(super) feeder: Feeder,
    failures: u32,
    failed: Option<Instant>,
    forgot: Instant,
}

impl Tending {
    pub(super) fn begin(feeder: Feeder) -> Self {
        let mut tending = Self {
            feeder,
            failures: 0,
            failed: None,
            forgot: Instant::now(),
        };
        tending.open();
        tending
    }

    fn run(mut self, signal: &Signal) {
        while signal.wait(LOOK_EVERY) {
            let (asked, answered) = {
                let state = lock(&signal.state);
                (state.asked, state.answered)
            };
            // Not while the state is locked: in the middle of much to read it is looked whether to stop.
            if self.failed.is_none_or(|failed| failed.elapsed() > AGAIN) {
                self.tend(asked > answered);
            }
            lock(&signal.state).answered = asked;
            signal.changed.notify_all();
        }
        if let Err(error) = self.feeder.let_go() {
            warn!(%error, "what was read last is not in the index of words; it is read again");
        }
    }

    /// Brings the index up to date, at once if somebody waits for it.
    pub(super) fn tend(&mut self, is_asked: bool) {
        let done = catch_unwind(AssertUnwindSafe(|| self.try_to_tend(is_asked)));
        let error = match done {
            Ok(Ok(())) => {
                (self.failures, self.failed) = (0, None);
                return;
            }
            Ok(Err(Trouble::Source(Error::Closed))) => return,
            Ok(Err(error)) => error,
            Err(_) => TantivyError::InternalError("it panicked".into()).into(),
        };
        self.failures += 1;
        self.failed = Some(Instant::now());
        warn!(%error, "the index of words could not be fed; it is tried again");
        // What the writer had is lost with it: go on where the last commit ended.
        if self.failures < TRIES {
            self.open();
        } else {
            self.begin_anew("it cannot be written");
            self.failures = 0;
        }
    }

    fn try_to_tend(&mut self, is_asked: bool) -> Result<(), Trouble> {
        if self.feeder.words.0.is_doubted.swap(false, Ordering::Relaxed) {
            self.open();
        }
        self.feeder.feed()?;
        if is_asked {
            self.feeder.let_go()?;
        }
        self.feeder.commit_if_due()?;
        if self.forgot.elapsed() > FORGET_EVERY {
            self.forgot = Instant::now();
            let weeks = self.feeder.forget()?;
            info!(weeks, "the index of words forgot what is no longer kept");
        }
        Ok(())
    }

    /// Opens the index if it is sound, and makes it anew if it is not.
    fn open(&mut self) {
        let words = self.feeder.words.clone();
        let opened = catch_unwind(AssertUnwindSafe(|| {
            let fed = words.open()?;
            let index = words.opened().filter(|_| fed.is_some());
            let damaged = index
                .map(|it| it.index.validate_checksum())
                .transpose()?
                .unwrap_or_default();
            tantivy::Result::Ok(fed.filter(|_| damaged.is_empty()))
        }));
        let applied = self.feeder.applied().unwrap_or_default();
        match opened {
            // It may be of a directory that is older by now, restored from a copy.
            Ok(Ok(Some(fed))) if fed <= applied => self.feeder.restart(fed),
            Ok(Ok(_)) if !words.0.directory.exists() => self.feeder.restart(Place::default()),
            Ok(Ok(_)) => self.begin_anew("it is damaged, or another version's"),
            Ok(Err(error)) => self.begin_anew(&error.to_string()),
            Err(_) => self.begin_anew("it is damaged"),
        }
    }

    /// Nothing is lost: what the segments hold is read again.
    fn begin_anew(&mut self, why: &str) {
        warn!(
            why,
            "the index of words is made anew, from what the segments hold"
        );
        self.feeder.restart(Place::default());
        if let Err(error) = self.feeder.words.create() {
            warn!(%error, "the index of words could not be made anew; it is tried again");
            self.failed = Some(Instant::now());
        }
    }
}
