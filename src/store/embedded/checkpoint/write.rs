//! Writing a checkpoint beside a live server: it is there whole or not at all, whenever the power goes.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use super::{Checkpoint, KEPT, MAGIC, list, name_of};
use crate::store::embedded::index::row_file::{self, Summed};
use crate::store::embedded::index::rows::{LAYOUT, Place};
use crate::store::embedded::index::tree::Still;
use crate::store::{Error, Result};

/// zstd's level, as in segments.
const LEVEL: i32 = 3;
/// How many bytes are packed at a time.
const SLICE: usize = 64 << 10;

/// Writes `rows` as a checkpoint into `directory`.
pub(in super::super) fn write(directory: &Path, rows: &Still<'_>) -> Result<Checkpoint> {
    let place = rows.meta().applied;
    let path = directory.join(name_of(place));
    let unfinished = directory.join("unfinished");
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::Full("the disk is full"),
        _ => Error::Io(format!("writing {}", path.display()), error),
    };
    let written = write_rows(&unfinished, place, rows, failed)
        .and_then(|()| fs::rename(&unfinished, &path).map_err(failed))
        .and_then(|()| sync(directory).map_err(failed));
    if let Err(error) = written {
        // What matters is the first error; a left-over is only room, and the next one takes its place.
        let _ = fs::remove_file(&unfinished);
        return Err(error);
    }
    Ok(Checkpoint { place, path })
}

/// Removes the checkpoints in `directory` that are no longer kept.
pub(in super::super) fn prune(directory: &Path) -> Result<()> {
    for old in list(directory)?.iter().skip(KEPT) {
        fs::remove_file(&old.path)
            .map_err(|error| Error::Io(format!("removing {}", old.path.display()), error))?;
    }
    Ok(())
}

fn sync(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

fn write_rows(
    path: &Path,
    place: Place,
    rows: &Still<'_>,
    failed: impl Fn(io::Error) -> Error,
) -> Result<()> {
    let mut file = Summed::new(File::create(path).map_err(&failed)?);
    let mut head = Vec::from(MAGIC);
    head.push(LAYOUT);
    head.extend_from_slice(&place.day.to_be_bytes());
    head.extend_from_slice(&place.offset.to_be_bytes());
    head.extend_from_slice(&rows.of_runs().to_be_bytes());
    file.write_all(&head).map_err(&failed)?;
    let mut packed = zstd::stream::write::Encoder::new(file, LEVEL).map_err(&failed)?;
    let mut slice = Vec::new();
    for row in rows.rows() {
        let (key, value) = row?;
        row_file::add(&mut slice, &key, Some(&value));
        if slice.len() >= SLICE {
            packed.write_all(&slice).map_err(&failed)?;
            slice.clear();
        }
    }
    slice.extend_from_slice(&row_file::END);
    packed
        .write_all(&slice)
        .and_then(|()| packed.finish()?.finish())
        .map_err(failed)
}
