//! A new index from the segments, for when the old one is lost or doubted.

use std::fs;
use std::path::Path;

use tracing::info;

use super::Options;
use super::directory::Directory;
use super::index::keys::Key;
use super::index::rows::{self, Layout, Meta};
use super::index::{self, sled_error};
use super::replay::{self, Replayed};
use super::segments::Segments;
use crate::store::{Error, Result};

/// Makes the index of `data` anew. The old one is kept as `index.old`; it replaces the one of an earlier rebuild. An
/// interrupted rebuild changes nothing.
pub fn rebuild(data: &Path, options: Options) -> Result<Replayed> {
    anew(&Directory::open_existing(data)?, options)
}

/// Opens the index. One of an older layout is made anew first.
pub(super) fn current_index(directory: &Directory, options: Options) -> Result<sled::Tree> {
    let tree = index::open(&directory.index(), options.cache)?;
    let meta = tree.get(Key::meta()).map_err(sled_error)?;
    match meta.as_deref().map_or(Ok(Layout::Ours), rows::layout)? {
        Layout::Ours => Ok(tree),
        Layout::Older => {
            drop(tree);
            info!("the index is of an older layout: making it anew from the segments");
            let replayed = anew(directory, options)?;
            let (commits, damaged) = (replayed.commits, replayed.damaged);
            info!(commits, damaged, "the index is made anew");
            index::open(&directory.index(), options.cache)
        }
    }
}

fn anew(directory: &Directory, options: Options) -> Result<Replayed> {
    let (new, old) = (directory.index_aside("new"), directory.index_aside("old"));
    remove(&new)?;
    let replayed = {
        let tree = index::open(&new, options.cache)?;
        let replayed = replay::replay(&Segments::new(directory.segments()), &mut Meta::default(), &tree)?;
        tree.flush().map_err(sled_error)?;
        replayed
    };
    let index = directory.index();
    remove(&old)?;
    if index.exists() {
        rename(&index, &old)?;
    }
    rename(&new, &index)?;
    Ok(replayed)
}

pub(super) fn remove(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::Io(format!("removing {}", path.display()), error))
        }
        _ => Ok(()),
    }
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to)
        .map_err(|error| Error::Io(format!("moving {} to {}", from.display(), to.display()), error))
}
