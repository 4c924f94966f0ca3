//! What a scene did and found.

use std::collections::BTreeMap;
use std::fmt;

use crate::harness::program::Place;

/// What the machine lacks for a scene.
pub(crate) struct Missing(pub(crate) String);

/// Counts, and promises that were broken.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: BTreeMap<String, u64>,
    broken: Vec<String>,
}

impl Tally {
    /// Adds to a count.
    pub(crate) fn count(&mut self, what: &str, more: u64) {
        *self.counts.entry(what.to_owned()).or_default() += more;
    }

    /// Notes that a promise was broken.
    pub(crate) fn broken(&mut self, how: impl Into<String>) {
        self.broken.push(how.into());
    }

    /// Notes that a promise was broken unless it was kept.
    pub(crate) fn check(&mut self, is_kept: bool, how: impl FnOnce() -> String) {
        if !is_kept {
            self.broken.push(how());
        }
    }

    /// Notes what is broken at a point of the scene.
    pub(crate) fn extend(&mut self, when: &str, broken: Vec<String>) {
        self.broken
            .extend(broken.into_iter().map(|how| format!("{when}: {how}")));
    }

    /// Whether `tripline verify` finds a directory clean, which no process uses.
    pub(crate) fn verify(&mut self, when: &str, place: &Place) {
        let (code, output, error) = place.run(&["verify", "--data", place.data().to_str().unwrap()]);
        self.count("times verified", 1);
        self.check(code == 0 && output.ends_with("clean\n"), || {
            format!("{when}: verify ended with {code}: {output}{error}")
        });
    }

    /// Whether the log has no panic.
    pub(crate) fn no_panic(&mut self, when: &str, place: &Place) {
        let log = place.log();
        let panic = log.lines().find(|line| line.contains("panicked"));
        self.check(panic.is_none(), || format!("{when}: {}", panic.unwrap()));
    }

    /// How many promises were broken.
    pub(crate) fn is_broken(&self) -> usize {
        self.broken.len()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// More of the same says nothing new.
        const SHOWN: usize = 20;
        for (what, count) in &self.counts {
            writeln!(f, "  {count:>8} {what}")?;
        }
        for how in self.broken.iter().take(SHOWN) {
            writeln!(f, "  BROKEN: {how}")?;
        }
        if self.broken.len() > SHOWN {
            writeln!(f, "  BROKEN: {} more", self.broken.len() - SHOWN)?;
        }
        Ok(())
    }
}
