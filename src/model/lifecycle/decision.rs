//! What people decided about an issue: the words, and how they read. What follows from them is said elsewhere.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::archive::{Archive, Until};
use super::regression::SeenIn;
use crate::model::issue::{Status, Substatus};
use crate::model::person::UserId;
use crate::model::release::Release;
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

    /// Whether it holds rather than `other` for issues that were found to be one: the later one does, and what was seen
    /// of either issue is judged by it.
    pub fn prevails(&self, other: &Self) -> bool {
        self.time() > other.time()
    }
}

/// What somebody asks for: a decision that does not yet say when and by whom it is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// See [`Decision::Unresolve`].
    Unresolve,
    /// The same of an issue that was new before: so it is again, as long as it is young.
    Renew,
    /// See [`Decision::Resolve`].
    Resolve {
        /// In what it is mended.
        kind: ResolvedIn,
        /// The only environment that is meant; none for all.
        environment: Option<String>,
    },
    /// See [`Decision::Archive`].
    Archive(Until),
}

/// Why something cannot be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Undecidable(pub &'static str);

impl Undecidable {
    /// The name of a release or environment, or the hash of a commit, is empty or has more than 200 bytes.
    const NAME: Self = Self("this cannot be the name of a release, an environment or a commit");
    /// A number of 0 or more than [`Limit::MAX_COUNT`](super::archive::Limit::MAX_COUNT), or a period of no minutes or more
    /// than [`Limit::MAX_MINUTES`](super::archive::Limit::MAX_MINUTES).
    const LIMIT: Self = Self("archive until 1 to 1000000 events or users, in 1 minute to 90 days");
}

impl From<Status> for Ruling {
    /// The plainest way to that status: resolved in what runs now, archived for ever.
    fn from(status: Status) -> Self {
        match status {
            Status::Unresolved => Self::Unresolve,
            Status::Resolved => Self::Resolve {
                kind: ResolvedIn::Now,
                environment: None,
            },
            Status::Archived => Self::Archive(Until::Forever),
        }
    }
}

impl Ruling {
    /// The decision, taken by `who` at `time`, which is kept to the microsecond.
    pub fn taken(self, who: Option<UserId>, time: Timestamp) -> Result<Decision, Undecidable> {
        let time = Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time);
        Ok(match self {
            Self::Unresolve => Decision::Unresolve(Unresolve::known(time, who)),
            Self::Renew => Decision::Unresolve(Unresolve {
                substatus: Substatus::New,
                ..Unresolve::known(time, who)
            }),
            Self::Resolve { kind, environment } => {
                let named = match &kind {
                    ResolvedIn::Release(name) | ResolvedIn::Commit(name) => Some(name),
                    ResolvedIn::Now | ResolvedIn::CurrentRelease | ResolvedIn::NextRelease => None,
                };
                let is_name = |name: &String| (1..=Release::MAX_VERSION).contains(&name.len());
                if !named.into_iter().chain(&environment).all(is_name) {
                    return Err(Undecidable::NAME);
                }
                Decision::Resolve(Resolution {
                    time,
                    who,
                    kind,
                    environment,
                    current: Vec::new(),
                })
            }
            Self::Archive(until) => {
                if let Until::Events(limit) | Until::Users(limit) = until
                    && !limit.is_sensible()
                {
                    return Err(Undecidable::LIMIT);
                }
                Decision::Archive(Archive { time, who, until })
            }
        })
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
    /// Ongoing; new, if that is what it was before somebody decided otherwise.
    #[serde(default = "Unresolve::ongoing")]
    pub substatus: Substatus,
}

impl Unresolve {
    /// That it is known and nobody mended it.
    pub fn known(time: Timestamp, who: Option<UserId>) -> Self {
        let substatus = Self::ongoing();
        Self { time, who, substatus }
    }

    fn ongoing() -> Substatus {
        Substatus::Ongoing
    }
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

    /// The most environments of such a release that it remembers.
    const MAX_PLACES: usize = 4;

    /// The commit by which it was resolved, if it was.
    pub fn commit(&self) -> Option<&str> {
        match &self.kind {
            ResolvedIn::Commit(sha) => Some(sha),
            _ => None,
        }
    }

    /// Whether it is for those packages alone in which the issue had been seen.
    pub fn is_by_package(&self) -> bool {
        matches!(self.kind, ResolvedIn::CurrentRelease | ResolvedIn::NextRelease)
    }

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
        for release in &mut found {
            release.places.truncate(Self::MAX_PLACES);
        }
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
