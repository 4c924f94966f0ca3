//! Whether what was seen of a resolved issue reopens it, and why, or why not: in a sentence that people can check.
//!
//! Pure, and the same in whatever order events arrive: it looks at what was seen, not at what came last.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::decision::{Resolution, ResolvedIn, short};
use crate::model::release::Sighting;
use crate::model::release::order::{By, ReleaseDates, ReleaseOrder};
use crate::model::release::version::Version;

/// What was seen of an issue in one release and environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenIn {
    /// The release; none for events that named none.
    pub release: Option<String>,
    /// The environment, and when.
    pub sighting: Sighting,
}

/// Why a resolved issue is open again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Regression {
    /// The release that it was seen in.
    pub release: Option<String>,
    /// The environment that it was seen in.
    pub environment: Option<String>,
    /// When it was seen there last.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub happened: Timestamp,
    /// What it was resolved in, in words.
    pub resolved: String,
}

/// Why what was seen does not reopen an issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The release that it was seen in.
    pub release: Option<String>,
    /// The environment that it was seen in.
    pub environment: Option<String>,
    /// Why that is no regression.
    pub because: Because,
}

/// Reasons why an event is no regression.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// All of it happened before the resolve, whenever it arrived.
    Before,
    /// The resolve was for another environment: this one.
    Environment(String),
    /// The resolve is bound to a release (in words), and the events name none.
    Releaseless(String),
    /// The resolve was in another package: this release's.
    Package(String),
    /// No release has the commit yet: this one.
    Unreleased(String),
    /// Nothing tells whether the release is newer than this one.
    Unordered(String),
    /// The release is older than the one it was resolved in.
    Older {
        /// That one.
        than: String,
        /// In words.
        resolved: String,
        /// What told.
        by: By,
    },
    /// The release is the one after which it is to be mended, or the same version.
    NotAfter(String),
}

/// What was seen of a resolved issue comes to this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is back.
    Regressed(Regression),
    /// It stays resolved; if it was seen at all, why the latest of that does not count.
    Holds(Option<Held>),
}

/// Judges all that was seen of an issue by the resolve that is in force. Of several regressions the one is told that
/// was seen first.
pub fn judge(resolution: &Resolution, seen: &[SeenIn], order: &impl ReleaseOrder) -> Verdict {
    let judge = Judge::new(resolution, seen, order);
    let mut back: Vec<(Timestamp, Regression)> = Vec::new();
    let mut held: Vec<(Timestamp, Held)> = Vec::new();
    for one in seen {
        match judge.one(one) {
            Ok(regression) => back.push((one.sighting.first, regression)),
            Err(reason) => held.push((one.sighting.last, reason)),
        }
    }
    let first = back
        .into_iter()
        .min_by_key(|(first, it)| (*first, it.release.clone(), it.environment.clone()));
    let last = held
        .into_iter()
        .max_by_key(|(last, it)| (*last, it.release.clone(), it.environment.clone()));
    match first {
        Some((_, regression)) => Verdict::Regressed(regression),
        None => Verdict::Holds(last.map(|(_, held)| held)),
    }
}

/// Judges by one resolve.
struct Judge<'a, O> {
    resolution: &'a Resolution,
    order: &'a O,
    /// The packages that "the current release" means, and a release of one of them: those in which the issue had been
    /// seen. Empty for any.
    packages: Vec<(Option<&'a str>, &'a str)>,
    /// Current releases that were looked up, by package and environment.
    known: RefCell<HashMap<PackageIn, Option<ReleaseDates>>>,
}

/// A package and an environment.
type PackageIn = (Option<String>, Option<String>);

impl<'a, O: ReleaseOrder> Judge<'a, O> {
    fn new(resolution: &'a Resolution, seen: &'a [SeenIn], order: &'a O) -> Self {
        let named = |version: &'a str| (Version::parse(version).package(), version);
        let before = seen.iter().filter(|it| it.sighting.first <= resolution.time);
        let versions = before.filter_map(|it| it.release.as_deref());
        let mut packages: Vec<_> = versions.map(named).collect();
        packages.sort_unstable();
        packages.dedup_by_key(|(package, _)| *package);
        for (package, version) in resolution.current.iter().map(|it| named(&it.version)) {
            if packages.iter().all(|(known, _)| *known != package) {
                packages.push((package, version));
            }
        }
        Self {
            resolution,
            order,
            packages,
            known: RefCell::default(),
        }
    }

    fn one(&self, one: &SeenIn) -> Result<Regression, Held> {
        let (release, environment) = (one.release.clone(), one.sighting.environment.clone());
        match self.resolved_in(one) {
            Ok(resolved) => Ok(Regression {
                release,
                environment,
                happened: one.sighting.last,
                resolved,
            }),
            Err(because) => Err(Held {
                release,
                environment,
                because,
            }),
        }
    }

    /// What it was resolved in, in words, if this is a regression.
    fn resolved_in(&self, one: &SeenIn) -> Result<String, Because> {
        let (resolution, environment) = (self.resolution, &one.sighting.environment);
        if let Some(only) = &resolution.environment
            && environment.as_ref() != Some(only)
        {
            return Err(Because::Environment(only.clone()));
        }
        if one.sighting.last <= resolution.time {
            return Err(Because::Before);
        }
        let Some(version) = &one.release else {
            return match resolution.kind {
                ResolvedIn::Now => Ok(resolution.in_general()),
                _ => Err(Because::Releaseless(resolution.in_general())),
            };
        };
        let release = self.order.release(version);
        let release = release.unwrap_or_else(|| ReleaseDates::seen(version, &one.sighting));
        match self.bound(&release, environment.as_deref())? {
            Some(bound) => self.compare(&release, &bound, environment.as_deref()),
            // Nothing of its package was out when it was resolved: only time can tell.
            None => Ok(resolution.in_general()),
        }
    }

    /// The release that a release is compared with.
    fn bound(
        &self,
        release: &ReleaseDates,
        environment: Option<&str>,
    ) -> Result<Option<ReleaseDates>, Because> {
        let resolution = self.resolution;
        let package = Version::parse(&release.version).package();
        match &resolution.kind {
            ResolvedIn::Now => Ok(self.current(package, environment)),
            ResolvedIn::Release(version) => {
                let remembered = || resolution.current.iter().find(|it| it.version == *version);
                let bound = self.order.release(version).or_else(|| remembered().cloned());
                let bound = bound.unwrap_or_else(|| ReleaseDates::named(version));
                if bound.is_of(package) {
                    Ok(Some(bound))
                } else {
                    Err(Because::Package(version.clone()))
                }
            }
            ResolvedIn::CurrentRelease | ResolvedIn::NextRelease => match self.packages.first() {
                Some((_, other)) if self.packages.iter().all(|(known, _)| *known != package) => {
                    Err(Because::Package((*other).to_owned()))
                }
                _ => Ok(self.current(package, resolution.environment.as_deref())),
            },
            ResolvedIn::Commit(sha) => match self.order.first_with(sha, package) {
                Some(bound) => Ok(Some(bound)),
                None => Err(Because::Unreleased(sha.clone())),
            },
        }
    }

    /// The release of a package that was current when it was resolved: in the environment if any was there, else
    /// anywhere.
    fn current(&self, package: Option<&str>, environment: Option<&str>) -> Option<ReleaseDates> {
        let key = (package.map(str::to_owned), environment.map(str::to_owned));
        let mut known = self.known.borrow_mut();
        let Resolution { time, current, .. } = self.resolution;
        let look_up = |environment| self.order.current(package, environment, *time, current);
        let found = known
            .entry(key)
            .or_insert_with(|| look_up(environment).or_else(|| look_up(None)));
        found.clone()
    }

    fn compare(
        &self,
        release: &ReleaseDates,
        bound: &ReleaseDates,
        environment: Option<&str>,
    ) -> Result<String, Because> {
        let is_after = self.resolution.kind == ResolvedIn::NextRelease;
        let resolved = self.in_words(bound);
        match release.compare(bound, environment) {
            None => Err(Because::Unordered(bound.version.clone())),
            Some((Ordering::Less, by)) => Err(Because::Older {
                than: bound.version.clone(),
                resolved,
                by,
            }),
            Some((Ordering::Equal, _)) if is_after => Err(Because::NotAfter(bound.version.clone())),
            // It may be newer than the current one was, but it is not to come, whoever saw it.
            Some(_) if is_after && release.was_out(self.resolution.time) => {
                Err(Because::NotAfter(release.version.clone()))
            }
            Some(_) => Ok(resolved),
        }
    }

    fn in_words(&self, bound: &ReleaseDates) -> String {
        let version = &bound.version;
        match &self.resolution.kind {
            ResolvedIn::NextRelease => format!("resolved in the next release after {version}"),
            ResolvedIn::Commit(sha) => format!("resolved by commit {}, first in {version}", short(sha)),
            ResolvedIn::Now | ResolvedIn::Release(_) | ResolvedIn::CurrentRelease => {
                format!("resolved in {version}")
            }
        }
    }
}

/// `shop@2.3.1 (production)`, as far as it is known.
struct Spot<'a>(&'a Option<String>, &'a Option<String>);

impl fmt::Display for Spot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let release = self.0.as_deref().unwrap_or("no release");
        match self.1 {
            Some(environment) => write!(f, "{release} ({environment})"),
            None => f.write_str(release),
        }
    }
}

impl fmt::Display for Regression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spot = Spot(&self.release, &self.environment);
        write!(f, "reopened: seen in {spot}, {}", self.resolved)
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not reopened: ")?;
        let spot = Spot(&self.release, &self.environment);
        let release = self.release.as_deref().unwrap_or("no release");
        match &self.because {
            Because::Before => write!(f, "what was seen in {spot} happened before it was resolved"),
            Because::Environment(only) => write!(f, "seen in {spot}, but it was resolved for {only} only"),
            Because::Releaseless(resolved) => write!(f, "the events name no release, and it was {resolved}"),
            Because::Package(other) => {
                write!(
                    f,
                    "{release} is another package than {other}, in which it was resolved"
                )
            }
            Because::Unreleased(sha) => {
                write!(
                    f,
                    "seen in {spot}, and no release has the commit {} yet",
                    short(sha)
                )
            }
            Because::Unordered(than) => write!(f, "nothing tells whether {release} is newer than {than}"),
            Because::Older { than, resolved, by } => {
                let by = match by {
                    By::Version => "",
                    By::Deploy => " by its deploy",
                    By::Date => " by its date",
                };
                if *resolved == format!("resolved in {than}") {
                    write!(f, "{release} is older{by} than {than}, in which it was resolved")
                } else {
                    write!(f, "{release} is older{by} than {than}; it was {resolved}")
                }
            }
            Because::NotAfter(than) if *than == release => {
                write!(
                    f,
                    "seen in {spot}, but it was resolved in the next release after that"
                )
            }
            Because::NotAfter(than) => {
                write!(
                    f,
                    "{release} is not newer than {than}, and it was resolved in the next release after that"
                )
            }
        }
    }
}
