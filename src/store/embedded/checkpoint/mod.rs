//! Checkpoints: all rows of the index as they were at one commit, a file each.
//!
//! ```text
//! checkpoints/<day>-<offset>.zst   the place of the commit: 2026-11-21-00000000000000004711.zst
//! file = magic "TLC1" | layout u8 | day i32 | offset u64 | many u64 | zstd of rows | crc32 u32 of all before it
//! rows = as in `index::row_file`, of which about so many are of runs
//! ```
//!
//! Integers are big-endian. An index is a sound checkpoint and what the segments hold behind its place. The newest two
//! are kept: should one be damaged, the other makes the same index.

mod read;
mod write;

use std::fs;
use std::path::{Path, PathBuf};

use super::index::rows::Place;
use super::segments::{date_of, day_of_date};
use crate::store::{Error, Result};

pub(super) use read::{check, load};
pub(super) use write::{prune, write};

/// What every checkpoint begins with. The digit is the format's version.
const MAGIC: [u8; 4] = *b"TLC1";
/// Bytes before the zstd.
const HEAD: usize = 25;
/// How many are kept.
const KEPT: usize = 2;

/// A checkpoint's file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Checkpoint {
    /// The commit behind which it stands.
    pub(super) place: Place,
    /// Where it is.
    pub(super) path: PathBuf,
}

/// The checkpoints in `directory`, the newest first; none when it is not there.
pub(super) fn list(directory: &Path) -> Result<Vec<Checkpoint>> {
    let failed = |error| Error::Io(directory.display().to_string(), error);
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        found.extend(place_of(&path).map(|place| Checkpoint { place, path }));
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    Ok(found)
}

fn name_of(place: Place) -> String {
    format!("{}-{:020}.zst", date_of(place.day), place.offset)
}

fn place_of(path: &Path) -> Option<Place> {
    let name = path.file_name()?.to_str()?.strip_suffix(".zst")?;
    let (date, offset) = name.rsplit_once('-')?;
    Some(Place {
        day: day_of_date(date)?,
        offset: offset.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoints_name_is_its_place() {
        let place = Place {
            day: 20_778,
            offset: 4_711,
        };
        assert_eq!(name_of(place), "2026-11-21-00000000000000004711.zst");
        assert_eq!(place_of(Path::new(&name_of(place))), Some(place));
        assert_eq!(place_of(Path::new("unfinished")), None);
    }
}
