//! What sled is about to be given, on disk before it is: sled takes rows one by one, and a crash in between leaves it at no
//! commit.
//!
//! ```text
//! index/redo = magic "TLR1" | rows | crc32 u32 of all before it
//! rows       = as in `row_file`: first that of `Meta` as sled has it, then those that it is given
//! ```
//!
//! Rows are whole, so that giving them once more does no harm.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::keys::Key;
use super::memtable::Memtable;
use super::row_file::{self, FileRow, Summed};
use super::sled_error;
use crate::store::{Error, Result};

/// What it begins with. The digit is the format's version.
const MAGIC: [u8; 4] = *b"TLR1";
/// The checksum's bytes.
const CRC: usize = 4;
/// How many bytes are written at a time.
const WRITE: usize = 64 << 10;

/// Writes down what is given to `sled` next, durably.
pub(super) fn write<'a>(
    index: &Path,
    sled: &sled::Tree,
    rows: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>,
) -> Result<()> {
    let path = path(index);
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::Full("the disk is full"),
        _ => Error::Io(format!("writing {}", path.display()), error),
    };
    let before = sled.get(Key::meta()).map_err(sled_error)?;
    let unfinished = path.with_extension("unfinished");
    let written = write_rows(&unfinished, before.as_deref(), rows)
        .and_then(|()| fs::rename(&unfinished, &path))
        .and_then(|()| File::open(index)?.sync_all());
    if written.is_err() {
        // On a full disk it would hold what somebody waits for. What matters is the first error.
        let _ = fs::remove_file(&unfinished);
    }
    written.map_err(failed)
}

fn write_rows<'a>(
    path: &Path,
    before: Option<&[u8]>,
    rows: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>,
) -> io::Result<()> {
    let mut file = Summed::new(File::create(path)?);
    let mut buffer = Vec::from(MAGIC);
    row_file::add(&mut buffer, Key::meta().as_ref(), before);
    for (key, value) in rows {
        row_file::add(&mut buffer, key, value);
        if buffer.len() >= WRITE {
            file.write_all(&buffer)?;
            buffer.clear();
        }
    }
    buffer.extend_from_slice(&row_file::END);
    file.write_all(&buffer)?;
    file.finish()
}

/// Sled has all of it, durably. It is gone for good: one that came back would name runs that were merged since.
pub(super) fn remove(index: &Path) -> Result<()> {
    let path = path(index);
    match fs::remove_file(&path).and_then(|()| File::open(index)?.sync_all()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::Io(format!("removing {}", path.display()), error))
        }
        _ => Ok(()),
    }
}

/// What was about to be given to `sled` when its process ended.
pub(super) fn read(index: &Path, sled: &sled::Tree) -> Result<Option<Memtable>> {
    let path = path(index);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::Io(path.display().to_string(), error)),
    };
    // How much of it sled has is not known any more.
    let damaged = || Error::BadIndex(format!("{} is not what was written", path.display()));
    let rows = rows_in(&bytes).ok_or_else(damaged)?;
    let ((_, before), rows) = rows.split_first().ok_or_else(damaged)?;
    let meta = Key::meta();
    let after = rows.iter().rev().find(|(key, _)| key == meta.as_ref());
    let found = sled.get(&meta).map_err(sled_error)?;
    let found = found.as_deref();
    // Otherwise it is of another index, which somebody took away.
    let is_its = found == before.as_deref() || after.is_some_and(|(_, after)| found == after.as_deref());
    Ok(is_its.then(|| {
        let mut memtable = Memtable::default();
        rows.iter()
            .for_each(|(key, value)| memtable.set(key.as_slice().into(), value.clone()));
        memtable
    }))
}

/// The rows in a file; none when it is not what was written.
fn rows_in(bytes: &[u8]) -> Option<Vec<FileRow>> {
    let (content, crc) = bytes.split_last_chunk::<CRC>()?;
    if crc32fast::hash(content) != u32::from_be_bytes(*crc) {
        return None;
    }
    let mut content = content.strip_prefix(&MAGIC)?;
    let mut rows = Vec::new();
    while let Some(row) = row_file::next(&mut content).ok()? {
        rows.push(row);
    }
    Some(rows)
}

fn path(index: &Path) -> PathBuf {
    index.join("redo")
}
