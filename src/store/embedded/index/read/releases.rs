//! Releases: what was said of them and where issues were seen in them.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;

use super::{Index, Reader};
use crate::model::release::{Commit, Deploy, Release, ReleaseId, Sightings};
use crate::model::session::{Health, HealthQuery};
use crate::model::{Cursor, IssueId, Page, PageRequest, Part, PartId};
use crate::protocol::ids::ProjectId;
use crate::store::embedded::facts::Fact;
use crate::store::embedded::index::keys::{Key, Pieces, Table};
use crate::store::embedded::index::release::{
    ReleaseRow, release_key, sighting_key, sighting_users_key, slices_key, version_key,
};
use crate::store::embedded::index::sketch::Sketch;
use crate::store::{Error, ReleaseCommand, ReleaseFilter, Releases, Result, SeenInRelease, SeenIssue};

/// The users for whom something was seen, by environment.
type Users = BTreeMap<Option<String>, Sketch>;

#[async_trait]
impl Releases for Index {
    async fn change(&self, command: ReleaseCommand) -> Result<()> {
        self.writer.commit(vec![Fact::release(&command)?], None).await
    }

    async fn release(&self, project: ProjectId, version: &str) -> Result<Option<Release>> {
        let version = version.to_owned();
        self.blocking(move |reader| {
            let release = reader.release(project, &version)?;
            release.map(|release| reader.with_deploys(release)).transpose()
        })
        .await
    }

    async fn list(&self, filter: &ReleaseFilter, page: PageRequest) -> Result<Page<Vec<Release>>> {
        let filter = filter.clone();
        self.blocking(move |reader| reader.list_releases(&filter, &page))
            .await
    }

    async fn all(&self, project: ProjectId) -> Result<Vec<Release>> {
        self.blocking(move |reader| {
            let releases = reader.releases(project)?.into_iter();
            releases.map(|release| reader.with_deploys(release)).collect()
        })
        .await
    }

    async fn commits(&self, project: ProjectId, version: &str, page: PageRequest) -> Result<Page<Commit>> {
        let version = version.to_owned();
        self.blocking(move |reader| match reader.release(project, &version)? {
            Some(release) => reader.commits(&release, &page),
            None => Err(Error::Missing("release")),
        })
        .await
    }

    async fn issues_of(&self, project: ProjectId, version: &str) -> Result<Vec<SeenIssue>> {
        let version = version.to_owned();
        self.blocking(move |reader| match reader.release(project, &version)? {
            Some(release) => reader.issues_of(&release),
            None => Err(Error::Missing("release")),
        })
        .await
    }

    async fn releases_of(&self, issue: IssueId) -> Result<Vec<SeenInRelease>> {
        self.blocking(move |reader| reader.releases_of(issue)).await
    }

    async fn health(&self, query: &HealthQuery) -> Result<Vec<Health>> {
        let query = query.clone();
        self.blocking(move |reader| reader.health(&query)).await
    }
}

impl Reader {
    /// A release without its deploys; none when it is not known or was deleted.
    pub(super) fn release(&self, project: ProjectId, version: &str) -> Result<Option<Release>> {
        let row: Option<ReleaseRow> = self.get(&release_key(project, version))?;
        Ok(row.filter(|row| !row.is_deleted).map(|row| row.release))
    }

    /// The version that a release's number stands for, also when it was deleted.
    pub(super) fn version(&self, project: ProjectId, release: ReleaseId) -> Result<Option<String>> {
        match release {
            ReleaseId::NONE => Ok(None),
            release => self.get(&version_key(project, release)),
        }
    }

    /// The releases of a project without their deploys, by version.
    fn releases(&self, project: ProjectId) -> Result<Vec<Release>> {
        let rows: Vec<ReleaseRow> = self.values(&Key::of(Table::Release).number(project.0))?;
        let rows = rows.into_iter().filter(|row| !row.is_deleted);
        Ok(rows.map(|row| row.release).collect())
    }

    fn with_deploys(&self, mut release: Release) -> Result<Release> {
        let slices: Vec<Vec<Deploy>> =
            self.values(&slices_key(Table::Deploy, release.project, release.id))?;
        release.deploys = slices.concat();
        Ok(release)
    }

    /// A page of versions, the one that was last begun first.
    fn list_releases(&self, filter: &ReleaseFilter, page: &PageRequest) -> Result<Page<Vec<Release>>> {
        let mut found: HashMap<String, Vec<Release>> = HashMap::new();
        for project in &filter.projects {
            for release in self.releases(*project)? {
                if is_meant(&release, filter)
                    && (filter.environments.is_empty()
                        || self.is_somewhere(&release, &filter.environments)?)
                {
                    found.entry(release.version.clone()).or_default().push(release);
                }
            }
        }
        let mut found: Vec<_> = found.into_values().collect();
        found.sort_unstable_by_key(|releases| {
            std::cmp::Reverse(releases.iter().map(|it| (it.created, it.id)).max())
        });
        let Page {
            items,
            previous,
            next,
        } = cut(found, page)?;
        let with_deploys = |releases: Vec<Release>| {
            let releases = releases.into_iter();
            releases.map(|release| self.with_deploys(release)).collect()
        };
        Ok(Page {
            items: items.into_iter().map(with_deploys).collect::<Result<_>>()?,
            previous,
            next,
        })
    }

    /// Whether a release was seen in or deployed to one of the environments.
    fn is_somewhere(&self, release: &Release, environments: &[String]) -> Result<bool> {
        let mut seen = release.seen.0.iter().filter_map(|it| it.environment.as_ref());
        if seen.any(|it| environments.contains(it)) {
            return Ok(true);
        }
        let deploys = self.with_deploys(release.clone())?.deploys;
        Ok(deploys.iter().any(|it| environments.contains(&it.environment)))
    }

    fn commits(&self, release: &Release, page: &PageRequest) -> Result<Page<Commit>> {
        // No more of them than tell whether there is a next page.
        let enough = begin_of(page)?.saturating_add(page.limit).saturating_add(1);
        let mut commits: Vec<Commit> = Vec::new();
        for slice in self.scan::<Vec<Commit>>(&slices_key(Table::Commit, release.project, release.id)) {
            if commits.len() > enough {
                break;
            }
            for piece in slice?.1 {
                match commits.last_mut() {
                    // A commit that touched many files stands in several rows.
                    Some(last) if last.sha == piece.sha => last.files.extend(piece.files),
                    _ => commits.push(piece),
                }
            }
        }
        cut(commits, page)
    }

    fn issues_of(&self, release: &Release) -> Result<Vec<SeenIssue>> {
        let prefix = Key::of(Table::ReleasePart)
            .number(release.project.0)
            .number(release.id.0);
        let mut issues: BTreeMap<IssueId, (Sightings, Users)> = BTreeMap::new();
        for row in self.scan::<()>(&prefix) {
            let (key, ()) = row?;
            let mut pieces = Pieces::of(&key);
            let (Some(_), Some(_), Some(part)) = (pieces.number(), pieces.number(), pieces.number()) else {
                continue;
            };
            let part = PartId(part);
            let row: Option<Part> = self.get(&Key::of(Table::Part).number(part.0))?;
            let sightings: Option<Sightings> = self.get(&sighting_key(part, release.id))?;
            if let (Some(row), Some(sightings)) = (row, sightings) {
                let (seen, users) = issues.entry(row.issue).or_default();
                seen.join(&sightings);
                self.join_users(part, release.id, users)?;
            }
        }
        let count = |users: Users| {
            users
                .into_iter()
                .map(|(place, it)| (place, it.estimate()))
                .collect()
        };
        let seen = |(issue, (sightings, users))| SeenIssue {
            issue,
            sightings,
            users: count(users),
        };
        Ok(issues.into_iter().map(seen).collect())
    }

    /// Adds the users for whom a part was seen in a release.
    fn join_users(&self, part: PartId, release: ReleaseId, users: &mut Users) -> Result<()> {
        for row in self.scan::<Sketch>(&sighting_users_key(part, release, "")) {
            let (key, sketch) = row?;
            let mut pieces = Pieces::of(&key);
            if let (Some(_), Some(_)) = (pieces.number(), pieces.number()) {
                let environment = String::from_utf8_lossy(pieces.rest()).into_owned();
                let environment = (!environment.is_empty()).then_some(environment);
                users.entry(environment).or_default().join(&sketch);
            }
        }
        Ok(())
    }

    fn releases_of(&self, issue: IssueId) -> Result<Vec<SeenInRelease>> {
        let Some(known) = self.issue(issue)? else {
            return Err(Error::Missing("issue"));
        };
        let mut releases: BTreeMap<ReleaseId, Sightings> = BTreeMap::new();
        for part in self.parts(issue)? {
            for row in self.scan::<Sightings>(&Key::of(Table::Sighting).number(part.0)) {
                let (key, sightings) = row?;
                let mut pieces = Pieces::of(&key);
                if let (Some(_), Some(release)) = (pieces.number(), pieces.number()) {
                    releases.entry(ReleaseId(release)).or_default().join(&sightings);
                }
            }
        }
        let seen = releases.into_iter().map(|(release, sightings)| {
            let version = self.version(known.project, release)?;
            Ok(SeenInRelease { version, sightings })
        });
        let mut seen: Vec<_> = seen.collect::<Result<_>>()?;
        seen.sort_by_key(|it| it.sightings.0.iter().map(|sighting| sighting.first).min());
        Ok(seen)
    }
}

fn is_meant(release: &Release, filter: &ReleaseFilter) -> bool {
    let has_text = || {
        let text = filter.text.to_lowercase();
        release.version.to_lowercase().contains(&text)
    };
    filter.status.is_none_or(|status| release.status == status) && (filter.text.is_empty() || has_text())
}

/// A page of a list that is in memory. A cursor is how many items come before it.
fn cut<T>(mut items: Vec<T>, page: &PageRequest) -> Result<Page<T>> {
    let begin = begin_of(page)?.min(items.len());
    let end = begin.saturating_add(page.limit).min(items.len());
    let next = (end < items.len()).then(|| Cursor(end.to_string()));
    let previous = (begin > 0).then(|| Cursor(begin.saturating_sub(page.limit).to_string()));
    items.truncate(end);
    let items = items.split_off(begin);
    Ok(Page {
        items,
        previous,
        next,
    })
}

fn begin_of(page: &PageRequest) -> Result<usize> {
    match &page.cursor {
        Some(cursor) => cursor.0.parse().map_err(|_| Error::BadCursor),
        None => Ok(0),
    }
}
