//! What people and their build machines say of releases.

mod commits;
mod deploys;

use super::lifecycle;
use crate::model::PartId;
use crate::model::release::{Release, ReleaseId, ReleaseStatus};
use crate::protocol::ids::ProjectId;
use crate::protocol::name;
use crate::store::embedded::index::keys::{Key, Pieces, Table};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::release::{
    ReleaseRow, book_key, release_key, release_part_key, slices_key, version_key,
};
use crate::store::embedded::index::rows::Meta;
use crate::store::{Error, ReleaseChange, ReleaseCommand, ReleaseUpdate, Result};

/// How many rows of a removed project go in a slice.
const SLICE: usize = 1_000;

/// Applies a change, or says which rule it would break.
pub(super) fn apply(command: &ReleaseCommand, meta: &mut Meta, overlay: &mut Overlay<'_>) -> Result<()> {
    let mut row = find(command, meta, overlay)?;
    let before = row.release.clone();
    let release = &mut row.release;
    match &command.change {
        ReleaseChange::Declare => {}
        ReleaseChange::Update(update) => say(release, update)?,
        ReleaseChange::SetCommits(commits) => {
            commits::set(release, commits, overlay)?;
            release.commits = u32::try_from(commits.len()).unwrap_or(u32::MAX);
        }
        ReleaseChange::Deploy(deploy) => deploys::add(release, deploy, command.time, meta, overlay)?,
        ReleaseChange::Delete => {
            forget(release, overlay)?;
            row.is_deleted = true;
        }
    }
    if command.change.declares() {
        row.release.declared.get_or_insert(command.time);
    }
    overlay.put(release_key(command.project, &command.version), &row)?;
    lifecycle::told(command, &before, &row.release, meta, overlay)
}

/// The release that is meant. Only declaring it makes one that is not known.
fn find(command: &ReleaseCommand, meta: &mut Meta, overlay: &mut Overlay<'_>) -> Result<ReleaseRow> {
    let (project, version) = (command.project, command.version.as_str());
    let known: Option<ReleaseRow> = overlay.get(&release_key(project, version))?;
    let is_declared = command.change == ReleaseChange::Declare;
    match known {
        Some(row) if !row.is_deleted => Ok(row),
        Some(mut row) if is_declared => {
            row.is_deleted = false;
            row.release.created = command.time;
            Ok(row)
        }
        None if is_declared => {
            if !overlay.has(&Key::of(Table::Project).number(project.0))? {
                return Err(Error::Missing("project"));
            }
            if name::release(version) != Ok(Some(version)) {
                return Err(Error::Conflict(
                    "the name of a release has 1 to 200 bytes, no slash and no line break, and is not \"latest\"",
                ));
            }
            meta.last_release += 1;
            let id = ReleaseId(meta.last_release);
            overlay.put(version_key(project, id), &version)?;
            Ok(Release::begin(id, project, version, command.time).into())
        }
        _ => Err(Error::Missing("release")),
    }
}

fn say(release: &mut Release, update: &ReleaseUpdate) -> Result<()> {
    let is_longer = |text: &Option<String>, limit| text.as_ref().is_some_and(|text| text.len() > limit);
    if is_longer(&update.url, ReleaseUpdate::MAX_URL) {
        return Err(Error::Conflict("the address of a release has at most 300 bytes"));
    }
    if is_longer(&update.reference, ReleaseUpdate::MAX_REFERENCE) {
        return Err(Error::Conflict(
            "the reference of a release has at most 200 bytes",
        ));
    }
    let ReleaseUpdate {
        released,
        status,
        reference,
        url,
    } = update.clone();
    release.released = released.or(release.released);
    release.status = status.unwrap_or(release.status);
    release.reference = reference.or(release.reference.take());
    release.url = url.or(release.url.take());
    Ok(())
}

/// Takes back what was said. What was counted stays, under the same number.
fn forget(release: &mut Release, overlay: &mut Overlay<'_>) -> Result<()> {
    for table in [Table::Deploy, Table::Commit] {
        overlay.remove_all(&slices_key(table, release.project, release.id))?;
    }
    release.declared = None;
    release.released = None;
    release.status = ReleaseStatus::Open;
    release.reference = None;
    release.url = None;
    release.commits = 0;
    Ok(())
}

/// Forgets where a part was seen.
pub(super) fn forget_part(project: ProjectId, part: PartId, overlay: &mut Overlay<'_>) -> Result<()> {
    let sightings = Key::of(Table::Sighting).number(part.0);
    for (key, _) in overlay.scan(&sightings, usize::MAX)? {
        let mut pieces = Pieces::of(&key);
        if let (Some(_), Some(release)) = (pieces.number(), pieces.number()) {
            overlay.remove(release_part_key(project, ReleaseId(release), part));
        }
    }
    overlay.remove_all(&Key::of(Table::SightingUsers).number(part.0))?;
    overlay.remove_all(&sightings)
}

/// Clears a slice of a removed project's releases away. Answers whether it was the last one. What is remembered of single
/// sessions is not under the project: it ends by itself, within days, and is met by nobody until then.
pub(super) fn purge(project: ProjectId, overlay: &mut Overlay<'_>) -> Result<bool> {
    let mut room = SLICE;
    for table in [
        Table::Commit,
        Table::Deploy,
        Table::Health,
        Table::Release,
        Table::ReleaseVersion,
        Table::ReleasePart,
        Table::Discarded,
    ] {
        let prefix = Key::of(table).number(project.0);
        let slice = overlay.scan(&prefix, room)?;
        for (key, _) in &slice {
            overlay.remove(Key::of(table).bytes(key.get(1..).unwrap_or_default()));
        }
        room -= slice.len();
        if room == 0 {
            return Ok(false);
        }
    }
    overlay.remove(book_key(project));
    Ok(true)
}
