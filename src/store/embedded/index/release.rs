//! Releases in the index: the rows and keys that writing and reading them share.

use serde::{Deserialize, Serialize};

use super::keys::{Key, Table};
use crate::model::PartId;
use crate::model::release::{Release, ReleaseId, Sightings};
use crate::model::session::Exposure;
use crate::protocol::ids::ProjectId;

/// A release. Its deploys have rows of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store::embedded) struct ReleaseRow {
    /// The release, without its deploys.
    pub release: Release,
    /// Whether somebody deleted it: it keeps its number for what was counted by it.
    pub is_deleted: bool,
}

/// What a project knows of its releases as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store::embedded) struct Book {
    /// How many releases were begun by what clients said.
    pub begun: u32,
    /// Where things were seen that named no release, or none that there was room for.
    pub unnamed: Sightings,
}

impl Book {
    /// The most releases that clients can begin in a project: one that makes up a version with each event must not grow
    /// the index without bound. What comes after is counted under no release, unless somebody declares the release.
    pub(in crate::store::embedded) const MAX_BEGUN: u32 = 10_000;
}

/// How a release was used on a day, by hour of UTC.
pub(in crate::store::embedded) type DayUse = [Exposure; 24];

/// What a row of [`Table::Health`] holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(in crate::store::embedded) enum HealthKind {
    /// [`DayUse`].
    Use = 0,
    /// Sketch of the users.
    Users = 1,
    /// Sketch of the users for whom it crashed.
    Crashed = 2,
}

impl HealthKind {
    /// The kind that a byte of a key means.
    pub(in crate::store::embedded) fn from_byte(byte: u8) -> Option<Self> {
        [Self::Use, Self::Users, Self::Crashed]
            .into_iter()
            .find(|kind| *kind as u8 == byte)
    }
}

/// The row of a release.
pub(in crate::store::embedded) fn release_key(project: ProjectId, version: &str) -> Key {
    Key::of(Table::Release)
        .number(project.0)
        .bytes(version.as_bytes())
}

/// The row that says what a release's number stands for.
pub(in crate::store::embedded) fn version_key(project: ProjectId, release: ReleaseId) -> Key {
    Key::of(Table::ReleaseVersion).number(project.0).number(release.0)
}

/// The row of what a project knows of its releases as a whole.
pub(in crate::store::embedded) fn book_key(project: ProjectId) -> Key {
    Key::of(Table::ReleaseBook).number(project.0)
}

/// The rows of a release in a table of slices.
pub(in crate::store::embedded) fn slices_key(table: Table, project: ProjectId, release: ReleaseId) -> Key {
    Key::of(table).number(project.0).number(release.0)
}

/// The rows of a day's use of a project: release, kind and environment follow.
pub(in crate::store::embedded) fn health_key(project: ProjectId, day: i64) -> Key {
    Key::of(Table::Health).number(project.0).signed(day)
}

/// The sightings of a part in a release.
pub(in crate::store::embedded) fn sighting_key(part: PartId, release: ReleaseId) -> Key {
    Key::of(Table::Sighting).number(part.0).number(release.0)
}

/// The users for whom a part was seen in an environment of a release, empty for none.
pub(in crate::store::embedded) fn sighting_users_key(
    part: PartId,
    release: ReleaseId,
    environment: &str,
) -> Key {
    Key::of(Table::SightingUsers)
        .number(part.0)
        .number(release.0)
        .bytes(environment.as_bytes())
}

/// That a part was seen in a release.
pub(in crate::store::embedded) fn release_part_key(
    project: ProjectId,
    release: ReleaseId,
    part: PartId,
) -> Key {
    Key::of(Table::ReleasePart)
        .number(project.0)
        .number(release.0)
        .number(part.0)
}
