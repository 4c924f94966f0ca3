//! What people decided about an issue: the words, and how they read. What follows from them is said elsewhere.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::archive::Archive;
use super::regression::SeenIn;
use crate::model::person::UserId;
use crate::model::release::order::{ReleaseDates, ReleaseOrder};
use crate::model::release::version::Version;

/// The last word of a person on where an issue stands. Whoever says nothing leaves it new, and later ongoing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Somebody should look at it.
    Unresolve(Unresolve),
    /// It is mended.
    Resolve(Resolution),
    /// It is put aside.
    Archive(Archive),
}

impl Decision {
    /// When it was taken.
    pub fn time(&self) -> Timestamp {
        match self {
            Self::Unresolve(it) => it.time,
            Self::Resolve(it) => it.time,
            Self::Archive(it) => it.time,
        }
    }

    /// Who took it; none for the program itself.
    pub fn who(&self) -> Option<UserId> {
        match self {
            Self::Unresolve(it) => it.who,
            Self::Resolve(it) => it.who,
            Self::Archive(it) => it.who,
        }
    }

    /// What holds for issues that were found to be one: the later decision of two, the first one if they are of one
    /// time. What was seen of either is then judged by it.
    pub fn prevailing(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        match (one, other) {
            (Some(one), Some(other)) if other.time() > one.time() => Some(other),
            (Some(one), _) => Some(one),
            (None, other) => other,
        }
    }
}

/// That somebody should look at it (again).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unresolve {
    /// When it was said.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub time: Timestamp,
    /// By whom; none for the program itself.
    pub who: Option<UserId>,
}

/// That it is mended, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    /// When it was said.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub time: Timestamp,
    /// By whom; none for the program itself, which reads commits.
    pub who: Option<UserId>,
    /// In what it is mended.
    pub kind: ResolvedIn,
    /// The only environment that is meant; none for all.
    pub environment: Option<String>,
    /// The releases that were current when it was said, of each package of the issue, at most
    /// [`Resolution::MAX_CURRENT`]: should they be deleted, they are still known.
    pub current: Vec<ReleaseDates>,
}

impl Resolution {
    /// The most releases that a decision remembers.
    pub const MAX_CURRENT: usize = 8;

    /// How it reads without the releases that it remembers, which depend on what was known at that moment.
    pub(super) fn in_general(&self) -> String {
        let general = Self {
            current: Vec::new(),
            ..self.clone()
        };
        general.to_string()
    }

    /// Remembers what is current by what was `seen` of the issue, so that it is known even if it should be deleted.
    pub fn remember(&mut self, seen: &[SeenIn], order: &impl ReleaseOrder) {
        let (time, only) = (self.time, self.environment.as_deref());
        let before = || seen.iter().filter(|it| it.sighting.first <= time);
        let mut found: Vec<ReleaseDates> = Vec::new();
        if let ResolvedIn::Release(version) = &self.kind {
            found.extend(order.release(version));
        } else {
            let is_now = self.kind == ResolvedIn::Now;
            let packages = before().filter_map(|it| {
                let package = Version::parse(it.release.as_deref()?).package();
                let environment = it.sighting.environment.as_deref().filter(|_| is_now).or(only);
                Some((package, environment))
            });
            // A set, since an issue may have been seen in thousands of releases.
            let packages: BTreeSet<_> = packages.collect();
            found.extend(packages.into_iter().filter_map(|(package, environment)| {
                let there = order.current(package, environment, time, &[]);
                there.or_else(|| order.current(package, None, time, &[]))
            }));
        }
        found.sort_by(|one, other| one.version.cmp(&other.version));
        found.dedup();
        found.truncate(Self::MAX_CURRENT);
        self.current = found;
    }
}

/// In what an issue is mended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResolvedIn {
    /// In what runs now: another event is a regression, but for one of a client that runs an older release.
    Now,
    /// In a release: that one and later ones are to be without it.
    Release(String),
    /// In the release that is current now.
    CurrentRelease,
    /// In the release after the current one.
    NextRelease,
    /// In the first release that has this commit.
    Commit(String),
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unresolve(_) => f.write_str("unresolved"),
            Self::Resolve(it) => it.fmt(f),
            Self::Archive(it) => it.fmt(f),
        }
    }
}

impl fmt::Display for Resolution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let current: Vec<_> = self.current.iter().map(|it| it.version.as_str()).collect();
        let current = current.join(", ");
        match &self.kind {
            ResolvedIn::Now => f.write_str("resolved")?,
            ResolvedIn::Release(version) => write!(f, "resolved in {version}")?,
            ResolvedIn::CurrentRelease if current.is_empty() => {
                f.write_str("resolved in the current release")?
            }
            ResolvedIn::CurrentRelease => write!(f, "resolved in {current}")?,
            ResolvedIn::NextRelease if current.is_empty() => f.write_str("resolved in the next release")?,
            ResolvedIn::NextRelease => write!(f, "resolved in the next release after {current}")?,
            ResolvedIn::Commit(sha) => write!(f, "resolved by commit {}", short(sha))?,
        }
        match &self.environment {
            Some(environment) => write!(f, " for {environment}"),
            None => Ok(()),
        }
    }
}

/// A commit's hash as people write it.
pub(super) fn short(sha: &str) -> &str {
    sha.get(..7).unwrap_or(sha)
}
