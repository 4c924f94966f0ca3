//! What a comparison is given.

use crate::model::issue::IssueId;
use crate::model::session::UserCounts;

/// One of the two releases, in the environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Side {
    /// The release's version.
    pub version: String,
    /// Its sessions; none when the project sends none.
    pub sessions: Option<Sessions>,
    /// Events of all its issues.
    pub events: u64,
}

/// Sessions of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sessions {
    /// How many began.
    pub started: u64,
    /// How many of them crashed.
    pub crashed: u64,
    /// Whose they were; none when no session says.
    pub users: Option<UserCounts>,
}

/// What was seen of an issue in one release.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Events.
    pub events: u64,
    /// Distinct users; none when events do not name users.
    pub users: Option<u64>,
}

/// What was known of an issue before the release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Past {
    /// Nothing: no older release of the package had it in this environment.
    New,
    /// Some older release had it.
    Known,
    /// It was resolved, and came back in this release; why it was reopened, in words.
    Regressed(String),
}

/// An issue that at least one of the two releases had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// Which one.
    pub id: IssueId,
    /// Its title, for sentences.
    pub title: String,
    /// What was known before.
    pub past: Past,
    /// In the release.
    pub release: Tally,
    /// In the baseline.
    pub baseline: Tally,
}

/// What the caller tolerates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// The most new issues that a good release has; none bounds them only by their frequency.
    pub max_new: Option<u64>,
}
