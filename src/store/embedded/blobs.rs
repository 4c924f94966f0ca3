//! Attachments' bytes as files, named by their SHA-256: `blobs/ab/ab12…`.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT, utimensat};
use sha2::{Digest, Sha256};

use super::disk::Room;
use super::lock;
use crate::model::BlobId;
use crate::store::{Blobs, Error, Result};

/// The blobs of one data directory.
#[derive(Debug, Clone)]
pub(super) struct FileBlobs {
    directory: PathBuf,
    room: Option<Room>,
    /// Held while a blob that is there is looked at, to be used again or to be removed.
    looking: Arc<Mutex<()>>,
}

impl FileBlobs {
    /// Those in `directory`, which exists.
    pub(super) fn new(directory: PathBuf) -> Self {
        Self {
            directory,
            room: None,
            looking: Arc::default(),
        }
    }

    /// The same, counted in `room`.
    pub(super) fn counted(self, room: Room) -> Self {
        Self {
            room: Some(room),
            ..self
        }
    }

    fn path(&self, id: BlobId) -> PathBuf {
        let name = id.to_string();
        self.directory.join(&name[..2]).join(name)
    }

    fn write(&self, bytes: &[u8]) -> Result<BlobId> {
        let id = BlobId(Sha256::digest(bytes).into());
        let path = self.path(id);
        let failed = |error: io::Error| match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::Full("the disk is full"),
            _ => Error::Io(path.display().to_string(), error),
        };
        let is_there = {
            let _looking = lock(&self.looking);
            // It is about to be named: it counts as written now.
            path.exists() && touch(&path).map(|()| true).map_err(failed)?
        };
        // A file that is there may be damaged; here are the bytes that mend it.
        if !is_there || !matches!(self.read(id), Ok(Some(_))) {
            write_whole(&path, bytes).map_err(failed)?;
        }
        if !is_there {
            let came = bytes.len() as u64;
            self.room.iter().for_each(|room| room.blob_came(came));
        }
        Ok(id)
    }

    /// Removes what was neither written nor read since `before` and is not used. Answers how many bytes.
    pub(super) fn sweep(
        &self,
        before: Timestamp,
        mut is_used: impl FnMut(BlobId) -> Result<bool>,
    ) -> Result<u64> {
        let mut gone = 0;
        for path in files_in(&self.directory)? {
            let failed = |error| Error::Io(path.display().to_string(), error);
            let _looking = lock(&self.looking);
            let metadata = fs::metadata(&path).map_err(failed)?;
            let touched = metadata
                .modified()
                .and_then(|written| Ok(written.max(metadata.accessed()?)));
            let is_old = Timestamp::try_from(touched.map_err(failed)?).is_ok_and(|touched| touched < before);
            // What is no blob is a write that was cut short.
            let blob = path
                .file_name()
                .and_then(|name| name.to_str())
                .and_then(read_name);
            if is_old && !blob.map_or(Ok(false), &mut is_used)? {
                fs::remove_file(&path).map_err(failed)?;
                gone += metadata.len();
                self.room.iter().for_each(|room| room.blob_went(metadata.len()));
            }
        }
        Ok(gone)
    }

    /// The bytes of a blob; none when it is not there.
    pub(super) fn read(&self, id: BlobId) -> Result<Option<Bytes>> {
        let path = self.path(id);
        match fs::read(&path) {
            Ok(bytes) if Sha256::digest(&bytes)[..] == id.0 => Ok(Some(bytes.into())),
            Ok(_) => Err(Error::Damaged(format!(
                "{} is not what its name says",
                path.display()
            ))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::Io(path.display().to_string(), error)),
        }
    }
}

#[async_trait]
impl Blobs for FileBlobs {
    async fn put(&self, bytes: Bytes) -> Result<BlobId> {
        let blobs = self.clone();
        tokio::task::spawn_blocking(move || blobs.write(&bytes))
            .await
            .map_err(|_| Error::Closed)?
    }

    async fn get(&self, id: BlobId) -> Result<Option<Bytes>> {
        let blobs = self.clone();
        tokio::task::spawn_blocking(move || blobs.read(id))
            .await
            .map_err(|_| Error::Closed)?
    }
}

/// Notes that a blob is used now; when it was written stays, by which backups know that it is the same.
fn touch(path: &Path) -> io::Result<()> {
    let special = |tv_nsec| Timespec { tv_sec: 0, tv_nsec };
    let times = Timestamps {
        last_access: special(UTIME_NOW),
        last_modification: special(UTIME_OMIT),
    };
    Ok(utimensat(CWD, path, &times, AtFlags::empty())?)
}

fn read_name(name: &str) -> Option<BlobId> {
    hex::decode(name).ok()?.try_into().ok().map(BlobId)
}

/// The files in the folders of `directory`.
fn files_in(directory: &Path) -> Result<Vec<PathBuf>> {
    let failed = |error| Error::Io(directory.display().to_string(), error);
    let mut files = Vec::new();
    for folder in fs::read_dir(directory).map_err(failed)? {
        let folder = folder.map_err(failed)?.path();
        if folder.is_dir() {
            for file in fs::read_dir(folder).map_err(failed)? {
                files.push(file.map_err(failed)?.path());
            }
        }
    }
    Ok(files)
}

/// Writes a file that is there whole or not at all, whenever the power goes.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let Some(directory) = path.parent() else {
        return Err(ErrorKind::InvalidInput.into());
    };
    if !directory.exists() {
        fs::create_dir_all(directory)?;
        directory
            .parent()
            .map_or(Ok(()), |above| File::open(above)?.sync_all())?;
    }
    // Two writers of the same bytes each have a name of their own; the last rename wins, with the same bytes.
    let unique = uuid::Uuid::new_v4().simple();
    let unfinished = directory.join(format!("{unique}.tmp"));
    let written = File::create(&unfinished).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, path)
    });
    if let Err(error) = written {
        // What matters is the first error; a left-over is only room.
        let _ = fs::remove_file(&unfinished);
        return Err(error);
    }
    File::open(directory)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_come_again_mend_a_damaged_file() {
        let directory = tempfile::tempdir().unwrap();
        let blobs = FileBlobs::new(directory.path().to_owned());
        let id = blobs.write(b"a screenshot").unwrap();
        fs::write(blobs.path(id), b"a scraenshot").unwrap();
        assert!(matches!(blobs.read(id), Err(Error::Damaged(_))));
        assert_eq!(blobs.write(b"a screenshot").unwrap(), id);
        assert_eq!(blobs.read(id).unwrap().as_deref(), Some(&b"a screenshot"[..]));
    }
}
