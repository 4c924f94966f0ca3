//! How often each loop beside the server failed since the start. Whoever supervises them counts, the pages show it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A count a loop; clones count together.
#[derive(Debug, Clone, Default)]
pub struct Failures(Arc<Mutex<BTreeMap<&'static str, u64>>>);

impl Failures {
    /// One more of this loop.
    pub fn count(&self, name: &'static str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(name).or_default() += 1;
    }

    /// How often each failed that did, by name.
    pub fn all(&self) -> BTreeMap<&'static str, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
