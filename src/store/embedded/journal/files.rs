//! The journal's files: their names, what is found in them at the start, and when they go.

use std::fs::File;
use std::path::{Path, PathBuf};

use tracing::warn;

use super::pending::Pending;
use super::recorded::Recorded;
use super::{ENTRY, decode};
use crate::model::quota::{Charge, coalesced};
use crate::store::embedded::log::{Scan, Scanned};
use crate::store::{Error, Result};

/// So many charges are made fewer.
const MANY: usize = 10_000;

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

/// Looks at everything that is not recorded: what waits, what is damaged, and where to go on. A write that was cut
/// short at the end was never acknowledged; the writer cuts it off.
pub(super) fn recover(directory: &Path, recorded: &Recorded) -> Result<(Pending, Vec<Charge>)> {
    let mark = recorded.mark();
    let mut pending = Pending::from(mark);
    let mut charges = Vec::new();
    let begins = begins(directory)?;
    for (at, &begin) in begins.iter().enumerate() {
        if begins.get(at + 1).is_some_and(|&next| next <= mark) {
            continue;
        }
        let path = path(directory, begin);
        let failed = |error| Error::Io(path.display().to_string(), error);
        let file = File::open(&path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        let mut scan = Scan::new(&file, mark.saturating_sub(begin), length);
        while let Some(scanned) = scan.next().map_err(failed)? {
            match scanned {
                Scanned::Frame(_, range) if recorded.has(begin + range.start) => {
                    // What is damaged before it waits like an entry: else the gap would never close.
                    if begin + range.start > pending.end() && !recorded.has(pending.end()) {
                        pending.push(0, begin + range.start, 0);
                    }
                    pending.skip(begin + range.end);
                }
                Scanned::Frame(frame, range) => {
                    let entry = decode(&frame.body).ok().filter(|_| frame.kind == ENTRY);
                    let items = entry.as_ref().map_or(0, |entry| entry.head.waiting());
                    pending.push(frame.project, begin + range.end, items);
                    charges.extend(entry.map(|entry| entry.charge()));
                    if charges.len() > MANY {
                        charges = coalesced(charges);
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
    // A journal that was copied before the segments were ends before what they say is recorded. It goes on behind that;
    // what is missing in between came after the copy began, and waits like an entry, so that the gap closes.
    for (begin, end) in recorded.beyond() {
        if begin > pending.end() {
            pending.push(0, begin, 0);
        }
        pending.skip(end);
    }
    Ok((pending, coalesced(charges)))
}

/// The file in which `position` stands, or else the first one, and where it ends if another one follows.
pub(super) fn holding(begins: &[u64], position: u64) -> Option<(u64, Option<u64>)> {
    let after = begins.partition_point(|&begin| begin <= position).max(1);
    Some((*begins.get(after - 1)?, begins.get(after).copied()))
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
