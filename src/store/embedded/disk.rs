//! Room on the disk: what is refused before the disk itself does.

use std::path::PathBuf;

use crate::store::{Error, Result};

/// Watches the free space of the file system that holds the data.
#[derive(Debug, Clone)]
pub(super) struct Room {
    path: PathBuf,
    floor: u64,
}

impl Room {
    /// At least `floor` bytes stay free.
    pub(super) fn new(path: PathBuf, floor: u64) -> Self {
        Self { path, floor }
    }

    /// The same disk with a lower floor: what was accepted must still find room to be recorded.
    pub(super) fn reserve(&self) -> Self {
        Self {
            path: self.path.clone(),
            floor: self.floor / 4,
        }
    }

    /// Whether `bytes` more leave the floor free.
    pub(super) fn check(&self, bytes: u64) -> Result<()> {
        let disk = rustix::fs::statvfs(&self.path)
            .map_err(|error| Error::Io(self.path.display().to_string(), error.into()))?;
        if disk.f_bavail.saturating_mul(disk.f_frsize) < self.floor.saturating_add(bytes) {
            return Err(Error::Full("the disk has reached its floor of free space"));
        }
        Ok(())
    }
}
