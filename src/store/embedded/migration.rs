//! From what an older version left to what this one writes, and back.
//!
//! ```text
//! before/schema     what `schema` said
//! before/index/     the index of that version, if its layout was another one
//! ```
//!
//! A migration changes nothing else: segments, journal and blobs are added to, never rewritten by it. So going back loses
//! nothing: the older version's index catches up with what was recorded since, as after a crash. It is possible as long as
//! the segments hold no fact that only a newer version understands; what was there before is kept for a week.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use tracing::{info, warn};

use super::directory::{Directory, SCHEMA, write_durably};
use super::facts;
use super::log::Scanned;
use super::rebuild::{remove, rename};
use super::segments::Segments;
use crate::store::{Error, Result};

/// How long going back is possible.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Puts what an older version left into `before/`: its index, and what the schema says.
pub(super) fn keep_index(directory: &Directory) -> Result<()> {
    remove(&before(directory))?;
    keep_schema(directory)?;
    rename(&directory.index(), &before(directory).join("index"))
}

/// Writes our version into the schema, once everything else is ours.
pub(super) fn finish(directory: &Directory, now: Timestamp) -> Result<()> {
    let found = directory.schema();
    if found < SCHEMA {
        keep_schema(directory)?;
        write_schema(directory, SCHEMA)?;
        info!(
            found,
            "the data of schema {found} is of schema {SCHEMA} now; `tripline rollback` goes back"
        );
    }
    forget(directory, now)
}

fn keep_schema(directory: &Directory) -> Result<()> {
    let before = before(directory);
    let kept = before.join("schema");
    if kept.exists() {
        return Ok(());
    }
    fs::create_dir_all(&before).map_err(|error| Error::Io(before.display().to_string(), error))?;
    write_durably(&kept, &format!("{}\n", directory.schema()))
}

fn write_schema(directory: &Directory, schema: u32) -> Result<()> {
    write_durably(&directory.path().join("schema"), &format!("{schema}\n"))
}

/// What nobody went back to for a week takes no more room.
fn forget(directory: &Directory, now: Timestamp) -> Result<()> {
    let kept = before(directory)
        .join("schema")
        .metadata()
        .and_then(|it| it.modified());
    let kept = kept.ok().and_then(|time| Timestamp::try_from(time).ok());
    match kept {
        Some(time) if now.duration_since(time) > KEPT_FOR => {
            info!("what was before the last migration is removed: there is no going back any more");
            remove(&before(directory))
        }
        _ => Ok(()),
    }
}

/// Gives `data` back what the last migration changed, so that the version before can start on it. Answers the schema
/// that it has now. What was recorded since stays.
pub fn rollback(data: &Path) -> Result<u32> {
    let directory = Directory::open_existing(data)?;
    let before = before(&directory);
    let schema = match fs::read_to_string(before.join("schema")) {
        Ok(text) => text
            .trim()
            .parse()
            .map_err(|_| Error::Damaged(format!("{} holds no version", before.join("schema").display())))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Error::Conflict(
                "there is nothing to go back to: no version has changed what an older one left, in the last week",
            ));
        }
        Err(error) => return Err(Error::Io(before.display().to_string(), error)),
    };
    let segments = Segments::of(&directory)?;
    understood(&segments, schema)?;
    segments.join_days()?;
    if before.join("index").exists() {
        let old = directory.index_aside("old");
        remove(&old)?;
        if directory.index().exists() {
            rename(&directory.index(), &old)?;
        }
        rename(&before.join("index"), &directory.index())?;
    }
    write_schema(&directory, schema)?;
    remove(&before)?;
    warn!(schema, "went back to schema {schema}");
    Ok(schema)
}

/// Whether a version of `schema` understands all facts.
fn understood(segments: &Segments, schema: u32) -> Result<()> {
    if schema >= SCHEMA {
        return Ok(());
    }
    if segments.freed()?.is_some() {
        return Err(Error::Newer(
            "what was recorded before the migration was swept since. Go back with a backup".into(),
        ));
    }
    for segment in segments.all() {
        let path = segments.path(segment);
        segments.walk(segment, segment.begin.offset, |scanned| match scanned {
            Scanned::Frame(frame, range) if facts::schema_of(&frame) > schema => Err(Error::Newer(format!(
                "{} at byte {}: a version of schema {schema} would not understand it. Go back with a backup",
                path.display(),
                range.start
            ))),
            _ => Ok(()),
        })
        .map(drop)?;
    }
    Ok(())
}

fn before(directory: &Directory) -> PathBuf {
    directory.path().join("before")
}
