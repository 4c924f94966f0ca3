//! Loops that run beside the server: each is started again when it fails, and stops when it is told to.
//!
//! No loop holds anything that a crash could lose: each resumes from what the store says was done.

mod alerts;
mod deliveries;
mod digest;
mod recaps;
mod refusals;
mod regroup;
mod retention;
mod rules;
mod spikes;
mod troubles;
mod verdicts;
mod wake;

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::model::Failures;

pub use alerts::alerts_loop;
pub use deliveries::deliveries_loop;
pub use digest::digest_loop;
pub use refusals::refusals_loop;
pub use regroup::regroup_loop;
pub use retention::retention_loop;
pub use spikes::{protect, spikes_loop};
pub use troubles::Troubles;
pub use verdicts::{Finds, verdicts_loop};
pub use wake::wake_loop;

/// A loop that failed at once is started again after this long, then twice as long, up to [`LONGEST_PAUSE`].
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Loops under supervision.
pub struct Workers {
    stop: watch::Sender<bool>,
    failures: Failures,
    loops: JoinSet<()>,
}

/// Tells a loop when to end.
#[derive(Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Returns once the loop should end.
    pub async fn asked(&mut self) {
        // The sender going away means the same.
        let _ = self.0.wait_for(|stop| *stop).await;
    }

    /// Whether the loop should end.
    pub fn is_asked(&self) -> bool {
        *self.0.borrow()
    }
}

impl Default for Workers {
    fn default() -> Self {
        Self {
            stop: watch::channel(false).0,
            failures: Failures::default(),
            loops: JoinSet::new(),
        }
    }
}

impl Workers {
    /// Runs `work` until it returns without an error, which it should do when it is asked to stop. After an error or
    /// a panic it is run again, a little later each time.
    pub fn supervise<W, F>(&mut self, name: &'static str, work: W)
    where
        W: Fn(Stop) -> F + Send + Sync + 'static,
        F: Future<Output = anyhow::Result<()>> + Send,
    {
        let mut stop = Stop(self.stop.subscribe());
        let failures = self.failures.clone();
        self.loops.spawn(async move {
            let mut pause = SHORTEST_PAUSE;
            loop {
                let started = Instant::now();
                match AssertUnwindSafe(work(stop.clone())).catch_unwind().await {
                    Ok(Ok(())) => return,
                    Ok(Err(error)) => {
                        tracing::error!(worker.name = name, "the {name} loop failed: {error:#}")
                    }
                    Err(_panic) => tracing::error!(worker.name = name, "the {name} loop panicked"),
                }
                failures.count(name);
                pause = if started.elapsed() > LONGEST_PAUSE {
                    SHORTEST_PAUSE
                } else {
                    (pause * 2).min(LONGEST_PAUSE)
                };
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = stop.asked() => return,
                }
            }
        });
    }

    /// Calls `chore` every `period`. A chore is short and does not fail.
    pub fn repeat(
        &mut self,
        name: &'static str,
        period: Duration,
        chore: impl Fn() + Send + Sync + Clone + 'static,
    ) {
        self.supervise(name, move |mut stop| {
            let chore = chore.clone();
            async move {
                let mut ticks = tokio::time::interval(period);
                loop {
                    tokio::select! {
                        _ = ticks.tick() => chore(),
                        () = stop.asked() => return Ok(()),
                    }
                }
            }
        });
    }

    /// How often each loop failed so far.
    pub fn failures(&self) -> Failures {
        self.failures.clone()
    }

    /// Asks every loop to end and waits until they have.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.loops.join_next().await.is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn what_fails_or_panics_is_started_again() {
        let runs = Arc::new(AtomicUsize::new(0));
        let (done, finished) = tokio::sync::oneshot::channel();
        let done = Arc::new(std::sync::Mutex::new(Some(done)));
        let mut workers = Workers::default();
        let counted = runs.clone();
        workers.supervise("test", move |mut stop| {
            let run = counted.fetch_add(1, Ordering::SeqCst);
            let done = done.clone();
            async move {
                match run {
                    0 => anyhow::bail!("an error"),
                    1 => panic!("on purpose"),
                    _ => {
                        done.lock().unwrap().take().map(|done| done.send(()));
                        stop.asked().await;
                        Ok(())
                    }
                }
            }
        });
        finished.await.unwrap();
        assert_eq!(workers.failures().all(), [("test", 2)].into());
        workers.stop().await;
        assert_eq!(runs.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn a_loop_that_waits_to_try_again_stops_at_once() {
        let mut workers = Workers::default();
        workers.supervise("test", |_| async { anyhow::bail!("always") });
        tokio::task::yield_now().await;
        workers.stop().await;
    }
}
