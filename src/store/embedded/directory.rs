//! The data directory: made, locked, and of a version that is known.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::space::Space;
use crate::store::{Error, Result};

/// The version of the layout that this program writes: one more when an older program would go wrong with what this one
/// writes, be it a file or what a fact means ([`super::facts::schema_of`]).
pub(super) const SCHEMA: u32 = 2;

/// A data directory that is ours until this is dropped.
pub(super) struct Directory {
    path: PathBuf,
    schema: u32,
    _lock: File,
}

impl Directory {
    /// Makes the directory when it is not there, only for its owner's eyes, and takes it.
    pub(super) fn open(path: &Path) -> Result<Self> {
        refuse(path, &[Mark::Backup, Mark::Unfinished])?;
        for part in ["journal", "segments", "checkpoints", "dictionaries", "blobs"] {
            let part = path.join(part);
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&part)
                .map_err(|error| Error::Io(format!("making {}", part.display()), error))?;
        }
        // It belongs to who runs the server, whoever makes the first backup.
        drop(Space::hold(path)?);
        Self::take(path)
    }

    /// Takes a directory that is there.
    pub(super) fn open_existing(path: &Path) -> Result<Self> {
        refuse(path, &[Mark::Backup, Mark::Unfinished])?;
        Self::take(path)
    }

    /// Takes a directory that is there and may be a backup, to look at it.
    pub(super) fn open_to_check(path: &Path) -> Result<Self> {
        refuse(path, &[Mark::Unfinished])?;
        Self::take(path)
    }

    /// Takes a directory that is there, whatever it is marked as.
    pub(super) fn take(path: &Path) -> Result<Self> {
        if !path.join("segments").is_dir() {
            return Err(Error::Missing("data directory"));
        }
        let lock = take_lock(path)?;
        Ok(Self {
            path: path.to_owned(),
            schema: schema(path)?,
            _lock: lock,
        })
    }

    /// The version of its layout when it was taken: ours or an older one.
    pub(super) fn schema(&self) -> u32 {
        self.schema
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn journal(&self) -> PathBuf {
        self.path.join("journal")
    }

    pub(super) fn segments(&self) -> PathBuf {
        self.path.join("segments")
    }

    pub(super) fn checkpoints(&self) -> PathBuf {
        self.path.join("checkpoints")
    }

    pub(super) fn dictionaries(&self) -> PathBuf {
        self.path.join("dictionaries")
    }

    pub(super) fn words(&self) -> PathBuf {
        self.path.join("words")
    }

    pub(super) fn blobs(&self) -> PathBuf {
        self.path.join("blobs")
    }

    pub(super) fn index(&self) -> PathBuf {
        self.path.join("index")
    }

    /// A place beside the index, for a new one while it is made or an old one that was replaced.
    pub(super) fn index_aside(&self, why: &str) -> PathBuf {
        self.path.join(format!("index.{why}"))
    }

    /// Whether it is marked so.
    pub(super) fn is(&self, mark: Mark) -> bool {
        mark.is_on(&self.path)
    }
}

/// Says of a directory that no server runs on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// It is a copy.
    Backup,
    /// It is being restored.
    Unfinished,
}

impl Mark {
    fn file(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::Unfinished => "unfinished",
        }
    }

    fn is_on(self, directory: &Path) -> bool {
        directory.join(self.file()).exists()
    }

    /// Marks `directory`, durably; `text` is for people who look into it.
    pub(super) fn set(self, directory: &Path, text: &str) -> Result<()> {
        let file = directory.join(self.file());
        write_durably(&file, text)
    }

    /// Takes the mark away.
    pub(super) fn clear(self, directory: &Path) -> Result<()> {
        let file = directory.join(self.file());
        fs::remove_file(&file)
            .and_then(|()| File::open(directory)?.sync_all())
            .map_err(|error| Error::Io(file.display().to_string(), error))
    }
}

fn refuse(path: &Path, marks: &[Mark]) -> Result<()> {
    match marks.iter().find(|mark| mark.is_on(path)) {
        Some(Mark::Backup) => Err(Error::Conflict(
            "the data directory is a backup: make another one of it with `tripline restore`",
        )),
        Some(Mark::Unfinished) => Err(Error::Conflict(
            "a restore into the data directory is under way or was interrupted: empty it and restore again",
        )),
        None => Ok(()),
    }
}

/// Takes a directory for this process, until the file is dropped.
pub(super) fn take_lock(path: &Path) -> Result<File> {
    let file = path.join("lock");
    let lock = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&file)
        .map_err(|error| Error::Io(format!("opening {}", file.display()), error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(Error::Locked(path.display().to_string())),
        Err(TryLockError::Error(error)) => Err(Error::Io(format!("locking {}", file.display()), error)),
    }
}

/// The version of the layout of a directory; none where no data is. Newer data is refused: an older program would not
/// know what it breaks.
pub(super) fn known_schema(path: &Path) -> Result<Option<u32>> {
    let file = path.join("schema");
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) => match error.kind() {
            ErrorKind::NotFound => return Ok(None),
            // Not even text.
            ErrorKind::InvalidData => String::new(),
            _ => return Err(Error::Io(file.display().to_string(), error)),
        },
    };
    match text.trim().parse() {
        Ok(found) if found > SCHEMA => Err(Error::Newer(format!(
            "{} says {found}, this version reads up to {SCHEMA}",
            file.display()
        ))),
        Ok(found @ 1..) => Ok(Some(found)),
        Ok(0) | Err(_) => Err(Error::Damaged(format!(
            "{} holds no version; this program writes {SCHEMA}",
            file.display()
        ))),
    }
}

/// The version of the layout of a directory, which is ours where none is said.
fn schema(path: &Path) -> Result<u32> {
    if let Some(found) = known_schema(path)? {
        return Ok(found);
    }
    write_durably(&path.join("schema"), &format!("{SCHEMA}\n"))?;
    Ok(SCHEMA)
}

/// Writes a small file, which is on disk as it was or as it is now, and no third way.
pub(super) fn write_durably(path: &Path, text: &str) -> Result<()> {
    let unfinished = path.with_extension("tmp");
    let written = File::create(&unfinished).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&unfinished, path)?;
        path.parent()
            .map_or(Ok(()), |above| File::open(above)?.sync_all())
    });
    written.map_err(|error| Error::Io(path.display().to_string(), error))
}
