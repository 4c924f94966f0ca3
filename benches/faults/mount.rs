//! A file system of our own, in memory, that is gone afterwards.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::tally::Missing;

/// A mounted file system.
pub(crate) struct Mount {
    directory: TempDir,
}

impl Mount {
    /// Mounts one of so many bytes; only root may.
    pub(crate) fn new(bytes: u64) -> Result<Self, Missing> {
        let directory = TempDir::new().unwrap();
        let size = format!("size={bytes}");
        mount(&["-t", "tmpfs", "-o", &size, "tripline", path(directory.path())])?;
        Ok(Self { directory })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> PathBuf {
        self.directory.path().to_owned()
    }

    /// Mounts it anew, `ro` or `rw`; nothing may be open for writing.
    pub(crate) fn remount(&self, how: &str) -> Result<(), Missing> {
        mount(&["-o", &format!("remount,{how}"), path(self.directory.path())])
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        // Lazily: a program that is being ended may still have it open.
        let _ = Command::new("umount")
            .args(["-l", path(self.directory.path())])
            .status();
    }
}

fn mount(arguments: &[&str]) -> Result<(), Missing> {
    let output = Command::new("mount").args(arguments).output();
    let why = match output {
        Ok(output) if output.status.success() => return Ok(()),
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(error) => error.to_string(),
    };
    Err(Missing(format!("it takes root to mount a file system ({why})")))
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}
