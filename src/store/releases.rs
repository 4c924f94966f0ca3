//! Releases: what was shipped and what went into it, where issues were seen in it, and how it was used.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Result;
use crate::model::release::{Commit, Deploy, Release, ReleaseStatus, Sightings};
use crate::model::session::{Health, HealthQuery};
use crate::model::{IssueId, Page, PageRequest, UserId};
use crate::protocol::ids::ProjectId;

/// A change to one release of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseCommand {
    /// Whose release.
    pub project: ProjectId,
    /// Its name.
    pub version: String,
    /// Who asked for it; none for a machine that is nobody.
    pub who: Option<UserId>,
    /// When it was asked for.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub time: Timestamp,
    /// What is to be done.
    pub change: ReleaseChange,
}

/// What is done to a release. All but `Declare` fail with [`super::Error::Missing`] when there is no such release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReleaseChange {
    /// Says that there is such a release. One that is known already, by its events or by an earlier word, is declared.
    Declare,
    /// Says more about it; what is none stays as it was.
    Update(ReleaseUpdate),
    /// These commits, and no others, went into it: latest first. At most [`Release::MAX_COMMITS`], else
    /// [`super::Error::Conflict`].
    SetCommits(Vec<Commit>),
    /// It was put to work somewhere. The number is given by the store; the same deploy said again is one.
    Deploy(Deploy),
    /// Forgets what people said about it and takes it out of lists. What was counted stays; an event of it, or a
    /// `Declare`, brings it back.
    Delete,
}

impl ReleaseChange {
    /// Whether it says that there is such a release. Who puts one aside, or takes it up again, may well mean one that a
    /// client made up.
    pub fn declares(&self) -> bool {
        match self {
            Self::Update(update) => {
                *update
                    != ReleaseUpdate {
                        status: update.status,
                        ..ReleaseUpdate::default()
                    }
            }
            Self::Declare | Self::SetCommits(_) | Self::Deploy(_) => true,
            Self::Delete => false,
        }
    }
}

/// What is said about a release.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseUpdate {
    /// When it went out.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::optional")]
    pub released: Option<Timestamp>,
    /// Whether it is still worked with.
    pub status: Option<ReleaseStatus>,
    /// The commit that it was built from.
    pub reference: Option<String>,
    /// Where to read about it.
    pub url: Option<String>,
}

impl ReleaseUpdate {
    /// The most bytes of an address and of the name of a commit: they stand in the release's row. Longer ones are
    /// refused with [`super::Error::Conflict`].
    pub const MAX_URL: usize = 300;
    /// See [`ReleaseUpdate::MAX_URL`].
    pub const MAX_REFERENCE: usize = 200;
}

/// Which releases are asked for.
#[derive(Debug, Clone, Default)]
pub struct ReleaseFilter {
    /// Of these projects.
    pub projects: Vec<ProjectId>,
    /// Seen in or deployed to one of these environments; empty for all.
    pub environments: Vec<String>,
    /// With this in the version, whatever the case; empty for all.
    pub text: String,
    /// In this status; none for all.
    pub status: Option<ReleaseStatus>,
}

/// Where an issue was seen: the environments of one release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenInRelease {
    /// The version; none for events that named none.
    pub version: Option<String>,
    /// Its environments.
    pub sightings: Sightings,
}

/// An issue that was seen in a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenIssue {
    /// The issue.
    pub issue: IssueId,
    /// In which environments of the release.
    pub sightings: Sightings,
    /// For how many users in each of them; none for events that named no environment. Without those where no event named
    /// a user.
    pub users: BTreeMap<Option<String>, u64>,
}

/// Releases and how they fare. They are made by events and sessions too, when those are recorded.
#[async_trait]
pub trait Releases: Send + Sync {
    /// Makes a change that a person or their build machine asked for.
    async fn change(&self, command: ReleaseCommand) -> Result<()>;
    /// One release, with its deploys; none when it is not known or was deleted.
    async fn release(&self, project: ProjectId, version: &str) -> Result<Option<Release>>;
    /// The versions that match, the one that was last begun first, each with the release of every one of the projects
    /// that has it; with their deploys.
    async fn list(&self, filter: &ReleaseFilter, page: PageRequest) -> Result<Page<Vec<Release>>>;
    /// All releases of a project, archived ones too, with their deploys: what a release is ordered among.
    async fn all(&self, project: ProjectId) -> Result<Vec<Release>>;
    /// The commits of a release, latest first.
    async fn commits(&self, project: ProjectId, version: &str, page: PageRequest) -> Result<Page<Commit>>;
    /// The issues that were seen in a release, by number.
    async fn issues_of(&self, project: ProjectId, version: &str) -> Result<Vec<SeenIssue>>;
    /// The releases in which an issue was seen, the first one first.
    async fn releases_of(&self, issue: IssueId) -> Result<Vec<SeenInRelease>>;
    /// How releases were used: a row for all that is not told apart.
    async fn health(&self, query: &HealthQuery) -> Result<Vec<Health>>;
}
