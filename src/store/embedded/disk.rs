//! Room on the disk: what is refused before the disk itself does, or before the budget is used up.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::lock;
use crate::store::{DiskUse, Error, Result};

/// Files are looked at again when this share of the budget may have been added since.
const LOOK_EVERY: u64 = 64;
/// When there is no room, they are looked at again after this.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// The least that stays free of a budget for a checkpoint.
const LEAST_CHECKPOINT: u64 = 1 << 20;

/// Watches the file system that holds the data, and what the data takes.
#[derive(Debug, Clone)]
pub(super) struct Room {
    disk: Arc<Disk>,
    floor: u64,
    /// The part of the headroom that stays free: one in so many.
    share: u64,
}

#[derive(Debug)]
struct Disk {
    path: PathBuf,
    /// The most that all data may take; 0 for no bound.
    budget: u64,
    /// The most that is written to sweep a segment.
    sweep: u64,
    known: Mutex<Option<Known>>,
    blobs: AtomicU64,
}

/// What was seen at the last look.
#[derive(Debug, Clone, Copy)]
struct Known {
    usage: DiskUse,
    seen: Instant,
    /// What may have been written since.
    since: u64,
}

impl Room {
    /// At least `floor` bytes of the disk stay free, and the data below `path` takes no more than `budget`, of which
    /// `sweep` and a checkpoint stay free. Looks at all files once.
    pub(super) fn new(path: &Path, floor: u64, budget: u64, sweep: u64) -> Result<Self> {
        let blobs = AtomicU64::new(size_of(&path.join("blobs"))?);
        let disk = Disk {
            path: path.to_owned(),
            budget,
            sweep,
            known: Mutex::default(),
            blobs,
        };
        Ok(Self {
            disk: Arc::new(disk),
            floor,
            share: 1,
        })
    }

    /// The same disk with a lower floor, and half of the headroom: what was accepted must still find room to be recorded.
    pub(super) fn reserve(&self) -> Self {
        Self {
            floor: self.floor / 4,
            share: 2,
            ..self.clone()
        }
    }

    /// Whether `bytes` may be written, which lead to `later` more.
    pub(super) fn check(&self, bytes: u64, later: u64) -> Result<()> {
        if self.free()? < self.floor.saturating_add(bytes) {
            return Err(Error::Full("the disk has reached its floor of free space"));
        }
        if self.disk.budget == 0 {
            return Ok(());
        }
        let mut known = lock(&self.disk.known);
        let due = |it: &Known| it.since > self.disk.budget / LOOK_EVERY;
        let mut now = match known.filter(|it| !due(it)) {
            Some(now) => now,
            None => self.look()?,
        };
        let is_full = |it: &Known| {
            let wanted = it.usage.total() + it.since + it.usage.headroom / self.share;
            wanted.saturating_add(bytes).saturating_add(later) > self.disk.budget
        };
        if is_full(&now) && now.seen.elapsed() > LOOK_AGAIN {
            now = self.look()?;
        }
        let full = is_full(&now);
        if !full {
            now.since += bytes;
        }
        *known = Some(now);
        match full {
            true => Err(Error::Full("storage.max_disk_bytes is used up")),
            false => Ok(()),
        }
    }

    /// What is on disk now.
    pub(super) fn usage(&self) -> Result<DiskUse> {
        let now = self.look()?;
        *lock(&self.disk.known) = Some(now);
        Ok(now.usage)
    }

    /// Bytes that may be written for a while, beside what is kept free.
    pub(super) fn spare(&self) -> Result<u64> {
        let usage = self.usage()?;
        let budget = match usage.budget {
            0 => u64::MAX,
            budget => budget.saturating_sub(usage.total() + usage.headroom),
        };
        Ok(usage.free.min(budget))
    }

    /// Bytes of blobs came.
    pub(super) fn blob_came(&self, bytes: u64) {
        self.disk.blobs.fetch_add(bytes, Ordering::Relaxed);
    }

    /// They went.
    pub(super) fn blob_went(&self, bytes: u64) {
        let _ = self
            .disk
            .blobs
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |it| {
                Some(it.saturating_sub(bytes))
            });
    }

    fn look(&self) -> Result<Known> {
        let mut usage = DiskUse {
            budget: self.disk.budget,
            free: self.free()?.saturating_sub(self.floor),
            blobs: self.disk.blobs.load(Ordering::Relaxed),
            ..DiskUse::default()
        };
        let failed = |error| Error::Io(self.disk.path.display().to_string(), error);
        for entry in fs::read_dir(&self.disk.path).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let part = match path.file_name().and_then(|name| name.to_str()) {
                // They are too many to be looked at each time.
                Some("blobs") => continue,
                Some("journal") => &mut usage.journal,
                Some("segments") => &mut usage.segments,
                Some("checkpoints") => &mut usage.checkpoints,
                Some("index" | "words") => &mut usage.index,
                _ => &mut usage.other,
            };
            *part += size_of(&path)?;
        }
        // One of two checkpoints, and some more than that: the next one may be larger. Half is for who records.
        let checkpoint = usage.checkpoints / 2 + usage.checkpoints / 8 + LEAST_CHECKPOINT;
        usage.headroom = 2 * checkpoint.max(self.disk.sweep);
        Ok(Known {
            usage,
            seen: Instant::now(),
            since: 0,
        })
    }

    fn free(&self) -> Result<u64> {
        free(&self.disk.path)
    }
}

/// Bytes that are free on the file system of `path`.
pub(super) fn free(path: &Path) -> Result<u64> {
    let disk =
        rustix::fs::statvfs(path).map_err(|error| Error::Io(path.display().to_string(), error.into()))?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// What a file, or all below a directory, takes on disk. What goes away meanwhile takes nothing.
pub(super) fn size_of(path: &Path) -> Result<u64> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => Ok(0),
        _ => Err(Error::Io(path.display().to_string(), error)),
    };
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => return failed(error),
    };
    let own = metadata.blocks() * 512;
    if !metadata.is_dir() {
        return Ok(own);
    }
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => return failed(error),
    };
    let mut sum = own;
    for entry in entries {
        match entry {
            Ok(entry) => sum += size_of(&entry.path())?,
            Err(error) => sum += failed(error)?,
        }
    }
    Ok(sum)
}
