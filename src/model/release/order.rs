//! Which of two releases is newer, and which was the current one at a moment.
//!
//! By semantic version where both have one, else by when they came out; never by comparing names as text. Says nothing
//! of what follows for an issue.

use std::cmp::Ordering;
use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::version::{Rank, Version};
use super::{Release, Sighting};

/// What the order needs to know of a release. Kept with a decision, it outlives the release itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseDates {
    /// Its name.
    pub version: String,
    /// Whether it is more than one client's word: see [`Release::is_credible`].
    pub is_credible: bool,
    /// When somebody said that it went out.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::optional")]
    pub released: Option<Timestamp>,
    /// Where it was deployed or seen, at most [`ReleaseDates::MAX_PLACES`].
    pub places: Vec<Place>,
}

/// An environment that a release came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The environment; none for what named none.
    pub environment: Option<String>,
    /// When it was first deployed there.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::optional")]
    pub deployed: Option<Timestamp>,
    /// When something in it first happened there.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::optional")]
    pub seen: Option<Timestamp>,
}

/// By what it was told which of two releases is newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// They are the same, or their semantic versions say so.
    Version,
    /// Their deploys say so.
    Deploy,
    /// The dates when they were released or first seen say so.
    Date,
}

impl From<&Release> for ReleaseDates {
    fn from(release: &Release) -> Self {
        let mut dates = Self {
            version: release.version.clone(),
            is_credible: release.is_credible(),
            released: release.released,
            places: Vec::new(),
        };
        for deploy in &release.deploys {
            if let Some(place) = dates.place(Some(&deploy.environment)) {
                place.deployed.get_or_insert(deploy.finished);
            }
        }
        for sighting in &release.seen.0 {
            if let Some(place) = dates.place(sighting.environment.as_deref()) {
                place.seen = Some(sighting.first);
            }
        }
        dates
    }
}

impl ReleaseDates {
    /// The most environments that are told apart.
    pub const MAX_PLACES: usize = 16;

    /// A release of which nothing is left but that an issue was seen in it.
    pub fn seen(version: &str, sighting: &Sighting) -> Self {
        let place = Place {
            environment: sighting.environment.clone(),
            deployed: None,
            seen: Some(sighting.first),
        };
        Self {
            places: vec![place],
            ..Self::named(version)
        }
    }

    /// Whether its name says that it is of this package.
    pub fn is_of(&self, package: Option<&str>) -> bool {
        Version::parse(&self.version).package() == package
    }

    /// Compares two releases of one package as seen from an environment: less is older. None if they are of different
    /// packages, or nothing tells.
    pub fn compare(&self, other: &Self, environment: Option<&str>) -> Option<(Ordering, By)> {
        let (ours, theirs) = (Version::parse(&self.version), Version::parse(&other.version));
        if self.version == other.version {
            return Some((Ordering::Equal, By::Version));
        }
        if ours.package() != theirs.package() {
            return None;
        }
        if let Some(order) = ours.precedence(&theirs) {
            return Some((order, By::Version));
        }
        let ((ours, by), (theirs, other_by)) = (self.date(environment)?, other.date(environment)?);
        Some((ours.cmp(&theirs), if by == other_by { by } else { By::Date }))
    }

    /// Whether it was out anywhere at a moment.
    pub fn was_out(&self, at: Timestamp) -> bool {
        self.out(None).is_some_and(|out| out <= at)
    }

    /// When it came out: its first deploy, in the environment if there is one; else the date somebody gave; else when
    /// it was first seen.
    fn date(&self, environment: Option<&str>) -> Option<(Timestamp, By)> {
        let there = environment.and_then(|name| self.at(name)?.deployed);
        let deployed = there.or_else(|| self.places.iter().filter_map(|place| place.deployed).min());
        let seen = || self.places.iter().filter_map(|place| place.seen).min();
        let dated = || self.released.or_else(seen).map(|date| (date, By::Date));
        deployed.map(|date| (date, By::Deploy)).or_else(dated)
    }

    /// Since when it is out in an environment, or anywhere: deployed or seen there. A date of release says nothing
    /// of an environment, unless nothing else is known.
    fn out(&self, environment: Option<&str>) -> Option<Timestamp> {
        let came = |place: &Place| [place.deployed, place.seen].into_iter().flatten().min();
        let anywhere = self.places.iter().filter_map(came).min();
        match environment {
            Some(name) if anywhere.is_some() => self.at(name).and_then(came),
            _ => [anywhere, self.released].into_iter().flatten().min(),
        }
    }

    fn at(&self, environment: &str) -> Option<&Place> {
        self.places
            .iter()
            .find(|place| place.environment.as_deref() == Some(environment))
    }

    fn place(&mut self, environment: Option<&str>) -> Option<&mut Place> {
        let is_it = |place: &Place| place.environment.as_deref() == environment;
        if !self.places.iter().any(is_it) && self.places.len() < Self::MAX_PLACES {
            self.places.push(Place {
                environment: environment.map(str::to_owned),
                deployed: None,
                seen: None,
            });
        }
        self.places.iter_mut().find(|place| is_it(place))
    }

    /// A release of which only the name is known.
    pub fn named(version: &str) -> Self {
        Self {
            version: version.to_owned(),
            is_credible: false,
            released: None,
            places: Vec::new(),
        }
    }
}

/// What is known of the releases of a project.
pub trait ReleaseOrder {
    /// One release; none if it is unknown or was deleted.
    fn release(&self, version: &str) -> Option<ReleaseDates>;

    /// The current release of a package as of a moment: of those that were out then (in the environment if one is
    /// given) the newest credible one; the newest one if none is credible. `remembered` are taken into account too:
    /// releases that a decision knows of, though they may be gone.
    fn current(
        &self,
        package: Option<&str>,
        environment: Option<&str>,
        at: Timestamp,
        remembered: &[ReleaseDates],
    ) -> Option<ReleaseDates>;

    /// The oldest release of a package that has the commit.
    fn first_with(&self, commit: &str, package: Option<&str>) -> Option<ReleaseDates>;
}

/// The releases of a project in memory.
#[derive(Debug, Clone, Default)]
pub struct History {
    releases: HashMap<String, Known>,
    commits: HashMap<String, Vec<String>>,
}

impl History {
    /// Adds a release, or what is now known of it.
    pub fn add(&mut self, release: ReleaseDates) {
        self.releases.insert(release.version.clone(), release.into());
    }

    /// Says which releases have a commit.
    pub fn set_commit(&mut self, sha: &str, versions: &[String]) {
        self.commits.insert(sha.to_lowercase(), versions.to_vec());
    }

    /// Forgets a release that was deleted.
    pub fn remove(&mut self, version: &str) {
        self.releases.remove(version);
    }
}

impl ReleaseOrder for History {
    fn release(&self, version: &str) -> Option<ReleaseDates> {
        self.releases.get(version).map(|known| known.dates.clone())
    }

    fn current(
        &self,
        package: Option<&str>,
        environment: Option<&str>,
        at: Timestamp,
        remembered: &[ReleaseDates],
    ) -> Option<ReleaseDates> {
        let gone = remembered
            .iter()
            .filter(|it| !self.releases.contains_key(&it.version));
        let gone: Vec<_> = gone.cloned().map(Known::from).collect();
        let is_out = |it: &&Known| {
            it.package.as_deref() == package && it.dates.out(environment).is_some_and(|out| out <= at)
        };
        let out: Vec<_> = self.releases.values().chain(&gone).filter(is_out).collect();
        let credible: Vec<_> = out.iter().copied().filter(|it| it.dates.is_credible).collect();
        let candidates = if credible.is_empty() { out } else { credible };
        newest(candidates, environment).map(|it| it.dates.clone())
    }

    fn first_with(&self, commit: &str, package: Option<&str>) -> Option<ReleaseDates> {
        let versions = self.commits.get(&commit.to_lowercase())?.iter();
        // One that was deleted had it all the same.
        let release = |version: &String| {
            let named = || ReleaseDates::named(version).into();
            self.releases.get(version).cloned().unwrap_or_else(named)
        };
        let releases: Vec<_> = versions.map(release).collect();
        let (versions, others) = apart(releases.iter().filter(|it| it.package.as_deref() == package));
        let oldest = |some: Vec<&Known>| {
            let oldest = some.into_iter().min_by(|one, other| one.total(other, None));
            oldest.map(|it| it.dates.clone())
        };
        oldest(versions).or_else(|| oldest(others))
    }
}

/// A release whose name was taken apart once.
#[derive(Debug, Clone)]
struct Known {
    dates: ReleaseDates,
    package: Option<String>,
    rank: Option<Rank<'static>>,
}

impl From<ReleaseDates> for Known {
    fn from(dates: ReleaseDates) -> Self {
        let version = Version::parse(&dates.version);
        Self {
            package: version.package().map(str::to_owned),
            rank: version.rank().cloned().map(Rank::into_owned),
            dates,
        }
    }
}

impl Known {
    /// Order of releases of one package. Those that came out at one time are told apart by their names, so that the answer
    /// is the same every time.
    fn total(&self, other: &Self, environment: Option<&str>) -> Ordering {
        let date = |it: &Self| it.dates.date(environment).map(|(date, _)| date);
        let order = match (&self.rank, &other.rank) {
            (Some(ours), Some(theirs)) => Some(ours.cmp(theirs)),
            _ => date(self)
                .zip(date(other))
                .map(|(ours, theirs)| ours.cmp(&theirs)),
        };
        order
            .unwrap_or(Ordering::Equal)
            .then_with(|| self.dates.version.cmp(&other.dates.version))
    }
}

/// Those with a semantic version, and the others: comparing pairs by version here and by date there can go round in a
/// circle.
fn apart<'a>(releases: impl IntoIterator<Item = &'a Known>) -> (Vec<&'a Known>, Vec<&'a Known>) {
    releases.into_iter().partition(|it| it.rank.is_some())
}

/// The newest by version and the newest by date are found on their own, and then compared by date.
fn newest<'a>(releases: Vec<&'a Known>, environment: Option<&str>) -> Option<&'a Known> {
    let (versions, others) = apart(releases);
    let newest = |some: Vec<&'a Known>| {
        some.into_iter()
            .max_by(|one, other| one.total(other, environment))
    };
    [newest(versions), newest(others)]
        .into_iter()
        .flatten()
        .max_by_key(|it| it.dates.date(environment).map(|(date, _)| date))
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
