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
    /// How many releases were begun by what clients said, less what each day since gave back.
    pub begun: u32,
    /// The day on which they last began one, in days since 1970.
    pub day: i64,
    /// Where things were seen that named no release, or none that there was room for.
    pub unnamed: Sightings,
}

impl Book {
    /// The most releases that clients can begin in a project at once: one that makes up a version with each event must not
    /// grow the index without bound. What comes after is counted under no release, unless somebody declares the release.
    pub(in crate::store::embedded) const MAX_BEGUN: u32 = 10_000;
    /// How many more they can begin each day after that: more than anybody deploys.
    const MORE_A_DAY: u32 = 200;

    /// Whether there is room on `day` for one more release that no person has declared; it is taken.
    pub(in crate::store::embedded) fn begins_one_more(&mut self, day: i64) -> bool {
        let days = u32::try_from(day.saturating_sub(self.day)).unwrap_or(0);
        self.begun = self.begun.saturating_sub(days.saturating_mul(Self::MORE_A_DAY));
        self.day = self.day.max(day);
        let has_room = self.begun < Self::MAX_BEGUN;
        self.begun += u32::from(has_room);
        has_room
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_makes_up_releases_ends_none_for_good() {
        let mut book = Book::default();
        let begun = |book: &mut Book, day| (0..20_000).filter(|_| book.begins_one_more(day)).count();
        assert_eq!(begun(&mut book, 20_000), 10_000);
        assert_eq!(begun(&mut book, 20_000), 0, "the same day");
        assert_eq!(begun(&mut book, 20_001), 200);
        assert_eq!(
            begun(&mut book, 19_000),
            0,
            "a clock that goes back gives nothing"
        );
        assert_eq!(begun(&mut book, 20_003), 400);
    }
}
