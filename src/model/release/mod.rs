//! Releases: what was shipped, when and where it was deployed, what went into it, and where an issue was seen.
//!
//! Plain data and what one event or one client adds to it. Which of two releases is newer is `order`'s to say; what
//! follows from that for an issue, `lifecycle`'s.

pub mod fixes;
pub mod order;
pub mod version;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::protocol::ids::ProjectId;

/// A release's number, unique in the installation, from 1. [`ReleaseId::NONE`] stands for events without a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReleaseId(pub u64);

impl ReleaseId {
    /// What events without a release are counted under.
    pub const NONE: Self = Self(0);
}

/// Whether a release is still worked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReleaseStatus {
    /// It is shown in lists.
    #[default]
    Open,
    /// Put aside: lists leave it out. It counts in the order of releases as before.
    Archived,
}

/// A release of a project. Events and sessions make one, and so do people and their build machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Unique in the installation.
    pub id: ReleaseId,
    /// Whose it is.
    pub project: ProjectId,
    /// Its name, such as `shop@2.3.0`; unique in the project.
    pub version: String,
    /// When its row was made: by the first event to arrive, or by whoever declared it.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub created: Timestamp,
    /// When somebody said by API or command line that there is such a release; none if only clients did.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::optional")]
    pub declared: Option<Timestamp>,
    /// When somebody said that it went out (`finalize`).
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::optional")]
    pub released: Option<Timestamp>,
    /// When the earliest event or session in it *happened*; none if nothing was seen of it.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::optional")]
    pub first_seen: Option<Timestamp>,
    /// When the latest event or session in it *happened*.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::optional")]
    pub last_seen: Option<Timestamp>,
    /// Whether it is still worked with.
    pub status: ReleaseStatus,
    /// The commit that it was built from, as somebody said.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// Where to read about it.
    pub url: Option<String>,
    /// Hashes of the first clients that were seen with it: at most [`Release::MAX_CLIENTS`].
    pub clients: Vec<u64>,
    /// How many events were seen in it.
    pub events: u64,
    /// Where it was seen; a session counts as no event, but shows where.
    pub seen: Sightings,
    /// How many issues were first seen in it.
    pub new_issues: u64,
    /// How many commits went into it.
    pub commits: u32,
    /// Where and when it was deployed, oldest first, at most [`Release::MAX_DEPLOYS`]: the first one of an
    /// environment stays.
    pub deploys: Vec<Deploy>,
}

impl Release {
    /// The most bytes of a version.
    pub const MAX_VERSION: usize = 200;
    /// The most clients that are remembered: a release seen from two is no client's invention.
    pub const MAX_CLIENTS: usize = 3;
    /// The most deploys that are remembered.
    pub const MAX_DEPLOYS: usize = 50;
    /// The most commits that a release may have.
    pub const MAX_COMMITS: usize = 10_000;

    /// A release of which nothing is known but its name.
    pub fn begin(id: ReleaseId, project: ProjectId, version: &str, created: Timestamp) -> Self {
        Self {
            id,
            project,
            version: version.to_owned(),
            created,
            declared: None,
            released: None,
            first_seen: None,
            last_seen: None,
            status: ReleaseStatus::Open,
            reference: None,
            url: None,
            clients: Vec::new(),
            events: 0,
            seen: Sightings::default(),
            new_issues: 0,
            commits: 0,
            deploys: Vec::new(),
        }
    }

    /// Takes into account that something of it happened at `happened` in `environment`, at a client whose name hashes
    /// to `client` (user, else server name; none if it said neither): `events` is 1 for an event and 0 for a session.
    /// Says whether that can change the order of releases or which are credible, so that what was judged by them must
    /// be judged again.
    pub fn see(
        &mut self,
        environment: Option<&str>,
        happened: Timestamp,
        client: Option<u64>,
        events: u64,
    ) -> bool {
        let was_credible = self.is_credible();
        let is_earlier = self.seen.add(&Sighting {
            environment: environment.map(str::to_owned),
            count: events,
            first: happened,
            last: happened,
        });
        self.events += events;
        if self.first_seen.is_none_or(|first| happened < first) {
            self.first_seen = Some(happened);
        }
        self.last_seen = self.last_seen.max(Some(happened));
        if self.clients.len() < Self::MAX_CLIENTS {
            self.clients
                .extend(client.filter(|client| !self.clients.contains(client)));
        }
        is_earlier || self.is_credible() != was_credible
    }

    /// Whether it is more than one client's word: somebody declared, released or deployed it, or two clients were seen
    /// with it.
    pub fn is_credible(&self) -> bool {
        let is_said = self.declared.is_some() || self.released.is_some() || !self.deploys.is_empty();
        is_said || self.clients.len() > 1
    }

    /// Adds a deploy, in the order of time. When there are too many, one that is not the first of its environment goes.
    pub fn deploy(&mut self, deploy: Deploy) {
        let place = self
            .deploys
            .partition_point(|other| other.finished <= deploy.finished);
        self.deploys.insert(place, deploy);
        if self.deploys.len() > Self::MAX_DEPLOYS {
            let is_again = |at: &usize| {
                let environment = &self.deploys[*at].environment;
                self.deploys[..*at]
                    .iter()
                    .any(|it| it.environment == *environment)
            };
            let superfluous = (0..self.deploys.len()).find(is_again);
            self.deploys.remove(superfluous.unwrap_or(Self::MAX_DEPLOYS));
        }
    }
}

/// That a release was put to work in an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deploy {
    /// Unique in the installation.
    pub id: u64,
    /// Where, such as `production`.
    pub environment: String,
    /// What people call it.
    pub name: Option<String>,
    /// Where to read about it.
    pub url: Option<String>,
    /// When it began, as somebody said.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::optional")]
    pub started: Option<Timestamp>,
    /// When it was done.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub finished: Timestamp,
}

/// A commit that went into a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// Its hash, as the version control writes it.
    pub sha: String,
    /// The repository's name, such as `acme/shop`.
    pub repository: Option<String>,
    /// Who wrote it.
    pub author_name: Option<String>,
    /// Their e-mail address.
    pub author_email: Option<String>,
    /// When it was written.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::optional")]
    pub time: Option<Timestamp>,
    /// What it says.
    pub message: Option<String>,
    /// The files that it touched.
    pub files: Vec<ChangedFile>,
}

impl Commit {
    /// The most bytes of a hash: of any system that keeps versions.
    pub const MAX_SHA: usize = 64;
}

/// What a commit did to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedFile {
    /// Path in the repository.
    pub path: String,
    /// What was done to it.
    pub change: FileChange,
}

/// Added, modified or deleted; on the wire by their first letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileChange {
    /// It is new.
    #[serde(rename = "A")]
    Added,
    /// It was there before.
    #[serde(rename = "M")]
    Modified,
    /// It is gone.
    #[serde(rename = "D")]
    Deleted,
}

/// Where and when a release of an issue was seen: one environment of one release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// The environment; none when the events named none.
    pub environment: Option<String>,
    /// How many events.
    pub count: u64,
    /// When the earliest of them *happened*: see [`happened`].
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub first: Timestamp,
    /// When the latest of them *happened*.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub last: Timestamp,
}

/// What one release of one part of an issue was seen in: a row. Adding up is the same in any order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sightings(pub Vec<Sighting>);

impl Sightings {
    /// The most environments that are told apart; what comes after is counted as if it named none.
    pub const MAX_ENVIRONMENTS: usize = 32;

    /// Adds an event.
    pub fn see(&mut self, environment: Option<&str>, happened: Timestamp) {
        self.add(&Sighting {
            environment: environment.map(str::to_owned),
            count: 1,
            first: happened,
            last: happened,
        });
    }

    /// Under which environment an event of `environment` is counted.
    pub fn place<'a>(&self, environment: Option<&'a str>) -> Option<&'a str> {
        environment.filter(|name| self.0.iter().any(|it| it.environment.as_deref() == Some(name)))
    }

    /// Adds up: what parts of an issue saw is what the issue saw.
    pub fn join(&mut self, other: &Self) {
        for sighting in &other.0 {
            self.add(sighting);
        }
    }

    /// Says whether nothing as early was known of the environment.
    fn add(&mut self, more: &Sighting) -> bool {
        let named = self.0.iter().position(|it| it.environment == more.environment);
        let is_full = self.0.len() >= Self::MAX_ENVIRONMENTS;
        let place = match named {
            None if is_full => self.0.iter().position(|it| it.environment.is_none()),
            known => known,
        };
        if let Some(sighting) = place.and_then(|place| self.0.get_mut(place)) {
            let is_earlier = more.first < sighting.first;
            sighting.count += more.count;
            sighting.first = sighting.first.min(more.first);
            sighting.last = sighting.last.max(more.last);
            return is_earlier;
        }
        self.0.push(Sighting {
            environment: more.environment.clone().filter(|_| !is_full),
            ..more.clone()
        });
        true
    }
}

/// When something happened, as far as it can be believed: a client's clock that is ahead of ours proves nothing.
pub fn happened(said: Timestamp, received: Timestamp) -> Timestamp {
    said.min(received)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn sightings_add_up_in_any_order() {
        let seen = [(Some("production"), 5), (None, 9), (Some("production"), 2)];
        let mut there = Sightings::default();
        seen.iter().for_each(|(place, time)| there.see(*place, at(*time)));
        assert_eq!(there.0.len(), 2);
        assert_eq!(
            (there.0[0].count, there.0[0].first, there.0[0].last),
            (2, at(2), at(5))
        );
        let mut joined = there.clone();
        joined.join(&there);
        assert_eq!(joined.0[0].count, 4);
    }

    #[test]
    fn environments_without_end_are_counted_together() {
        let mut sightings = Sightings::default();
        for number in 0..100 {
            sightings.see(Some(&number.to_string()), at(number));
        }
        assert_eq!(sightings.0.len(), Sightings::MAX_ENVIRONMENTS + 1);
        assert_eq!(sightings.0.iter().map(|it| it.count).sum::<u64>(), 100);
    }

    #[test]
    fn too_many_deploys_keep_the_first_of_each_environment() {
        let mut release = Release::begin(ReleaseId(1), ProjectId(1), "1.0", at(0));
        for second in 0..60 {
            let environment = if second == 55 { "staging" } else { "production" };
            release.deploy(Deploy {
                id: second as u64,
                environment: environment.into(),
                name: None,
                url: None,
                started: None,
                finished: at(second),
            });
        }
        assert_eq!(release.deploys.len(), Release::MAX_DEPLOYS);
        assert_eq!(release.deploys[0].finished, at(0));
        assert!(release.deploys.iter().any(|it| it.environment == "staging"));
    }

    #[test]
    fn a_release_is_credible_from_the_second_client_on() {
        let mut release = Release::begin(ReleaseId(1), ProjectId(1), "1.0", at(0));
        assert!(release.see(None, at(10), Some(1), 1));
        assert!(!release.see(None, at(11), Some(1), 1));
        assert!(release.see(None, at(9), None, 0), "it was earlier");
        assert!(!release.is_credible());
        assert!(release.see(None, at(12), Some(2), 1));
        assert!(release.is_credible());
        for client in 3..10 {
            assert!(!release.see(None, at(12), Some(client), 1));
        }
        assert_eq!(
            (release.clients.len(), release.events),
            (Release::MAX_CLIENTS, 10)
        );
        assert_eq!(
            (release.first_seen, release.last_seen),
            (Some(at(9)), Some(at(12)))
        );
    }
}
