//! Hashes: the names by which events find their issue.

use std::fmt;

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// One name of an event: 128 bits, written as 32 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 16]);

impl Hash {
    /// The hash of texts with the kind of each: SHA-256 cut to 128 bits. Every part is preceded by its
    /// length, so that `ab, c` and `a, bc` differ.
    pub fn of<'a>(values: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut digest = Sha256::new();
        for part in values.into_iter().flat_map(|(kind, text)| [kind, text]) {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest.finalize()[..16]);
        Self(bytes)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Hash({self})")
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders_and_kinds_count() {
        let hashes = [
            Hash::of([("function", "ab"), ("function", "c")]),
            Hash::of([("function", "a"), ("function", "bc")]),
            Hash::of([("module", "ab"), ("function", "c")]),
            Hash::of([("function", "ab")]),
            Hash::of([]),
        ];
        for (at, hash) in hashes.iter().enumerate() {
            assert!(!hashes[..at].contains(hash));
        }
        // A released hash must never change: this is the name of somebody's issue.
        assert_eq!(hashes[4].to_string(), "e3b0c44298fc1c149afbf4c8996fb924");
    }
}
