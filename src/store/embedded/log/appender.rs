//! Writing at the end of a file, durably or not at all.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// The file that is written to.
pub(in super::super) struct Appender {
    file: File,
    length: u64,
    /// Whether what stands in the file ends at `length`.
    is_sound: bool,
}

impl Appender {
    /// Opens `path` to go on at `length`; what stands behind is cut off. A new file is made durable in its directory.
    pub(in super::super) fn open(path: &Path, length: u64) -> io::Result<Self> {
        let is_new = !path.exists();
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        if file.metadata()?.len() != length {
            file.set_len(length)?;
            file.sync_all()?;
        }
        if let (true, Some(directory)) = (is_new, path.parent()) {
            File::open(directory)?.sync_all()?;
        }
        Ok(Self {
            file,
            length,
            is_sound: true,
        })
    }

    /// Where the next byte goes.
    pub(in super::super) fn length(&self) -> u64 {
        self.length
    }

    /// Adds `bytes`; they are on disk when this returns. After an error nothing was added: half a write, as a full
    /// disk leaves it, is taken back, so that the next one begins at a sound place.
    pub(in super::super) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if !self.is_sound {
            // A shorter write would leave the rest of a refused one standing behind it, to be found at the next start.
            return Err(io::Error::other("an earlier write could not be taken back"));
        }
        let written = self
            .file
            .write_all_at(bytes, self.length)
            .and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => {
                self.length += bytes.len() as u64;
                Ok(())
            }
            Err(error) => {
                self.is_sound = self.file.set_len(self.length).is_ok();
                Err(error)
            }
        }
    }
}
