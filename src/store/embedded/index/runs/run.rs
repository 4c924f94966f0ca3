//! One run: rows in order, in a file that never changes.
//!
//! ```text
//! file      = block … | filter | directory | crc32 u32 of filter and directory
//! directory = of each block: where it ends u64 | length of its first key u8 | first key
//! ```
//!
//! Integers are big-endian. Filter and directory are in memory, blocks are where the system keeps what was read of files.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::ops::Bound::{self, Excluded, Included, Unbounded};
use std::os::unix::fs::FileExt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::block::{self, Packer};
use super::filter::Filter;
use crate::store::embedded::index::keys::KeyBytes;
use crate::store::embedded::index::scan::Side;
use crate::store::{Error, Result};

/// A row, or that it was removed.
pub(in crate::store::embedded::index) type RunRow = (KeyBytes, Option<sled::IVec>);

/// What the index's list of runs says of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Info {
    /// Its number, which no other run on the list has.
    pub(super) number: u64,
    /// How many rows it has, removed ones as well.
    pub(super) rows: u64,
    /// How many of them say that a row was removed.
    pub(super) removed: u64,
    /// How many rows its filter has room for.
    room: u64,
    /// Bytes of its blocks.
    pub(super) bytes: u64,
}

/// A run, and what is in memory of it.
pub(super) struct Run {
    pub(super) info: Info,
    file: File,
    filter: Filter,
    blocks: Vec<Block>,
}

/// Where a block is.
struct Block {
    first: KeyBytes,
    end: u64,
}

impl Run {
    /// Writes a run of rows that come in order, at most about so `many`, durably. It is none before it is on the list.
    pub(super) fn write<V: AsRef<[u8]>>(
        directory: &Path,
        number: u64,
        many: u64,
        rows: impl Iterator<Item = Result<(KeyBytes, Option<V>)>>,
    ) -> Result<Self> {
        let path = directory.join(number.to_string());
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::Full("the disk is full"),
            _ => Error::Io(format!("writing {}", path.display()), error),
        };
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(true);
        let file = options.open(&path).map_err(failed)?;
        let info = Info {
            number,
            rows: 0,
            removed: 0,
            room: many,
            bytes: 0,
        };
        let mut run = Self {
            info,
            file,
            filter: Filter::of(many),
            blocks: Vec::new(),
        };
        let written = run
            .put(rows, failed)
            .and_then(|()| File::open(directory).and_then(|it| it.sync_all()).map_err(failed));
        if written.is_err() {
            // On a full disk it would hold what somebody waits for. What matters is the first error.
            let _ = fs::remove_file(&path);
        }
        written.map(|()| run)
    }

    fn put<V: AsRef<[u8]>>(
        &mut self,
        rows: impl Iterator<Item = Result<(KeyBytes, Option<V>)>>,
        failed: impl Fn(io::Error) -> Error,
    ) -> Result<()> {
        let mut file = BufWriter::with_capacity(64 << 10, &self.file);
        let mut put = |(first, block): (KeyBytes, Vec<u8>)| {
            self.info.bytes += block.len() as u64;
            let end = self.info.bytes;
            self.blocks.push(Block { first, end });
            file.write_all(&block).map_err(&failed)
        };
        let mut packer = Packer::default();
        for row in rows {
            let (key, value) = row?;
            self.filter.add(&key);
            self.info.rows += 1;
            self.info.removed += u64::from(value.is_none());
            packer
                .add(&key, value.as_ref().map(AsRef::as_ref))
                .map_or(Ok(()), &mut put)?;
        }
        packer.take().map_or(Ok(()), put)?;
        let mut tail = self.filter.to_bytes();
        for Block { first, end } in &self.blocks {
            tail.extend_from_slice(&end.to_be_bytes());
            tail.push(first.len() as u8);
            tail.extend_from_slice(first);
        }
        let crc = crc32fast::hash(&tail);
        tail.extend_from_slice(&crc.to_be_bytes());
        file.write_all(&tail)
            .and_then(|()| file.flush())
            .map_err(&failed)?;
        drop(file);
        self.file.sync_all().map_err(failed)
    }

    /// A run that is on the list.
    pub(super) fn open(directory: &Path, info: Info) -> Result<Self> {
        let path = directory.join(info.number.to_string());
        let damaged = |why: &dyn std::fmt::Display| Error::BadIndex(format!("{}: {why}", path.display()));
        let file = File::open(&path).map_err(|error| damaged(&error))?;
        let length = file.metadata().map_err(|error| damaged(&error))?.len();
        let tail = length.checked_sub(info.bytes).filter(|&it| it <= length);
        let mut tail = vec![0; tail.unwrap_or_default() as usize];
        file.read_exact_at(&mut tail, info.bytes)
            .map_err(|error| damaged(&error))?;
        let (filter, blocks) = read_tail(&tail, info).ok_or_else(|| damaged(&"not what was written"))?;
        Ok(Self {
            info,
            file,
            filter,
            blocks,
        })
    }

    /// What it knows of the row at a key with such a print.
    pub(super) fn row(&self, key: &[u8], print: u64) -> Result<Option<Option<sled::IVec>>> {
        if !self.filter.may_have(print) {
            return Ok(None);
        }
        let Some(at) = self.block_of(key) else {
            return Ok(None);
        };
        let block = self.block(at)?;
        for row in block::rows(&block)? {
            let (found, value) = row?;
            if found.as_slice() == key {
                return Ok(Some(value.map(Into::into)));
            }
        }
        Ok(None)
    }

    /// Up to `most` rows at a side of what lies between two keys, from there on.
    pub(super) fn range(
        &self,
        begin: Bound<&[u8]>,
        end: Bound<&[u8]>,
        side: Side,
        most: usize,
    ) -> Result<Vec<RunRow>> {
        let is_behind = |key: &[u8]| match begin {
            Included(begin) => key >= begin,
            Excluded(begin) => key > begin,
            Unbounded => true,
        };
        let is_before = |key: &[u8]| match end {
            Included(end) => key <= end,
            Excluded(end) => key < end,
            Unbounded => true,
        };
        // The first block with such rows begins before them, or with the first of them.
        let first = match begin {
            Included(key) | Excluded(key) => self.block_of(key).unwrap_or(0),
            Unbounded => 0,
        };
        let behind = self.blocks.partition_point(|block| is_before(&block.first));
        let mut blocks = first..behind;
        let mut found = Vec::new();
        while found.len() < most {
            let block = match side {
                Side::Front => blocks.next(),
                Side::Back => blocks.next_back(),
            };
            let Some(at) = block else { break };
            let mut rows = Vec::new();
            for row in block::rows(&self.block(at)?)? {
                let (key, value) = row?;
                if is_behind(&key) && is_before(&key) {
                    rows.push((key, value.map(Into::into)));
                }
            }
            if matches!(side, Side::Back) {
                rows.reverse();
            }
            found.extend(rows);
        }
        found.truncate(most);
        Ok(found)
    }

    /// All its rows, in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = Result<RunRow>> + '_ {
        (0..self.blocks.len()).flat_map(|at| {
            let rows = self.block(at).and_then(|block| {
                block::rows(&block)?
                    .map(|row| row.map(|(key, value)| (key, value.map(sled::IVec::from))))
                    .collect::<Result<Vec<_>>>()
            });
            match rows {
                Ok(rows) => rows.into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error)],
            }
        })
    }

    /// The block in which the row at `key` would be; none when it would be before all.
    fn block_of(&self, key: &[u8]) -> Option<usize> {
        self.blocks
            .partition_point(|block| block.first.as_slice() <= key)
            .checked_sub(1)
    }

    fn block(&self, at: usize) -> Result<Vec<u8>> {
        let begin = at.checked_sub(1).map_or(0, |before| self.blocks[before].end);
        let mut block = vec![0; (self.blocks[at].end - begin) as usize];
        self.file
            .read_exact_at(&mut block, begin)
            .map_err(|error| Error::BadIndex(format!("run {}: {error}", self.info.number)))?;
        Ok(block)
    }
}

/// What stands behind the blocks; none when it is not what was written.
fn read_tail(tail: &[u8], info: Info) -> Option<(Filter, Vec<Block>)> {
    let (tail, crc) = tail.split_last_chunk()?;
    if crc32fast::hash(tail) != u32::from_be_bytes(*crc) {
        return None;
    }
    let (filter, mut rest) = Filter::split_from(tail, info.room)?;
    let mut blocks = Vec::new();
    while let Some((end, left)) = rest.split_first_chunk() {
        let (&length, left) = left.split_first()?;
        let (first, left) = left.split_at_checked(length.into())?;
        blocks.push(Block {
            first: first.into(),
            end: u64::from_be_bytes(*end),
        });
        rest = left;
    }
    Some((filter, blocks))
}
