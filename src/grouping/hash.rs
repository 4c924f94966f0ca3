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
        let mut recipe = Recipe::new();
        values.into_iter().for_each(|(kind, text)| recipe.add(kind, text));
        recipe.hash()
    }
}

/// What a hash is made of, in one piece: hundreds of short texts fed to SHA-256 one by one take twice as long.
pub(super) struct Recipe(Vec<u8>);

impl Recipe {
    /// A recipe with nothing in it yet.
    pub(super) fn new() -> Self {
        Self(Vec::with_capacity(4096))
    }

    /// Adds a text of a kind.
    pub(super) fn add(&mut self, kind: &str, text: &str) {
        for part in [kind, text] {
            self.0.extend_from_slice(&(part.len() as u64).to_be_bytes());
            self.0.extend_from_slice(part.as_bytes());
        }
    }

    /// The hash of what was added.
    pub(super) fn hash(&self) -> Hash {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&Sha256::digest(&self.0)[..16]);
        Hash(bytes)
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
