//! Some rows, as they are read from the disk.
//!
//! ```text
//! block = LAYOUT u8 | row … | crc32 u32 of all before it
//! row   = shared u8 | rest u8 | length of the value u32, or u32::MAX for one that was removed | rest of the key | value
//! ```
//!
//! Rows are in order; of a key only what differs from the one before is kept, behind as many bytes as it `shared`s. Integers
//! are big-endian.

use crate::store::embedded::index::keys::KeyBytes;
use crate::store::embedded::index::rows::LAYOUT;
use crate::store::{Error, Result};

/// A block is closed when it has so many bytes: what a disk reads at once.
const FULL: usize = 4 << 10;
/// The checksum's bytes.
const CRC: usize = 4;
/// The length of a value that is not there.
const NONE: u32 = u32::MAX;

/// A row as it stands in a block: a key, and its value or that it was removed.
pub(super) type BlockRow<'a> = (KeyBytes, Option<&'a [u8]>);

/// Makes blocks of rows that come in order.
#[derive(Default)]
pub(super) struct Packer {
    first: KeyBytes,
    last: KeyBytes,
    bytes: Vec<u8>,
}

impl Packer {
    /// Adds a row. Answers a block and its first key, when one is full.
    pub(super) fn add(&mut self, key: &[u8], value: Option<&[u8]>) -> Option<(KeyBytes, Vec<u8>)> {
        if self.bytes.is_empty() {
            self.bytes.push(LAYOUT);
            self.first = key.into();
            self.last.clear();
        }
        // Keys of events are shorter than 256 bytes.
        let shared = self.last.iter().zip(key).take_while(|(a, b)| a == b).count();
        let rest = &key[shared..];
        self.bytes.extend_from_slice(&[shared as u8, rest.len() as u8]);
        let length = value.map_or(NONE, |value| value.len() as u32);
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(rest);
        self.bytes.extend_from_slice(value.unwrap_or_default());
        self.last = key.into();
        (self.bytes.len() >= FULL).then(|| self.take()).flatten()
    }

    /// The block so far and its first key; none when no row came since the last one.
    pub(super) fn take(&mut self) -> Option<(KeyBytes, Vec<u8>)> {
        let mut bytes = std::mem::take(&mut self.bytes);
        if bytes.is_empty() {
            return None;
        }
        let crc = crc32fast::hash(&bytes);
        bytes.extend_from_slice(&crc.to_be_bytes());
        Some((std::mem::take(&mut self.first), bytes))
    }
}

/// The rows of a block, in order.
pub(super) fn rows(block: &[u8]) -> Result<Rows<'_>> {
    let (block, crc) = block.split_last_chunk::<CRC>().ok_or_else(damaged)?;
    if crc32fast::hash(block) != u32::from_be_bytes(*crc) {
        return Err(damaged());
    }
    match block.split_first() {
        Some((&LAYOUT, rest)) => Ok(Rows {
            key: KeyBytes::new(),
            rest,
        }),
        _ => Err(damaged()),
    }
}

/// See [`rows`].
pub(super) struct Rows<'a> {
    key: KeyBytes,
    rest: &'a [u8],
}

impl<'a> Iterator for Rows<'a> {
    type Item = Result<BlockRow<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let row = self.read();
        if row.is_none() {
            self.rest = &[];
        }
        Some(row.ok_or_else(damaged))
    }
}

impl<'a> Rows<'a> {
    fn read(&mut self) -> Option<BlockRow<'a>> {
        let ([shared, rest], left) = self.rest.split_first_chunk()?;
        let (length, left) = left.split_first_chunk()?;
        let length = u32::from_be_bytes(*length);
        let (key, left) = left.split_at_checked((*rest).into())?;
        let shared = usize::from(*shared);
        if shared > self.key.len() {
            return None;
        }
        self.key.truncate(shared);
        self.key.extend_from_slice(key);
        let (value, left) = match length {
            NONE => (None, left),
            length => {
                let (value, left) = left.split_at_checked(length as usize)?;
                (Some(value), left)
            }
        };
        self.rest = left;
        Some((self.key.clone(), value))
    }
}

fn damaged() -> Error {
    Error::BadIndex("a block of rows".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_in_blocks_of_bounded_size() {
        let key = |number: u64| [b"e".as_slice(), &(number * 7).to_be_bytes()].concat();
        let value =
            |number: u64| (!number.is_multiple_of(5)).then(|| vec![number as u8; (number % 90) as usize]);
        let (mut packer, mut blocks) = (Packer::default(), Vec::new());
        for number in 0..1_000 {
            blocks.extend(packer.add(&key(number), value(number).as_deref()));
        }
        blocks.extend(packer.take());
        assert!(packer.take().is_none());
        assert!(blocks.len() > 10 && blocks.iter().all(|(_, block)| block.len() < FULL + 200));
        let mut read = 0;
        for (first, block) in &blocks {
            for (at, row) in rows(block).unwrap().enumerate() {
                let (found, its) = row.unwrap();
                assert_eq!((found.to_vec(), its), (key(read), value(read).as_deref()));
                assert!(at > 0 || found == *first);
                read += 1;
            }
        }
        assert_eq!(read, 1_000);
    }

    #[test]
    fn a_block_that_is_cut_or_changed_is_an_error() {
        let mut packer = Packer::default();
        packer.add(b"e1234", Some(b"one"));
        packer.add(b"e1299", None);
        let (_, block) = packer.take().unwrap();
        assert_eq!(rows(&block).unwrap().filter(Result::is_ok).count(), 2);
        for length in 0..block.len() {
            assert!(rows(&block[..length]).is_err(), "cut at {length}");
        }
        for at in 0..block.len() {
            let mut changed = block.clone();
            changed[at] ^= 0xFF;
            assert!(rows(&changed).is_err(), "changed at {at}");
        }
    }
}
