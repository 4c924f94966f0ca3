//! What the tests stand on: a server to ask, and a client that asks like a script would.
//!
//! Knows no internals: whatever a test wants to see, it sees through the web API, the log or the exit code.
#![allow(dead_code, reason = "each test target uses a part of it")]

pub(crate) mod api;
pub(crate) mod clients;
pub(crate) mod envelope;
pub(crate) mod program;

use std::path::Path;
use std::time::{Duration, Instant};

/// What every server of a test is bootstrapped with.
pub(crate) const EMAIL: &str = "ada@example.com";
pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const PROJECT: &str = "shop";
pub(crate) const PROJECT_ID: u64 = 42;
pub(crate) const DSN_KEY: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const TOKEN: &str = "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";

/// How long anything may take before a test gives up on it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Asks again and again until there is an answer; panics with `what` when there is none in time.
pub(crate) fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(
            Instant::now() < deadline,
            "waited {PATIENCE:?} in vain for {what}"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A file of this repository.
pub(crate) fn repository(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
