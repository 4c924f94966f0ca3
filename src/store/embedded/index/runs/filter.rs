//! Which keys a run may have: a Bloom filter, so that whoever asks for an id that is new need not look into it.
//!
//! In a file it is its 64-bit words in big-endian. It is made of SipHash-1-3 of the key without a secret: a key that collides
//! makes some other one's search longer, and no answer wrong.

use fastbloom::BloomFilter;
use siphasher::sip::SipHasher13;

/// Bits a key: about two in a hundred of the keys that are not there look as if they were.
const BITS: usize = 8;
/// Bytes of a word.
const WORD: usize = 8;

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

    /// As it stands in a file.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(u64::to_be_bytes).collect()
    }

    /// That with room for so many keys, and what stands behind it; none when there is less.
    pub(super) fn split_from(bytes: &[u8], keys: u64) -> Option<(Self, &[u8])> {
        let Self(empty) = Self::of(keys);
        let (words, rest) = bytes.split_at_checked(empty.num_bits() / 8)?;
        let (words, _) = words.as_chunks::<WORD>();
        let words = words.iter().map(|word| u64::from_be_bytes(*word)).collect();
        Some((
            Self(BloomFilter::from_vec(words).hashes(empty.num_hashes())),
            rest,
        ))
    }
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
