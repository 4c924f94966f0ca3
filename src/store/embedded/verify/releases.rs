//! Releases and what was seen in them: every row can be read, and those that say the same thing agree.

use std::collections::HashMap;

use serde::de::IgnoredAny;

use super::{Report, read_all, table};
use crate::model::release::{Commit, Deploy, ReleaseId, Sightings};
use crate::model::session::CountedSession;
use crate::model::{Part, PartId};
use crate::store::Result;
use crate::store::embedded::index::keys::{Pieces, Table};
use crate::store::embedded::index::release::{ReleaseRow, release_part_key, version_key};
use crate::store::embedded::index::tree::Tree;

/// Checks all of it.
pub(super) fn check(tree: &Tree, report: &mut Report) -> Result<()> {
    check_releases(tree, report);
    check_sightings(tree, report)?;
    read_all::<Vec<Deploy>>(tree, Table::Deploy, report);
    read_all::<Vec<Commit>>(tree, Table::Commit, report);
    read_all::<IgnoredAny>(tree, Table::Health, report);
    read_all::<IgnoredAny>(tree, Table::SightingUsers, report);
    read_all::<CountedSession>(tree, Table::CountedSession, report);
    Ok(())
}

/// Every release's number stands for it.
fn check_releases(tree: &Tree, report: &mut Report) {
    for row in table::<ReleaseRow>(tree, Table::Release) {
        let Some((_, ReleaseRow { release, .. })) = report.check(row) else {
            continue;
        };
        report.releases += 1;
        let version = tree.read::<String>(&version_key(release.project, release.id));
        if report.check(version).flatten().as_ref() != Some(&release.version) {
            let (id, version) = (release.id.0, &release.version);
            report.fault(format!(
                "the number {id} does not stand for its release {version:?}"
            ));
        }
    }
}

/// Every event of a part was seen in some release, or in none, and the release knows the part.
fn check_sightings(tree: &Tree, report: &mut Report) -> Result<()> {
    let mut seen: HashMap<PartId, Vec<(ReleaseId, u64)>> = HashMap::new();
    for row in table::<Sightings>(tree, Table::Sighting) {
        let Some((key, sightings)) = report.check(row) else {
            continue;
        };
        let mut pieces = Pieces::of(&key);
        if let (Some(part), Some(release)) = (pieces.number(), pieces.number()) {
            let count = sightings.0.iter().map(|it| it.count).sum();
            seen.entry(PartId(part))
                .or_default()
                .push((ReleaseId(release), count));
        }
    }
    for row in table::<Part>(tree, Table::Part) {
        let Some((_, part)) = report.check(row) else {
            continue;
        };
        let Some(seen) = seen.remove(&part.id) else {
            // Its issue was removed, and it will be.
            continue;
        };
        // What a part saw that is being counted anew is taken from it at its end.
        let (id, events) = (part.id.0, part.seen.times_seen);
        let count: u64 = seen.iter().map(|(_, count)| count).sum();
        if count != events && part.successor.is_none() {
            report.fault(format!(
                "part {id} has {events} events but {count} were seen in releases"
            ));
        }
        for (release, _) in seen {
            if !tree.has(release_part_key(part.project, release, part.id))? {
                report.fault(format!(
                    "release {} does not know that part {id} was seen in it",
                    release.0
                ));
            }
        }
    }
    for part in seen.keys() {
        report.fault(format!("part {} was seen in a release but has no row", part.0));
    }
    Ok(())
}
