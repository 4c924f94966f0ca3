//! Says in the log that requests are put off, now and then.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often it is logged that requests are put off.
const LOGGED_EVERY: Duration = Duration::from_secs(10);

/// On a full disk requests are put off by the thousand: one in a while is logged, with how many were.
pub(super) fn log(detail: &str) {
    static QUIET: Mutex<(Option<Instant>, u64)> = Mutex::new((None, 0));
    let mut quiet = QUIET.lock().unwrap_or_else(PoisonError::into_inner);
    let (logged, since) = &mut *quiet;
    *since += 1;
    if logged.is_none_or(|logged| logged.elapsed() > LOGGED_EVERY) {
        tracing::warn!(requests = *since, "requests are put off: {detail}");
        (*logged, *since) = (Some(Instant::now()), 0);
    }
}
