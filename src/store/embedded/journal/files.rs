//! The journal's files: their names, what is found in them at the start, and when they go.

use std::fs::File;
use std::path::{Path, PathBuf};

use tracing::warn;

use super::{ENTRY, decode};
use crate::store::embedded::log::{Scan, Scanned};
use crate::store::{Error, Result};

/// What the journal held when it was opened.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tail {
    /// The position behind its last sound frame.
    pub end: u64,
    /// Entries from the recorded position on.
    pub entries: u64,
    /// Items in them.
    pub items: u64,
}

/// The file whose first byte has position `begin`.
pub(super) fn path(directory: &Path, begin: u64) -> PathBuf {
    directory.join(format!("{begin:020}.log"))
}

/// The positions at which files begin, in order.
pub(super) fn begins(directory: &Path) -> Result<Vec<u64>> {
    let failed = |error| Error::Io(directory.display().to_string(), error);
    let mut begins = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        if let Some(begin) = name
            .to_str()
            .and_then(|name| name.strip_suffix(".log")?.parse().ok())
        {
            begins.push(begin);
        }
    }
    begins.sort_unstable();
    Ok(begins)
}

/// Looks at everything behind `recorded`: counts it, reports damage, and finds where to go on. A write that was cut
/// short at the end was never acknowledged; the writer cuts it off.
pub(super) fn recover(directory: &Path, recorded: u64) -> Result<Tail> {
    let mut tail = Tail {
        end: recorded,
        ..Tail::default()
    };
    let begins = begins(directory)?;
    for (at, &begin) in begins.iter().enumerate() {
        if begins.get(at + 1).is_some_and(|&next| next <= recorded) {
            continue;
        }
        tail.end = tail.end.max(begin);
        let path = path(directory, begin);
        let failed = |error| Error::Io(path.display().to_string(), error);
        let file = File::open(&path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        let mut scan = Scan::new(&file, recorded.saturating_sub(begin), length);
        while let Some(scanned) = scan.next().map_err(failed)? {
            match scanned {
                Scanned::Frame(frame, range) => {
                    tail.end = tail.end.max(begin + range.end);
                    if frame.kind == ENTRY
                        && let Ok(entry) = decode(&frame.body)
                    {
                        tail.entries += 1;
                        tail.items += u64::from(entry.head.items);
                    }
                }
                Scanned::Damaged(range) => {
                    let bytes = range.end - range.start;
                    warn!(file = %path.display(), at = range.start, bytes, "skipped damage in the journal");
                }
                Scanned::Torn(range) => {
                    let bytes = range.end - range.start;
                    warn!(file = %path.display(), at = range.start, bytes, "cut off a half-written end of the journal");
                }
            }
        }
    }
    Ok(tail)
}

/// Unlinks the files that end at or before `position`; never the newest one.
pub(super) fn release(directory: &Path, position: u64) -> Result<()> {
    let begins = begins(directory)?;
    for pair in begins.windows(2) {
        if pair[1] <= position {
            let path = path(directory, pair[0]);
            std::fs::remove_file(&path).map_err(|error| Error::Io(path.display().to_string(), error))?;
        }
    }
    Ok(())
}
