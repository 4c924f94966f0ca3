//! The index: a sled tree of rows, what the facts of the segments add up to.
//!
//! [`keys`] and [`rows`] say how it is laid out, [`overlay`] is a commit in the making, [`apply`] is what a fact does to
//! it, [`read`] serves the roles from it. It keeps nothing that cannot be made anew.

pub(super) mod alerts;
pub(super) mod apply;
pub(super) mod keys;
pub(super) mod lifecycle;
pub(super) mod novelty;
pub(super) mod overlay;
pub(super) mod pulse;
pub(super) mod read;
pub(super) mod release;
pub(super) mod roster;
pub(super) mod rows;
mod sketch;

use std::ffi::OsStr;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use crate::store::{Error, Result};

/// Opens the index at `path`, with `cache` bytes of memory for its pages.
///
/// sled gives its lock back only when its last deferred destructor ran, a moment after the last handle is gone; nobody
/// but this process can hold it, since the directory's own lock is ours. About every fifth damaged byte has it panic.
pub(super) fn open(path: &Path, cache: u64) -> Result<sled::Tree> {
    remove_left_over(path).map_err(|error| Error::Io(path.display().to_string(), error))?;
    let config = sled::Config::new()
        .path(path)
        .cache_capacity(cache)
        .flush_every_ms(Some(500));
    let mut tries = 0;
    loop {
        match catch_unwind(AssertUnwindSafe(|| config.open())) {
            Ok(Err(sled::Error::Io(error)))
                if error.to_string().contains("could not acquire lock") && tries < 100 =>
            {
                tries += 1;
                std::thread::sleep(Duration::from_millis(20));
            }
            Ok(opened) => return opened.map(|db| (*db).clone()).map_err(sled_error),
            Err(_) => return Err(Error::BadIndex("sled cannot make sense of it".into())),
        }
    }
}

/// Removes what sled was writing when its process was killed: it takes it for a snapshot of its own, and refuses to open.
fn remove_left_over(path: &Path) -> std::io::Result<()> {
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if path.extension() == Some(OsStr::new("generating")) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// What sled says, in our words.
pub(super) fn sled_error(error: sled::Error) -> Error {
    match error {
        sled::Error::Io(error) => Error::Io("the index".into(), error),
        other => Error::BadIndex(other.to_string()),
    }
}
