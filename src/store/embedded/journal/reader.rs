//! Reading entries back, across files.

use std::collections::HashMap;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use tracing::error;

use super::pending::{Run, Slice};
use super::{ENTRY, decode, files};
use crate::store::embedded::log::{HEAD, Scan, Scanned, time_of};
use crate::store::{Entry, Error, Result};

/// What was read.
pub(super) struct Read {
    /// Entries and their positions, in order.
    pub(super) entries: Vec<(u64, Entry)>,
    /// How far each slice was read.
    pub(super) runs: Vec<Run>,
}

/// The entries of the slices, about `max_bytes` of them. Damage is passed over and reported: what it hid cannot be had
/// back, but must not stop what comes behind it.
pub(super) fn read(directory: &Path, slices: &[Slice], max_bytes: u64) -> Result<Read> {
    let mut reader = Reader {
        directory,
        begins: files::begins(directory)?,
        open: HashMap::new(),
        entries: Vec::new(),
    };
    let mut runs = Vec::with_capacity(slices.len());
    let mut left = max_bytes;
    for slice in slices {
        let wanted = left.min(slice.bytes);
        let run = reader.read(slice, wanted)?;
        left = left.saturating_sub(run.end - run.begin);
        runs.push(run);
    }
    reader.entries.sort_by_key(|(position, _)| *position);
    Ok(Read {
        entries: reader.entries,
        runs,
    })
}

struct Reader<'a> {
    directory: &'a Path,
    begins: Vec<u64>,
    open: HashMap<u64, File>,
    entries: Vec<(u64, Entry)>,
}

impl Reader<'_> {
    /// Reads a slice as far as it is wanted.
    fn read(&mut self, slice: &Slice, bytes: u64) -> Result<Run> {
        let mut read = Run {
            end: slice.run.begin,
            entries: 0,
            items: 0,
            ..slice.run
        };
        let is_wanted = |read: &Run| {
            let more = (read.entries as usize) < slice.entries && read.end - read.begin < bytes;
            more && read.end < slice.run.end
        };
        while is_wanted(&read) {
            let missing = || Error::Damaged("a file of the journal is missing".into());
            let (begin, next) = files::holding(&self.begins, read.end).ok_or_else(missing)?;
            read.end = read.end.max(begin);
            let end = next.map_or(slice.run.end, |next| next.min(slice.run.end));
            let path = files::path(self.directory, begin);
            let failed = |error| Error::Io(path.display().to_string(), error);
            let file = match self.open.entry(begin) {
                std::collections::hash_map::Entry::Occupied(open) => open.into_mut(),
                std::collections::hash_map::Entry::Vacant(place) => {
                    place.insert(File::open(&path).map_err(failed)?)
                }
            };
            let mut scan = Scan::new(file, read.end - begin, end - begin);
            while is_wanted(&read)
                && let Some(scanned) = scan.next().map_err(failed)?
            {
                let (Scanned::Frame(_, range) | Scanned::Damaged(range) | Scanned::Torn(range)) = &scanned;
                let (start, end) = (range.start, begin + range.end);
                match scanned {
                    Scanned::Frame(frame, _) if frame.kind == ENTRY => match decode(&frame.body) {
                        Ok(entry) => {
                            read.entries += 1;
                            read.items = read.items.saturating_add(entry.head.waiting());
                            self.entries.push((begin + start, entry));
                        }
                        Err(error) => error!(%error, file = %path.display(), at = start, "unreadable entry"),
                    },
                    _ => error!(file = %path.display(), at = start, "passed over damage in the journal"),
                }
                read.end = end;
            }
        }
        Ok(read)
    }
}

/// When the entry at `position` was received, µs since 1970.
pub(super) fn time_at(directory: &Path, position: u64) -> Option<i64> {
    let (begin, _) = files::holding(&files::begins(directory).ok()?, position)?;
    let file = File::open(files::path(directory, begin)).ok()?;
    let mut head = [0; HEAD];
    file.read_exact_at(&mut head, position.saturating_sub(begin))
        .ok()?;
    time_of(&head)
}
