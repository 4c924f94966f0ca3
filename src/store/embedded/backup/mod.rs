//! Copies of a data directory: [`backup`] beside the server that uses it, [`restore`] back into an empty directory.
//!
//! ```text
//! backup                     when it was made, by which version: this directory is a copy, no server runs on it
//! schema                     as in a data directory, like the parts:
//! checkpoints/ journal/ segments/ blobs/ dictionaries/
//! ```
//!
//! The server goes on writing meanwhile. It only adds to the ends of files ([`super::space`] sees to that), and the parts
//! are copied in an order that loses nothing: an entry that has left the journal when that is copied is recorded in the
//! segments, which are copied later, and whatever a fact names (blobs, dictionaries) was there before the fact. What is
//! cut short at a file's end is cut off as after a crash. The index is left out; a restore makes it anew.

mod copy;

use std::fmt;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::Options;
use super::directory::{Directory, Mark, known_schema, take_lock};
use super::space::Space;
use super::verify::{self, Report};
use crate::store::{Error, Result};
use copy::Copy;

/// The parts, in the order in which they are copied.
const PARTS: [&str; 5] = ["checkpoints", "journal", "segments", "blobs", "dictionaries"];

/// What was copied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Copied {
    /// Each part, with what was copied of it.
    pub parts: Vec<(&'static str, Size)>,
}

/// How much was copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// How many of the files are an earlier backup's, too.
    pub shared: u64,
}

impl fmt::Display for Copied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (part, size) in &self.parts {
            let megabytes = size.bytes as f64 / 1e6;
            write!(f, "{part:<12} {:>8} files {megabytes:>12.1} MB", size.files)?;
            match size.shared {
                0 => writeln!(f)?,
                shared => writeln!(f, ", {shared} of them shared with the earlier backup")?,
            }
        }
        Ok(())
    }
}

/// Copies `data` into the new directory `target`, whether or not a server uses it. All that was acknowledged before the
/// start is in it. Files that stand unchanged in `earlier`, a backup on the same file system, are not copied but shared
/// with it.
///
/// `target` has its name only when everything is on disk.
pub fn backup(data: &Path, target: &Path, earlier: Option<&Path>, now: Timestamp) -> Result<Copied> {
    known_schema(data)?.ok_or(Error::Missing("data directory"))?;
    if let Some(earlier) = earlier {
        known_schema(earlier)?.ok_or(Error::Missing("earlier backup"))?;
    }
    if target.exists() {
        return Err(Error::Conflict("it exists; a backup goes into a new directory"));
    }
    let unfinished = beside(target);
    let lock = begin(&unfinished)?;
    let held = Space::hold(data)?;
    let copied = copy_parts(&Copy { earlier }, data, &unfinished)?;
    drop(held);
    Mark::Backup.set(&unfinished, &made(now))?;
    finish(&unfinished, target)?;
    drop(lock);
    Ok(copied)
}

/// Copies `backup` into `data`, which is empty or not there, makes the index and checks everything. What the check finds
/// wrong stays as it is: it is the best that there is.
pub fn restore(backup: &Path, data: &Path, options: Options) -> Result<(Copied, Report)> {
    known_schema(backup)?.ok_or(Error::Missing("backup"))?;
    let is_empty = match fs::read_dir(data) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == ErrorKind::NotFound => true,
        Err(error) => return Err(Error::Io(data.display().to_string(), error)),
    };
    if !is_empty {
        return Err(Error::Conflict(
            "it is not empty; a restore goes into an empty directory",
        ));
    }
    copy::make_directory(data)?;
    Mark::Unfinished.set(data, "a restore is under way, or was interrupted\n")?;
    let held = Space::hold(backup)?;
    let copied = copy_parts(&Copy { earlier: None }, backup, data)?;
    drop(held);
    copy::sync_directory(data)?;
    let report = verify::check(&Directory::take(data)?, options)?;
    Mark::Unfinished.clear(data)?;
    Ok((copied, report))
}

/// Copies all parts and the schema, whose version is known.
fn copy_parts(copy: &Copy<'_>, from: &Path, to: &Path) -> Result<Copied> {
    let mut copied = Copied::default();
    for part in PARTS {
        if let Some(size) = copy.directory(from, Path::new(part), to)? {
            copied.parts.push((part, size));
        }
    }
    copy.file(from, Path::new("schema"), to)?;
    Ok(copied)
}

/// The name that `target` has until it is finished.
fn beside(target: &Path) -> PathBuf {
    // Without a slash at its end, so that the name is longer and not in it.
    let mut name = target.components().as_path().as_os_str().to_owned();
    name.push(".unfinished");
    name.into()
}

/// Makes the directory of a backup that begins, and takes it; what an interrupted one left there is removed.
fn begin(path: &Path) -> Result<File> {
    copy::make_directory(path)?;
    let lock = take_lock(path)?;
    let failed = |error| Error::Io(path.display().to_string(), error);
    for entry in fs::read_dir(path).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        match path.file_name().is_some_and(|name| name == "lock") {
            true => Ok(()),
            false if path.is_dir() => fs::remove_dir_all(&path),
            false => fs::remove_file(&path),
        }
        .map_err(failed)?;
    }
    Ok(lock)
}

fn finish(unfinished: &Path, target: &Path) -> Result<()> {
    let failed = |error| Error::Io(target.display().to_string(), error);
    copy::sync_directory(unfinished)?;
    fs::rename(unfinished, target).map_err(failed)?;
    // `name` alone lies in the directory ``, by which this one is meant.
    let above = target.parent().filter(|above| !above.as_os_str().is_empty());
    copy::sync_directory(above.unwrap_or(Path::new(".")))
}

fn made(now: Timestamp) -> String {
    format!("made {now:.0} by tripline {}\n", env!("CARGO_PKG_VERSION"))
}
