//! Which keys a run may have: a Bloom filter, so that whoever asks for an id that is new need not look into it.
//!
//! In the index it is in pieces, `table | run | number u32`, each of up to 32 KB, as 64-bit words in big-endian. It is made of
//! SipHash-1-3 of the key without a secret: a key that collides makes some other one's search longer, and no answer wrong.

use fastbloom::BloomFilter;
use siphasher::sip::SipHasher13;

use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::sled_error;
use crate::store::{Error, Result};

/// Bits a key: about two in a hundred of the keys that are not there look as if they were.
const BITS: usize = 8;
/// Bytes of a word.
const WORD: usize = 8;
/// Bytes of a piece: a multiple of [`WORD`].
const PIECE: usize = 32 << 10;

/// See the module.
pub(super) struct Filter(BloomFilter);

/// A key, as filters know it.
pub(super) fn print(key: &[u8]) -> u64 {
    SipHasher13::new().hash(key)
}

impl Filter {
    /// Room for so many keys.
    pub(super) fn of(keys: u64) -> Self {
        let keys = usize::try_from(keys).unwrap_or(usize::MAX / BITS).max(1);
        Self(BloomFilter::with_num_bits(keys * BITS).expected_items(keys))
    }

    /// Adds a key.
    pub(super) fn add(&mut self, key: &[u8]) {
        self.0.insert_hash(print(key));
    }

    /// Whether a key may have been added.
    pub(super) fn may_have(&self, print: u64) -> bool {
        self.0.contains_hash(print)
    }

    /// Writes the filter of a run.
    pub(super) fn write(&self, sled: &sled::Tree, run: u64) -> Result<()> {
        let words: Vec<u8> = self.0.iter().flat_map(u64::to_be_bytes).collect();
        for (number, piece) in (0..).zip(words.chunks(PIECE)) {
            sled.insert(prefix(run).short(number), piece)
                .map_err(sled_error)?;
        }
        Ok(())
    }

    /// Reads the filter of a run with so many keys.
    pub(super) fn read(sled: &sled::Tree, run: u64, keys: u64) -> Result<Self> {
        let Self(empty) = Self::of(keys);
        let mut words = Vec::with_capacity(empty.num_bits() / 64);
        for piece in sled.scan_prefix(prefix(run)).values() {
            let piece = piece.map_err(sled_error)?;
            let (chunks, _) = piece.as_chunks::<WORD>();
            words.extend(chunks.iter().map(|word| u64::from_be_bytes(*word)));
        }
        if words.len() * 64 != empty.num_bits() {
            return Err(Error::BadIndex(format!("the filter of run {run}")));
        }
        Ok(Self(BloomFilter::from_vec(words).hashes(empty.num_hashes())))
    }
}

/// The rows of a run's filter.
pub(super) fn prefix(run: u64) -> Key {
    Key::of(Table::RunFilter).number(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Filters are kept: those that were written must mean the same to each later version, also of the libraries.
    #[test]
    fn a_filter_is_what_it_always_was() {
        let mut filter = Filter::of(8);
        for number in 0_u8..8 {
            filter.add(&[b'E', number]);
        }
        let words: Vec<u64> = filter.0.iter().collect();
        let words_then = vec![14_767_103_359_987_960_377];
        assert_eq!(
            (print(b"E"), words, filter.0.num_hashes()),
            (12_232_405_967_143_976_650, words_then, 6)
        );
    }

    #[test]
    fn few_keys_that_are_not_there_look_as_if_they_were() {
        let mut filter = Filter::of(10_000);
        let key = |number: u64| number.to_be_bytes();
        (0..10_000).for_each(|number| filter.add(&key(number)));
        assert!((0..10_000).all(|number| filter.may_have(print(&key(number)))));
        let wrong = (10_000..20_000).filter(|number| filter.may_have(print(&key(*number))));
        let wrong = wrong.count();
        assert!(wrong < 400, "{wrong} of 10,000");
    }
}
