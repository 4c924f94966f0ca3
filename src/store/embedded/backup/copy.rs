//! Copying files that may be added to, durably.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::ops::AddAssign;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use super::Size;
use crate::store::{Error, Result};

/// How to copy.
pub(super) struct Copy<'a> {
    /// An earlier copy: what is unchanged there is shared with it.
    pub(super) earlier: Option<&'a Path>,
}

impl Copy<'_> {
    /// Copies the directory `name` of `from` with all that is in it; none when it is not there.
    pub(super) fn directory(&self, from: &Path, name: &Path, to: &Path) -> Result<Option<Size>> {
        let source = from.join(name);
        let failed = |error| Error::Io(source.display().to_string(), error);
        let entries = match fs::read_dir(&source) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            names.push(name.join(entry.map_err(failed)?.file_name()));
        }
        // Segments in their order: a later one goes on where the earlier ends.
        names.sort_unstable();
        make_directory(&to.join(name))?;
        let mut size = Size::default();
        for name in names {
            let inner = match from.join(&name).is_dir() {
                true => self.directory(from, &name, to)?,
                // What somebody is writing has no right name yet.
                false if name.extension().is_some_and(|it| it == "tmp") => None,
                false => self.file(from, &name, to)?,
            };
            size += inner.unwrap_or_default();
        }
        sync_directory(&to.join(name))?;
        Ok(Some(size))
    }

    /// Copies the file `name` of `from` as long as it is at this moment; none when it is gone, as a spent file of the
    /// journal may be.
    pub(super) fn file(&self, from: &Path, name: &Path, to: &Path) -> Result<Option<Size>> {
        let (source, target) = (from.join(name), to.join(name));
        let failed = |error| {
            let what = format!("copying {} to {}", source.display(), target.display());
            Error::Io(what, error)
        };
        let mut file = match File::open(&source) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let was = file.metadata().map_err(failed)?;
        let mut size = Size {
            files: 1,
            bytes: was.len(),
            shared: 0,
        };
        if self.share(name, &was, &target) {
            size.shared = 1;
            return Ok(Some(size));
        }
        let mut copy = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&target)
            .map_err(failed)?;
        size.bytes = std::io::copy(&mut file.by_ref().take(was.len()), &mut copy).map_err(failed)?;
        // By the time the next backup knows that this one has the file already.
        was.modified()
            .and_then(|time| copy.set_modified(time))
            .and_then(|()| copy.sync_all())
            .map_err(failed)?;
        Ok(Some(size))
    }

    /// Gives the earlier copy of a file a second name, if it is the file as it is: whoever writes to one changes its
    /// length or its time.
    fn share(&self, name: &Path, now: &fs::Metadata, target: &Path) -> bool {
        let stamp = |it: &fs::Metadata| (it.len(), it.mtime(), it.mtime_nsec());
        self.earlier.is_some_and(|earlier| {
            let earlier = earlier.join(name);
            // On another file system it is copied instead.
            earlier
                .metadata()
                .is_ok_and(|before| stamp(&before) == stamp(now))
                && fs::hard_link(earlier, target).is_ok()
        })
    }
}

impl AddAssign for Size {
    fn add_assign(&mut self, other: Self) {
        self.files += other.files;
        self.bytes += other.bytes;
        self.shared += other.shared;
    }
}

/// Makes a directory for its owner's eyes only, if it is not there.
pub(super) fn make_directory(path: &Path) -> Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|error| Error::Io(format!("making {}", path.display()), error))
}

/// Puts a directory's entries on disk.
pub(super) fn sync_directory(path: &Path) -> Result<()> {
    File::open(path)
        .and_then(|directory| directory.sync_all())
        .map_err(|error| Error::Io(path.display().to_string(), error))
}
