//! Unique users as a sketch: exact up to 160 of them, within 2 % beyond, in at most 4 KB.

use cardinality_estimator::CardinalityEstimator;
use serde::{Deserialize, Serialize, Serializer, ser};
use sha2::{Digest, Sha256};

/// So many users are told apart; more are estimated. (More than the estimator ever tells apart.)
const MOST: usize = 160;
/// The low bits of an estimator's word say which of its three forms it has.
const FORM: u64 = 0b11;

/// Counts how many different texts it has seen.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::store::embedded) struct Sketch {
    /// The hashes of a few, in order. (The estimator has a form for them as well, whose memory it frees with a wrong size
    /// after it was read.)
    few: Vec<u64>,
    /// What is known of many.
    many: Option<Estimator>,
    /// Whether it is another one than was read. Once it has seen many, it mostly is not, and writing it costs more
    /// than all else of an event.
    #[serde(skip)]
    is_changed: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(transparent)]
struct Estimator(CardinalityEstimator<u64>);

impl Default for Sketch {
    /// One that nobody has written yet.
    fn default() -> Self {
        Self {
            few: Vec::new(),
            many: None,
            is_changed: true,
        }
    }
}

impl Sketch {
    /// Takes `text` into account.
    pub(super) fn insert(&mut self, text: &str) {
        // Fixed by its bytes, unlike `Hash`, so that a rebuild on another machine counts the same.
        if let Some((hash, _)) = Sha256::digest(text.as_bytes()).split_first_chunk() {
            self.insert_hash(u64::from_be_bytes(*hash));
        }
    }

    /// Takes into account what `other` has seen.
    pub(super) fn join(&mut self, other: &Self) {
        other.few.iter().for_each(|hash| self.insert_hash(*hash));
        if let Some(Estimator(other)) = &other.many {
            self.estimate_many().0.merge(other);
        }
        self.is_changed = true;
    }

    /// Whether it has to be written.
    pub(super) fn is_changed(&self) -> bool {
        self.is_changed
    }

    /// How many there were.
    pub(super) fn estimate(&self) -> u64 {
        match &self.many {
            Some(Estimator(many)) => many.estimate() as u64,
            None => self.few.len() as u64,
        }
    }

    fn insert_hash(&mut self, hash: u64) {
        if let Some(many) = &mut self.many {
            let before = many.clone();
            many.0.insert_hash(hash);
            self.is_changed |= *many != before;
        } else if let Err(at) = self.few.binary_search(&hash) {
            self.few.insert(at, hash);
            self.is_changed = true;
            if self.few.len() > MOST {
                self.estimate_many();
            }
        }
    }

    /// From now on all are estimated.
    fn estimate_many(&mut self) -> &mut Estimator {
        let few = std::mem::take(&mut self.few);
        let many = self.many.get_or_insert_default();
        few.into_iter().for_each(|hash| many.0.insert_hash(hash));
        many
    }
}

impl Serialize for Estimator {
    /// The estimator's own form is its word and its cells; where it has cells, the word holds their address in
    /// memory, which is chance and must not be kept.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let own = rmp_serde::to_vec(&self.0).map_err(ser::Error::custom)?;
        let (word, cells): (u64, Option<Vec<u32>>) =
            rmp_serde::from_slice(&own).map_err(ser::Error::custom)?;
        let word = if cells.is_some() { word & FORM } else { word };
        (word, cells).serialize(serializer)
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
            if n <= MOST as u64 {
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
