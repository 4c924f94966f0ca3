//! A new index, for when the old one is lost or doubted: the newest sound checkpoint, and what the segments hold behind it.

use std::fs;
use std::path::Path;

use tracing::{info, warn};

use super::checkpoint;
use super::directory::Directory;
use super::disk::size_of;
use super::index::keys::Key;
use super::index::rows::{self, Layout, Meta};
use super::index::tree::Tree;
use super::replay::{self, Replayed};
use super::segments::Segments;
use super::{Options, migration, repair};
use crate::store::{Error, Result};

/// Makes the index of `data` anew. The old one is kept as `index.old`; it replaces the one of an earlier rebuild. An
/// interrupted rebuild changes nothing.
pub fn rebuild(data: &Path, options: Options) -> Result<Replayed> {
    let directory = Directory::open_existing(data)?;
    let replayed = anew(&directory, options)?;
    repair::trust(&directory)?;
    Ok(replayed)
}

/// Opens the index and brings it up to the segments.
pub(super) fn open_index(directory: &Directory, options: Options) -> Result<(Tree, Meta)> {
    let tree = current_index(directory, options)?;
    let mut meta: Meta = tree.read(&Key::meta())?.unwrap_or_default();
    let replayed = replay::replay(&Segments::of(directory)?, &mut meta, &tree)?;
    if replayed.commits > 0 {
        let (commits, frames) = (replayed.commits, replayed.frames);
        info!(commits, frames, "the index caught up with the segments");
    }
    Ok((tree, meta))
}

/// An index is made anew when it takes so many times what its rows do, packed as in a checkpoint: sled gives nothing back,
/// and lives at two or three times its rows, which pack to about a quarter.
const BLOATED: u64 = 24;
/// A smaller index is not worth it.
const LEAST_BLOATED: u64 = 256 << 20;
/// A checkpoint that knows nothing of more segments than these says little of the rows there are, and makes no index soon.
const MOST_BEHIND: usize = 2;

/// Opens the index. One that is lost, of an older layout, or takes far more than its rows do, is made anew first.
fn current_index(directory: &Directory, options: Options) -> Result<Tree> {
    let tree = Tree::open(&directory.index(), options.cache)?;
    let meta = tree.get(Key::meta())?;
    let why = match meta.as_deref().map(rows::layout).transpose()? {
        Some(Layout::Ours) if !is_bloated(directory)? => return Ok(tree),
        Some(Layout::Ours) => {
            drop(tree);
            info!("the index takes far more than its rows do: making it anew");
            let replayed = anew(directory, options)?;
            // It was sound, and would take the room that is to come back.
            remove(&directory.index_aside("old"))?;
            info!("{replayed}");
            return Tree::open(&directory.index(), options.cache);
        }
        Some(Layout::Older) => {
            drop(tree);
            info!("the index is of an older layout: making it anew");
            let replayed = make(directory, options)?;
            info!("{replayed}");
            migration::keep_index(directory)?;
            rename(&directory.index_aside("new"), &directory.index())?;
            return Tree::open(&directory.index(), options.cache);
        }
        None if is_new(directory)? => return Ok(tree),
        None => "the index is lost",
    };
    drop(tree);
    info!("{why}: making it anew");
    let replayed = anew(directory, options)?;
    let (commits, damaged) = (replayed.commits, replayed.damaged);
    info!(commits, damaged, "{replayed}");
    Tree::open(&directory.index(), options.cache)
}

/// Whether much room comes back, and soon, when the index is made anew from its newest checkpoint.
fn is_bloated(directory: &Directory) -> Result<bool> {
    let Some(newest) = checkpoint::list(&directory.checkpoints())?.into_iter().next() else {
        return Ok(false);
    };
    if Segments::of(directory)?.from(newest.place).len() > MOST_BEHIND {
        return Ok(false);
    }
    let (index, rows) = (size_of(&directory.index())?, size_of(&newest.path)?);
    Ok(far_more(index, rows) && checkpoint::check(&newest)? == Layout::Ours)
}

fn far_more(index: u64, packed_rows: u64) -> bool {
    index > LEAST_BLOATED && index / BLOATED > packed_rows
}

/// Whether nothing was ever committed.
fn is_new(directory: &Directory) -> Result<bool> {
    let segments = Segments::of(directory)?;
    Ok(segments.all().is_empty() && checkpoint::list(&directory.checkpoints())?.is_empty())
}

fn anew(directory: &Directory, options: Options) -> Result<Replayed> {
    let replayed = make(directory, options)?;
    let (new, old) = (directory.index_aside("new"), directory.index_aside("old"));
    let index = directory.index();
    remove(&old)?;
    if index.exists() {
        rename(&index, &old)?;
    }
    rename(&new, &index)?;
    Ok(replayed)
}

/// Makes a new index, as `index.new`.
fn make(directory: &Directory, options: Options) -> Result<Replayed> {
    let new = directory.index_aside("new");
    remove(&new)?;
    let tree = Tree::open(&new, options.cache)?;
    let (mut meta, base) = base(&directory.checkpoints(), &tree)?;
    let segments = Segments::of(directory)?;
    if segments.freed()? > Some(meta.applied) {
        return Err(Error::Damaged(
            "no checkpoint is sound from which an index could be made: restore a backup".into(),
        ));
    }
    let replayed = replay::replay(&segments, &mut meta, &tree)?;
    tree.flush()?;
    Ok(Replayed {
        rows: base.rows,
        unsound: base.unsound,
        ..replayed
    })
}

/// Puts the rows of the newest sound checkpoint into `tree`, if there is one.
fn base(checkpoints: &Path, tree: &Tree) -> Result<(Meta, Replayed)> {
    let mut found = Replayed::default();
    for checkpoint in checkpoint::list(checkpoints)? {
        match checkpoint::check(&checkpoint) {
            Ok(Layout::Ours) => {
                found.rows = checkpoint::load(&checkpoint, tree)?;
                return Ok((tree.read(&Key::meta())?.unwrap_or_default(), found));
            }
            Ok(Layout::Older) | Err(Error::Newer(_)) => {
                info!(
                    "the checkpoint {} is of another layout",
                    checkpoint.path.display()
                );
            }
            Err(error @ Error::Damaged(_)) => {
                warn!(%error, "passed over a damaged checkpoint");
                found.unsound += 1;
            }
            Err(error) => return Err(error),
        }
    }
    Ok((Meta::default(), found))
}

pub(super) fn remove(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::Io(format!("removing {}", path.display()), error))
        }
        _ => Ok(()),
    }
}

pub(super) fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to)
        .map_err(|error| Error::Io(format!("moving {} to {}", from.display(), to.display()), error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_made_anew_when_it_is_worth_it() {
        const MB: u64 = 1 << 20;
        assert!(far_more(1_000 * MB, 40 * MB));
        assert!(
            !far_more(1_000 * MB, 50 * MB),
            "sled takes two or three times its rows"
        );
        assert!(!far_more(200 * MB, MB), "it is small");
    }
}
