//! The data directory: made, locked, and of a version that is known.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::space::Space;
use crate::store::{Error, Result};

/// The version of the layout that this program writes.
const SCHEMA: u32 = 1;

/// A data directory that is ours until this is dropped.
pub(super) struct Directory {
    path: PathBuf,
    _lock: File,
}

impl Directory {
    /// Makes the directory when it is not there, only for its owner's eyes, and takes it.
    pub(super) fn open(path: &Path) -> Result<Self> {
        for part in ["journal", "segments", "blobs"] {
            let part = path.join(part);
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&part)
                .map_err(|error| Error::Io(format!("making {}", part.display()), error))?;
        }
        Self::open_existing(path)
    }

    /// Takes a directory that is there.
    pub(super) fn open_existing(path: &Path) -> Result<Self> {
        let lock = take_lock(path)?;
        check_schema(path)?;
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }

    pub(super) fn journal(&self) -> PathBuf {
        self.path.join("journal")
    }

    pub(super) fn segments(&self) -> PathBuf {
        self.path.join("segments")
    }

    pub(super) fn blobs(&self) -> PathBuf {
        self.path.join("blobs")
    }

    pub(super) fn index(&self) -> PathBuf {
        self.path.join("index")
    }

    /// The right to remove, replace or shorten files; none while a backup copies them. See [`super::space`].
    #[expect(dead_code, reason = "nothing is freed so far")]
    pub(super) fn try_free_space(&self) -> Result<Option<Space>> {
        Space::try_free(&self.path)
    }

    /// A place beside the index, for a new one while it is made or an old one that was replaced.
    pub(super) fn index_aside(&self, why: &str) -> PathBuf {
        self.path.join(format!("index.{why}"))
    }
}

fn take_lock(path: &Path) -> Result<File> {
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

/// Newer data is refused: an older program would not know what it breaks.
fn check_schema(path: &Path) -> Result<()> {
    let file = path.join("schema");
    let failed = |error| Error::Io(file.display().to_string(), error);
    match std::fs::read_to_string(&file) {
        Ok(text) => {
            let damaged = |_| Error::Damaged(format!("{} holds no version", file.display()));
            match text.trim().parse().map_err(damaged)? {
                found if found > SCHEMA => Err(Error::Newer { found, known: SCHEMA }),
                _ => Ok(()),
            }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let mut new = File::create(&file).map_err(failed)?;
            writeln!(new, "{SCHEMA}")
                .and_then(|()| new.sync_all())
                .map_err(failed)?;
            File::open(path)
                .and_then(|directory| directory.sync_all())
                .map_err(failed)
        }
        Err(error) => Err(failed(error)),
    }
}
