//! What people and their build machines say of releases: that there is one, what went into it, where it was put to work.
//!
//! A version may be one of several projects at once, as it is when one build ships them all. What follows from a release
//! for the issues that were resolved in it is decided by `model`, inside the store's own commit.

use std::sync::Arc;

use jiff::Timestamp;

use crate::model::release::{Commit, Deploy};
use crate::model::{Release, UserId};
use crate::protocol::ids::ProjectId;
use crate::store::{self, ReleaseChange, ReleaseCommand, ReleaseUpdate, Releases};

/// Why it was not done. The texts are read by people.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// None of the projects has it.
    #[error("There is no such release.")]
    Missing,
    /// What was said cannot be.
    #[error("This cannot be: {0}.")]
    Refused(&'static str),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What this room answers.
pub type Result<T> = std::result::Result<T, Error>;

/// A version that is talked about, and who talks.
#[derive(Debug, Clone)]
pub struct Word {
    /// The projects that are meant.
    pub projects: Vec<ProjectId>,
    /// The release's name.
    pub version: String,
    /// Who says it.
    pub who: UserId,
    /// When.
    pub now: Timestamp,
}

/// Whether there was such a release before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declared {
    /// In no project.
    New,
    /// In at least one.
    Known,
}

/// What is said about a release.
#[derive(Debug, Clone, Default)]
pub struct Description {
    /// When it went out, where to read about it, and so on.
    pub update: ReleaseUpdate,
    /// The commits that went into it, latest first; none when nothing is said about them.
    pub commits: Option<Vec<Commit>>,
}

/// Passes on what is said.
pub struct Shipping {
    releases: Arc<dyn Releases>,
}

impl Shipping {
    /// Changes the releases that `releases` keeps.
    pub fn new(releases: Arc<dyn Releases>) -> Self {
        Self { releases }
    }

    /// Says that there is a release in each of the projects.
    pub async fn declare(&self, word: &Word) -> Result<Declared> {
        let mut declared = Declared::New;
        for &project in &word.projects {
            if self.releases.release(project, &word.version).await?.is_some() {
                declared = Declared::Known;
            }
            self.change(word, project, ReleaseChange::Declare).await?;
        }
        Ok(declared)
    }

    /// Says more about a release, in those of the projects that have it.
    pub async fn describe(&self, word: &Word, description: Description) -> Result<()> {
        for release in self.known(word).await? {
            let project = release.project;
            if let Some(commits) = &description.commits {
                let commits = ReleaseChange::SetCommits(commits.clone());
                self.change(word, project, commits).await?;
            } else if let (0, Some(sha)) = (release.commits, &description.update.reference) {
                // All that is known of its commits is which one it was built from.
                let head = Commit {
                    sha: sha.clone(),
                    repository: None,
                    author_name: None,
                    author_email: None,
                    time: None,
                    message: None,
                    files: Vec::new(),
                };
                self.change(word, project, ReleaseChange::SetCommits(vec![head]))
                    .await?;
            }
            if description.update != ReleaseUpdate::default() {
                let update = ReleaseChange::Update(description.update.clone());
                self.change(word, project, update).await?;
            }
        }
        Ok(())
    }

    /// Says that a release was put to work, in those of the projects that have it.
    pub async fn deploy(&self, word: &Word, deploy: Deploy) -> Result<()> {
        for release in self.known(word).await? {
            let deploy = ReleaseChange::Deploy(deploy.clone());
            self.change(word, release.project, deploy).await?;
        }
        Ok(())
    }

    /// Takes a release out of those of the projects that have it.
    pub async fn delete(&self, word: &Word) -> Result<()> {
        for release in self.known(word).await? {
            self.change(word, release.project, ReleaseChange::Delete).await?;
        }
        Ok(())
    }

    async fn known(&self, word: &Word) -> Result<Vec<Release>> {
        let mut known = Vec::new();
        for &project in &word.projects {
            known.extend(self.releases.release(project, &word.version).await?);
        }
        if known.is_empty() {
            return Err(Error::Missing);
        }
        Ok(known)
    }

    async fn change(&self, word: &Word, project: ProjectId, change: ReleaseChange) -> Result<()> {
        let command = ReleaseCommand {
            project,
            version: word.version.clone(),
            who: Some(word.who),
            time: word.now,
            change,
        };
        self.releases.change(command).await.map_err(|error| match error {
            store::Error::Conflict(why) => Error::Refused(why),
            other => other.into(),
        })
    }
}
