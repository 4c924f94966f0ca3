//! Reading entries back, across files.

use std::fs::File;
use std::path::Path;

use tracing::error;

use super::{ENTRY, decode, files};
use crate::store::embedded::log::{Scan, Scanned};
use crate::store::{Entry, Error, Position, Result};

/// Entries from position `from` up to `end`, at most `max_entries` and about `max_bytes` of them. Damage is passed over
/// and reported: what it hid cannot be had back, but must not stop what comes behind it.
pub(super) fn read(
    directory: &Path,
    from: u64,
    end: u64,
    max_entries: usize,
    max_bytes: usize,
) -> Result<Vec<(Position, Entry)>> {
    let mut entries = Vec::new();
    let mut bytes = 0;
    for (begin, file_end) in spans(directory, end)? {
        if file_end <= from {
            continue;
        }
        if entries.len() >= max_entries || bytes >= max_bytes {
            break;
        }
        let path = files::path(directory, begin);
        let failed = |error| Error::Io(path.display().to_string(), error);
        let file = File::open(&path).map_err(failed)?;
        let mut scan = Scan::new(&file, from.saturating_sub(begin), file_end - begin);
        while entries.len() < max_entries && bytes < max_bytes {
            match scan.next().map_err(failed)? {
                None => break,
                Some(Scanned::Frame(frame, range)) if frame.kind == ENTRY => {
                    bytes += frame.body.len();
                    match decode(&frame.body) {
                        Ok(entry) => entries.push((Position(begin + range.end), entry)),
                        Err(error) => {
                            error!(%error, file = %path.display(), at = range.start, "unreadable entry")
                        }
                    }
                }
                Some(Scanned::Frame(_, range) | Scanned::Damaged(range) | Scanned::Torn(range)) => {
                    error!(file = %path.display(), at = range.start, "passed over damage in the journal");
                }
            }
        }
    }
    Ok(entries)
}

/// When the entry at `position` was received, µs since 1970.
pub(super) fn time_at(directory: &Path, position: u64, end: u64) -> Option<i64> {
    let (begin, file_end) = spans(directory, end)
        .ok()?
        .into_iter()
        .find(|(_, file_end)| *file_end > position)?;
    let file = File::open(files::path(directory, begin)).ok()?;
    match Scan::new(&file, position.saturating_sub(begin), file_end - begin)
        .next()
        .ok()??
    {
        Scanned::Frame(frame, _) => Some(frame.time),
        Scanned::Damaged(_) | Scanned::Torn(_) => None,
    }
}

/// The positions that each file holds.
fn spans(directory: &Path, end: u64) -> Result<Vec<(u64, u64)>> {
    let begins = files::begins(directory)?;
    let ends = begins.iter().skip(1).copied().chain([end]);
    Ok(begins.iter().copied().zip(ends).collect())
}
