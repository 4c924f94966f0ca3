//! Unique users as a sketch: exact up to 128 of them, within 2 % beyond, in at most 4 KB.

use cardinality_estimator::CardinalityEstimator;
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};
use sha2::{Digest, Sha256};

/// The low bits of an estimator's word say which of its three forms it has.
const FORM: u64 = 0b11;

/// Counts how many different texts it has seen.
#[derive(Debug, Clone)]
pub(in crate::store::embedded) struct Sketch {
    estimator: CardinalityEstimator<u64>,
    /// Whether it is another one than was read. Once it has seen many, it mostly is not, and writing it costs more
    /// than all else of an event.
    is_changed: bool,
}

impl Default for Sketch {
    /// One that nobody has written yet.
    fn default() -> Self {
        Self {
            estimator: CardinalityEstimator::default(),
            is_changed: true,
        }
    }
}

impl Sketch {
    /// Takes `text` into account.
    pub(super) fn insert(&mut self, text: &str) {
        // Fixed by its bytes, unlike `Hash`, so that a rebuild on another machine counts the same.
        if let Some((hash, _)) = Sha256::digest(text.as_bytes()).split_first_chunk() {
            let before = self.estimator.clone();
            self.estimator.insert_hash(u64::from_be_bytes(*hash));
            self.is_changed |= self.estimator != before;
        }
    }

    /// Takes into account what `other` has seen.
    pub(super) fn join(&mut self, other: &Self) {
        self.estimator.merge(&other.estimator);
        self.is_changed = true;
    }

    /// Whether it has to be written.
    pub(super) fn is_changed(&self) -> bool {
        self.is_changed
    }

    /// How many there were.
    pub(super) fn estimate(&self) -> u64 {
        self.estimator.estimate() as u64
    }
}

impl Serialize for Sketch {
    /// The estimator's own form is its word and its cells; where it has cells, the word holds their address in
    /// memory, which is chance and must not be kept.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let own = rmp_serde::to_vec(&self.estimator).map_err(ser::Error::custom)?;
        let (word, cells): (u64, Option<Vec<u32>>) =
            rmp_serde::from_slice(&own).map_err(ser::Error::custom)?;
        let word = if cells.is_some() { word & FORM } else { word };
        (word, cells).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Sketch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let estimator = CardinalityEstimator::deserialize(deserializer)?;
        Ok(Self {
            estimator,
            is_changed: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::embedded::index::rows::{decode, encode};

    #[test]
    fn it_is_exact_for_few_near_for_many_and_small_on_disk() {
        let mut sketch = Sketch::default();
        for n in 1..=50_000_u64 {
            sketch.insert(&format!("id:{n}"));
            sketch.insert(&format!("id:{n}"));
            if n <= 128 {
                assert_eq!(sketch.estimate(), n);
            }
            if n.is_power_of_two() {
                let row = encode(&sketch).unwrap();
                assert!(row.len() < 4_096, "{} bytes for {n}", row.len());
                sketch = decode(&row).unwrap();
                assert_eq!(
                    encode(&sketch).unwrap(),
                    row,
                    "kept by its meaning, not by its place in memory"
                );
            }
        }
        let error = (sketch.estimate() as f64 - 50_000.0).abs() / 50_000.0;
        assert!(error < 0.03, "off by {error}");
    }
}
