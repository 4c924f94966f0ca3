//! Dictionaries as files, two of each, and the hint which of them are in use.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::protocol::ids::ProjectId;
use crate::store::{Error, Result};

/// What zstd's dictionaries begin with; their number follows, little-endian (RFC 8878, 5).
const MAGIC: [u8; 4] = [0x37, 0xa4, 0x30, 0xec];
/// Numbers below this one, and those of more than 31 bits, are not for private use.
const FIRST_ID: u32 = 32_768;
/// The ends of the names of a dictionary and of its copy: thousands of events are nothing without it.
const BOTH: [&str; 2] = ["zstd-dict", "zstd-dict-copy"];
/// The hint's name.
const CURRENT: &str = "current";

/// Which dictionaries new events are packed with. A hint: without it they are trained anew.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Current {
    /// The project's own.
    pub projects: BTreeMap<ProjectId, u32>,
    /// The last one that was trained of each platform, for projects that have none yet.
    pub platforms: BTreeMap<String, u32>,
}

/// What was trained, with its number: the checksum of the rest, so that damage shows. None if it is no dictionary.
pub(super) fn numbered(mut trained: Vec<u8>) -> Option<(u32, Vec<u8>)> {
    let id = checksum(&trained)?;
    trained[4..8].copy_from_slice(&id.to_le_bytes());
    Some((id, trained))
}

/// The dictionary with number `id`, or its copy when it is not sound.
pub(super) fn read(directory: &Path, id: u32) -> Result<Vec<u8>> {
    let [first, copy] = BOTH.map(|end| read_one(&path(directory, id, end), id));
    first.or_else(|error| copy.map_err(|_| error))
}

fn read_one(path: &Path, id: u32) -> Result<Vec<u8>> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(Error::Damaged(format!("dictionary {} is lost", path.display())));
        }
        read => read.map_err(|error| Error::Io(path.display().to_string(), error))?,
    };
    let is_sound = checksum(&bytes) == Some(id) && bytes[4..8] == id.to_le_bytes();
    is_sound
        .then_some(bytes)
        .ok_or_else(|| Error::Damaged(format!("dictionary {} is damaged", path.display())))
}

/// What is wrong with dictionary `id`, and with its copy, which an older version did not make.
pub(super) fn faults(directory: &Path, id: u32) -> impl Iterator<Item = Error> {
    let [first, copy] = BOTH.map(|end| path(directory, id, end));
    let copy = copy.exists().then_some(copy);
    let both = [Some(first), copy].into_iter().flatten();
    both.filter_map(move |path| read_one(&path, id).err())
}

/// Makes what is not sound of a dictionary and its copy anew from the other one. Answers what was wrong.
pub(super) fn mend(directory: &Path, id: u32) -> Result<Option<Error>> {
    let paths = BOTH.map(|end| path(directory, id, end));
    for (broken, other) in [(&paths[0], &paths[1]), (&paths[1], &paths[0])] {
        if let Err(fault @ Error::Damaged(_)) = read_one(broken, id) {
            place(directory, broken, &read_one(other, id)?)?;
            return Ok(Some(fault));
        }
    }
    Ok(None)
}

/// The numbers of all dictionaries; none when there is no directory, as older versions left it.
pub(super) fn ids(directory: &Path) -> Result<BTreeSet<u32>> {
    let failed = |error| Error::Io(directory.display().to_string(), error);
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        entries => entries.map_err(failed)?,
    };
    let mut ids = BTreeSet::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        let is_one = path
            .extension()
            .is_some_and(|it| BOTH.iter().any(|end| it == *end));
        let id: Option<u32> = path.file_stem().and_then(|name| name.to_str()?.parse().ok());
        ids.extend(id.filter(|_| is_one));
    }
    Ok(ids)
}

/// Keeps a dictionary; it is on disk when this returns.
pub(super) fn keep(directory: &Path, id: u32, bytes: &[u8]) -> Result<()> {
    BOTH.iter()
        .try_for_each(|end| place(directory, &path(directory, id, end), bytes))
}

/// The hint; an empty one when it cannot be read.
pub(super) fn current(directory: &Path) -> Current {
    let bytes = fs::read(directory.join(CURRENT)).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// Keeps the hint.
pub(super) fn keep_current(directory: &Path, current: &Current) -> Result<()> {
    let bytes = serde_json::to_vec(current).map_err(|error| Error::Damaged(format!("a hint: {error}")))?;
    place(directory, &directory.join(CURRENT), &bytes)
}

/// Puts a file in its place as a whole.
fn place(directory: &Path, path: &Path, bytes: &[u8]) -> Result<()> {
    let new = path.with_extension("new");
    let written = File::create(&new)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&new, path))
        .and_then(|()| File::open(directory)?.sync_all());
    written.map_err(|error| Error::Io(path.display().to_string(), error))
}

fn path(directory: &Path, id: u32, end: &str) -> PathBuf {
    directory.join(format!("{id}.{end}"))
}

/// The number that a dictionary should have.
fn checksum(dictionary: &[u8]) -> Option<u32> {
    let (head, rest) = dictionary.split_at_checked(8)?;
    let room = (1 << 31) - FIRST_ID;
    (head[..4] == MAGIC).then(|| crc32fast::hash(rest) % room + FIRST_ID)
}
