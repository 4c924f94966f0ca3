//! Who copies files and who frees them keep out of each other's way: `space.lock` beside them.
//!
//! Whatever removes, replaces or shortens a file that counts (a checkpoint, a swept segment, a dictionary, a blob) asks
//! [`Space::try_free`] first, does it another time when the answer is none, and holds what it got until it is done.
//! A backup, which is another process, holds the files with [`Space::hold`]. The lock is the kernel's: it ends with the
//! process that has it, whatever ends that one. Two things go without: adding to the ends of files, and unlinking a file
//! of the journal whose entries are recorded, since segments are copied after the journal.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::store::{Error, Result};

/// The lock, until this is dropped.
#[derive(Debug)]
pub(super) struct Space {
    _lock: File,
}

impl Space {
    /// Files stay while this is held, by any number of holders. Waits for who is freeing.
    pub(super) fn hold(data: &Path) -> Result<Self> {
        let lock = open(data)?;
        lock.lock_shared().map_err(|error| failed(data, error))?;
        Ok(Self { _lock: lock })
    }

    /// The right to free files, for one at a time; none while somebody holds them or frees. Never waits.
    pub(super) fn try_free(data: &Path) -> Result<Option<Self>> {
        let lock = open(data)?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { _lock: lock })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(data, error)),
        }
    }
}

fn open(data: &Path) -> Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(data.join("space.lock"))
        .map_err(|error| failed(data, error))
}

fn failed(data: &Path, error: std::io::Error) -> Error {
    Error::Io(format!("locking {}", data.join("space.lock").display()), error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_freed_while_it_is_held() {
        let data = tempfile::TempDir::new().unwrap();
        let held = (
            Space::hold(data.path()).unwrap(),
            Space::hold(data.path()).unwrap(),
        );
        assert!(Space::try_free(data.path()).unwrap().is_none());
        drop(held.0);
        assert!(Space::try_free(data.path()).unwrap().is_none());
        drop(held.1);
        let freeing = Space::try_free(data.path()).unwrap();
        assert!(freeing.is_some());
        assert!(Space::try_free(data.path()).unwrap().is_none());
    }
}
