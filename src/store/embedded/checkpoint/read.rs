//! Reading a checkpoint: whether it is sound, and its rows into an empty index.

use std::fs::File;
use std::io::Read;

use super::{Checkpoint, HEAD, MAGIC};
use crate::store::embedded::index::row_file;
use crate::store::embedded::index::rows::{self, Layout, Place};
use crate::store::embedded::index::tree::Tree;
use crate::store::{Error, Result};

/// How many bytes are read at a time.
const READ: usize = 64 << 10;
/// The checksum's bytes.
const CRC: u64 = 4;

/// Whether a checkpoint is what was written, and of which layout its rows are. Fails with [`Error::Damaged`] when a byte
/// is another one, and with [`Error::Newer`] when a later version wrote it.
pub(in super::super) fn check(checkpoint: &Checkpoint) -> Result<Layout> {
    let failed = |error| Error::Io(checkpoint.path.display().to_string(), error);
    let damaged = || Error::Damaged(format!("{} is not what was written", checkpoint.path.display()));
    let mut file = File::open(&checkpoint.path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    let packed = length.checked_sub(HEAD as u64 + CRC).ok_or_else(damaged)?;
    let (mut head, mut crc) = ([0; HEAD], [0; CRC as usize]);
    file.read_exact(&mut head).map_err(failed)?;
    let mut sum = crc32fast::Hasher::new();
    sum.update(&head);
    let (mut rest, mut buffer) = ((&file).take(packed), vec![0; READ]);
    loop {
        match rest.read(&mut buffer).map_err(failed)? {
            0 => break,
            read => sum.update(&buffer[..read]),
        }
    }
    file.read_exact(&mut crc).map_err(failed)?;
    if u32::from_be_bytes(crc) != sum.finalize() || place_in(&head) != Some(checkpoint.place) {
        return Err(damaged());
    }
    rows::layout(&head[MAGIC.len()..])
}

/// Puts the rows of a sound checkpoint into `tree`. Answers how many.
pub(in super::super) fn load(checkpoint: &Checkpoint, tree: &Tree) -> Result<u64> {
    let failed = |error| Error::Io(checkpoint.path.display().to_string(), error);
    let mut file = File::open(&checkpoint.path).map_err(failed)?;
    let mut head = [0; HEAD];
    file.read_exact(&mut head).map_err(failed)?;
    let (_, many) = head.split_last_chunk().unwrap_or((&[], &[0; 8]));
    let mut rows = zstd::stream::read::Decoder::new(file)
        .map_err(failed)?
        .single_frame();
    let rows = std::iter::from_fn(|| {
        let row = row_file::next(&mut rows).map_err(failed).transpose()?;
        Some(row.map(|(key, value)| (key, value.unwrap_or_default())))
    });
    tree.fill(u64::from_be_bytes(*many), rows)
}

/// The place that a head tells of; none when it is no checkpoint's.
fn place_in(head: &[u8; HEAD]) -> Option<Place> {
    let (_layout, place) = head.strip_prefix(&MAGIC)?.split_first()?;
    let (day, rest) = place.split_first_chunk()?;
    Some(Place {
        day: i32::from_be_bytes(*day),
        offset: u64::from_be_bytes(*rest.first_chunk()?),
    })
}
