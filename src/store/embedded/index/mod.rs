//! The index: a sled tree of rows, and runs of those of events; what the facts of the segments add up to.
//!
//! [`keys`] and [`rows`] say how it is laid out, [`tree`] keeps the rows, [`overlay`] is a commit in the making, [`apply`] is
//! what a fact does to it, [`read`] serves the roles from it. It keeps nothing that cannot be made anew.

pub(super) mod alerts;
pub(super) mod apply;
pub(super) mod flusher;
pub(super) mod keys;
pub(super) mod lifecycle;
mod memtable;
pub(super) mod novelty;
pub(super) mod overlay;
pub(super) mod pulse;
pub(super) mod read;
mod redo;
pub(super) mod release;
pub(super) mod roster;
pub(super) mod row_file;
pub(super) mod rows;
mod runs;
pub(super) mod scan;
mod sketch;
pub(super) mod tree;

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use crate::store::Error;

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
