//! Which older release to compare with, when nobody says.

/// A release is compared with one that has at least so many sessions, or events, when any has: a release that lived for
/// an hour between two others is no measure.
const FAIR: u64 = 100;

/// A release of the package, with what the environment saw of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its version.
    pub version: String,
    /// Whether it may count as a release of the project at all, or one client may have made it up.
    pub is_credible: bool,
    /// Sessions in the environment; events where the project sends no sessions.
    pub exposure: u64,
}

/// The predecessor of a release: the newest credible older one that has data enough, else the newest that has any. When
/// none is credible, all are taken for credible. `older` are those of the same package that precede it, oldest first.
pub fn predecessor(older: &[Candidate]) -> Option<&Candidate> {
    let none_is_credible = !older.iter().any(|it| it.is_credible);
    let newest = |least: u64| {
        let mut newest_first = older.iter().rev();
        newest_first.find(|it| (it.is_credible || none_is_credible) && it.exposure >= least)
    };
    newest(FAIR).or_else(|| newest(1))
}
