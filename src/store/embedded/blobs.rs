//! Attachments' bytes as files, named by their SHA-256: `blobs/ab/ab12…`.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::model::BlobId;
use crate::store::{Blobs, Error, Result};

/// The blobs of one data directory.
#[derive(Debug, Clone)]
pub(super) struct FileBlobs {
    directory: PathBuf,
}

impl FileBlobs {
    /// Those in `directory`, which exists.
    pub(super) fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    fn path(&self, id: BlobId) -> PathBuf {
        let name = id.to_string();
        self.directory.join(&name[..2]).join(name)
    }

    fn write(&self, bytes: &[u8]) -> Result<BlobId> {
        let id = BlobId(Sha256::digest(bytes).into());
        let path = self.path(id);
        // A file that is there may be damaged; here are the bytes that mend it.
        if !matches!(self.read(id), Ok(Some(_))) {
            write_whole(&path, bytes).map_err(|error| match error.kind() {
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::Full("the disk is full"),
                _ => Error::Io(path.display().to_string(), error),
            })?;
        }
        Ok(id)
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
