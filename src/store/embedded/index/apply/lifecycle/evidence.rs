//! What an issue is judged by, read from the index: where it was seen, which releases there are, what was counted.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use super::release;
use crate::model::lifecycle::archive::{Archive, Counted, Until};
use crate::model::lifecycle::decision::Decision;
use crate::model::lifecycle::regression::SeenIn;
use crate::model::release::order::{History, ReleaseDates};
use crate::model::release::{Deploy, ReleaseId, Sightings};
use crate::model::timeline::{DAY, HOUR};
use crate::model::{IssueId, timeline};
use crate::protocol::ids::ProjectId;
use crate::store::Result;
use crate::store::embedded::index::apply::sum;
use crate::store::embedded::index::keys::{Key, Pieces, Table};
use crate::store::embedded::index::lifecycle::Standing;
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::release::{ReleaseRow, slices_key, version_key};
use crate::store::embedded::index::rows::{self, DayHours};

/// The releases of projects and who has which commit, read once a command and only if somebody asks: a command may judge
/// thousands of issues.
#[derive(Default)]
pub(in crate::store::embedded::index::apply) struct Histories {
    releases: HashMap<ProjectId, History>,
    /// By the hash of the commit, in lower case.
    having: HashMap<(ProjectId, String), Vec<String>>,
}

impl Histories {
    /// The releases of a project, and which of them have the commit by which the issue was resolved.
    pub(super) fn of(
        &mut self,
        project: ProjectId,
        standing: &Standing,
        overlay: &Overlay<'_>,
    ) -> Result<&History> {
        let history = match self.releases.entry(project) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(vacant) => vacant.insert(releases(project, overlay)?),
        };
        if let Decision::Resolve(resolution) = &standing.decision
            && let Some(commit) = resolution.commit()
        {
            history.set_commit(commit, &standing.released_in);
        }
        Ok(history)
    }

    /// The releases of a project that have a commit.
    pub(super) fn having(
        &mut self,
        project: ProjectId,
        sha: &str,
        overlay: &Overlay<'_>,
    ) -> Result<Vec<String>> {
        let key = (project, sha.to_lowercase());
        if !self.having.contains_key(&key) {
            self.look_for(project, &[sha], overlay)?;
        }
        Ok(self.having.get(&key).cloned().unwrap_or_default())
    }

    /// Looks for several commits in one go.
    pub(super) fn look_for(
        &mut self,
        project: ProjectId,
        shas: &[&str],
        overlay: &Overlay<'_>,
    ) -> Result<()> {
        let found = release::having(project, shas, overlay)?;
        let found = found
            .into_iter()
            .map(|(sha, versions)| ((project, sha), versions));
        self.having.extend(found);
        Ok(())
    }
}

fn releases(project: ProjectId, overlay: &Overlay<'_>) -> Result<History> {
    let mut history = History::default();
    for (_, row) in overlay.scan(&Key::of(Table::Release).number(project.0), usize::MAX)? {
        let ReleaseRow {
            mut release,
            is_deleted,
        } = rows::decode(&row)?;
        if is_deleted {
            continue;
        }
        // Who deploys it has declared it.
        if release.declared.is_some() {
            for (_, slice) in overlay.scan(&slices_key(Table::Deploy, project, release.id), usize::MAX)? {
                release.deploys.extend(rows::decode::<Vec<Deploy>>(&slice)?);
            }
        }
        history.add(ReleaseDates::from(&release));
    }
    Ok(history)
}

/// Where an issue was seen, by release.
pub(super) fn sightings(issue: IssueId, overlay: &Overlay<'_>) -> Result<BTreeMap<ReleaseId, Sightings>> {
    let mut releases: BTreeMap<ReleaseId, Sightings> = BTreeMap::new();
    for part in sum::parts_of(issue, overlay)? {
        for (key, row) in overlay.scan(&Key::of(Table::Sighting).number(part.0), usize::MAX)? {
            let mut pieces = Pieces::of(&key);
            if let (Some(_), Some(release)) = (pieces.number(), pieces.number()) {
                let more: Sightings = rows::decode(&row)?;
                releases.entry(ReleaseId(release)).or_default().join(&more);
            }
        }
    }
    Ok(releases)
}

/// The same in the words of the rules.
pub(super) fn seen(
    project: ProjectId,
    sightings: &BTreeMap<ReleaseId, Sightings>,
    overlay: &Overlay<'_>,
) -> Result<Vec<SeenIn>> {
    let mut seen = Vec::new();
    for (&id, sightings) in sightings {
        let release = match id {
            ReleaseId::NONE => None,
            id => overlay.get::<String>(&version_key(project, id))?,
        };
        seen.extend(sightings.0.iter().map(|sighting| SeenIn {
            release: release.clone(),
            sighting: sighting.clone(),
        }));
    }
    Ok(seen)
}

/// What was counted of an archived issue.
pub(super) fn counted(
    issue: IssueId,
    archive: &Archive,
    standing: &Standing,
    overlay: &Overlay<'_>,
) -> Result<Counted> {
    let hours = match archive.until {
        Until::Escalating => hours(issue, archive.first_hour(), overlay)?,
        _ => Vec::new(),
    };
    let (events, users) = standing.most;
    Ok(Counted { events, users, hours })
}

/// Events of an issue by hour, from `first` on, in Unix seconds.
fn hours(issue: IssueId, first: i64, overlay: &Overlay<'_>) -> Result<timeline::Hours> {
    let mut hours: BTreeMap<i64, u64> = BTreeMap::new();
    for part in sum::parts_of(issue, overlay)? {
        for (key, row) in overlay.scan(&Key::of(Table::PartHours).number(part.0), usize::MAX)? {
            let mut pieces = Pieces::of(&key);
            let (Some(_), Some(day)) = (pieces.number(), pieces.signed()) else {
                continue;
            };
            if (day + 1) * DAY <= first {
                continue;
            }
            for (start, count) in (day * DAY..)
                .step_by(HOUR as usize)
                .zip(rows::decode::<DayHours>(&row)?)
            {
                *hours.entry(start).or_default() += count;
            }
        }
    }
    hours.retain(|_, count| *count > 0);
    Ok(hours.into_iter().collect())
}
