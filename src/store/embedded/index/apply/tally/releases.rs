//! Releases while a command runs: what events and sessions tell of them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use tracing::warn;

use super::super::lifecycle::Arrivals;
use super::usage::Usage;
use crate::model::event::EventRecord;
use crate::model::release::{Release, ReleaseId, Sightings, happened};
use crate::model::session::SessionReport;
use crate::model::timeline::DAY;
use crate::model::{PartId, ReleaseStatus};
use crate::protocol::ids::ProjectId;
use crate::store::Result;
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::release::{
    Book, ReleaseRow, book_key, release_key, release_part_key, sighting_key, sighting_users_key, version_key,
};
use crate::store::embedded::index::rows::Meta;
use crate::store::embedded::index::sketch::Sketch;

/// Rows that are open.
#[derive(Default)]
pub(in crate::store::embedded::index::apply) struct Releases {
    books: HashMap<ProjectId, Book>,
    rows: HashMap<(ProjectId, String), Option<ReleaseRow>>,
    sightings: HashMap<(PartId, ReleaseId), Sightings>,
    /// Where parts were seen for the first time.
    first_sightings: Vec<(ProjectId, ReleaseId, PartId)>,
    users: HashMap<(PartId, ReleaseId, String), Sketch>,
    pub(in crate::store::embedded::index::apply) usage: Usage,
}

/// Where something is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store::embedded::index::apply) struct Placed {
    /// The release; none when nothing was named, or there is no room for what was.
    pub(in crate::store::embedded::index::apply) release: ReleaseId,
    /// The environment; empty likewise.
    pub(in crate::store::embedded::index::apply) environment: String,
}

/// Something that a client told of a release.
struct Word<'a> {
    project: ProjectId,
    version: Option<&'a str>,
    environment: Option<&'a str>,
    /// When it happened.
    happened: Timestamp,
    /// When it was received.
    received: Timestamp,
    client: Option<u64>,
    /// 1 for an event.
    events: u64,
    /// 1 for an event that began an issue.
    new_issues: u64,
}

/// Whether an event began its issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store::embedded::index::apply) enum Kind {
    /// The first one of its kind.
    New,
    /// One more.
    Known,
}

impl Releases {
    /// Counts an event, and that its part was seen in its release.
    pub(in crate::store::embedded::index::apply) fn see_event(
        &mut self,
        event: &EventRecord,
        part: PartId,
        kind: Kind,
        arrivals: &mut Arrivals,
        meta: &mut Meta,
        overlay: &Overlay<'_>,
    ) -> Result<Placed> {
        let happened = happened(event.timestamp, event.received);
        let word = Word {
            project: event.project,
            version: event.release.as_deref(),
            environment: event.environment.as_deref(),
            happened,
            received: event.received,
            client: client_of(event),
            events: 1,
            new_issues: u64::from(kind == Kind::New),
        };
        let placed = self.see(&word, arrivals, meta, overlay)?;
        self.sight(event, part, placed.release, overlay)?;
        self.usage
            .hour(event.project, event.timestamp.as_second(), &placed, overlay)?
            .events += 1;
        Ok(placed)
    }

    /// Counts that a part was seen in the release of an event that was counted in another part before.
    pub(in crate::store::embedded::index::apply) fn recount(
        &mut self,
        event: &EventRecord,
        part: PartId,
        overlay: &Overlay<'_>,
    ) -> Result<()> {
        let mut release = ReleaseId::NONE;
        if let Some(version) = &event.release {
            let name = (event.project, version.clone());
            let row = match self.rows.get(&name) {
                Some(open) => open.as_ref().map(|row| row.release.id),
                None => overlay
                    .get::<ReleaseRow>(&release_key(event.project, version))?
                    .map(|row| row.release.id),
            };
            release = row.unwrap_or(release);
        }
        self.sight(event, part, release, overlay)
    }

    /// Forgets where a part was seen as far as that is not written yet.
    pub(super) fn forget_part(&mut self, part: PartId) {
        self.sightings.retain(|(seen, _), _| *seen != part);
        self.first_sightings.retain(|(_, _, seen)| *seen != part);
        self.users.retain(|(seen, _, _), _| *seen != part);
    }

    fn sight(
        &mut self,
        event: &EventRecord,
        part: PartId,
        release: ReleaseId,
        overlay: &Overlay<'_>,
    ) -> Result<()> {
        let sightings = match self.sightings.entry((part, release)) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(vacant) => {
                let row = overlay.get(&sighting_key(part, release))?;
                if row.is_none() {
                    self.first_sightings.push((event.project, release, part));
                }
                vacant.insert(row.unwrap_or_default())
            }
        };
        let happened = happened(event.timestamp, event.received);
        sightings.see(event.environment.as_deref(), happened);
        let environment = sightings.place(event.environment.as_deref());
        if let Some(user) = event.user.as_deref().filter(|_| release != ReleaseId::NONE) {
            let place = (part, release, environment.unwrap_or_default().to_owned());
            let users = match self.users.entry(place) {
                Entry::Occupied(open) => open.into_mut(),
                Entry::Vacant(vacant) => {
                    let (part, release, environment) = vacant.key();
                    let row = overlay.get(&sighting_users_key(*part, *release, environment))?;
                    vacant.insert(row.unwrap_or_default())
                }
            };
            users.insert(user);
        }
        Ok(())
    }

    /// Where the sessions of a report are counted, of which the first began at `started`.
    pub(in crate::store::embedded::index::apply) fn see_session(
        &mut self,
        report: &SessionReport,
        started: Timestamp,
        user: Option<&str>,
        arrivals: &mut Arrivals,
        meta: &mut Meta,
        overlay: &Overlay<'_>,
    ) -> Result<Placed> {
        let word = Word {
            project: report.project,
            version: Some(&report.release),
            environment: report.environment.as_deref(),
            happened: happened(started, report.received),
            received: report.received,
            client: user.map(client),
            events: 0,
            new_issues: 0,
        };
        self.see(&word, arrivals, meta, overlay)
    }

    fn see(
        &mut self,
        word: &Word<'_>,
        arrivals: &mut Arrivals,
        meta: &mut Meta,
        overlay: &Overlay<'_>,
    ) -> Result<Placed> {
        let Word {
            environment,
            happened,
            events,
            ..
        } = *word;
        let (release, environment) = match self.open(word, meta, overlay)? {
            Some(release) => {
                let places = release.seen.0.len();
                if release.see(environment, happened, word.client, events) {
                    arrivals.release(release, word.received);
                }
                if release.seen.0.len() > places {
                    arrivals.sighted(release, word.received, overlay)?;
                }
                release.new_issues += word.new_issues;
                (release.id, release.seen.place(environment))
            }
            None => {
                let book = self.book(word.project, overlay)?;
                book.unnamed.see(environment, happened);
                (ReleaseId::NONE, book.unnamed.place(environment))
            }
        };
        Ok(Placed {
            release,
            environment: environment.unwrap_or_default().to_owned(),
        })
    }

    /// The release that is meant, begun if there is none; none when nothing is meant, or there is no room for it.
    fn open(
        &mut self,
        word: &Word<'_>,
        meta: &mut Meta,
        overlay: &Overlay<'_>,
    ) -> Result<Option<&mut Release>> {
        let Some(version) = word.version else {
            return Ok(None);
        };
        let project = word.project;
        let name = (project, version.to_owned());
        if !self.rows.contains_key(&name) {
            self.rows
                .insert(name.clone(), overlay.get(&release_key(project, version))?);
        }
        if matches!(self.rows.get(&name), Some(None))
            && self.begins_one_more(project, word.received, overlay)?
        {
            meta.last_release += 1;
            let release = Release::begin(ReleaseId(meta.last_release), project, version, word.received);
            self.rows.insert(name.clone(), Some(release.into()));
        }
        let Some(Some(row)) = self.rows.get_mut(&name) else {
            return Ok(None);
        };
        if row.is_deleted {
            row.is_deleted = false;
            row.release.created = word.received;
            row.release.status = ReleaseStatus::Open;
        }
        Ok(Some(&mut row.release))
    }

    /// Whether there is room for one more release that no person has declared; it is taken.
    fn begins_one_more(
        &mut self,
        project: ProjectId,
        received: Timestamp,
        overlay: &Overlay<'_>,
    ) -> Result<bool> {
        let book = self.book(project, overlay)?;
        let has_room = book.begins_one_more(received.as_second().div_euclid(DAY));
        if has_room && book.begun == Book::MAX_BEGUN {
            warn!(
                project.id = project.0,
                "clients have made up {} releases of project {}: further ones of today are counted under no release until \
                 somebody declares them",
                Book::MAX_BEGUN,
                project.0
            );
        }
        Ok(has_room)
    }

    fn book(&mut self, project: ProjectId, overlay: &Overlay<'_>) -> Result<&mut Book> {
        match self.books.entry(project) {
            Entry::Occupied(open) => Ok(open.into_mut()),
            Entry::Vacant(vacant) => {
                let row = overlay.get(&book_key(project))?;
                Ok(vacant.insert(row.unwrap_or_default()))
            }
        }
    }

    /// Writes all rows.
    pub(super) fn write(self, overlay: &mut Overlay<'_>) -> Result<()> {
        for (project, book) in self.books {
            overlay.put(book_key(project), &book)?;
        }
        for ((project, version), row) in self.rows {
            if let Some(row) = row {
                let id = row.release.id;
                overlay.put(version_key(project, id), &version)?;
                overlay.put(release_key(project, &version), &row)?;
            }
        }
        for ((part, release), sightings) in self.sightings {
            overlay.put(sighting_key(part, release), &sightings)?;
        }
        for (project, release, part) in self.first_sightings {
            overlay.put(release_part_key(project, release, part), &())?;
        }
        let users = self.users.into_iter().filter(|(_, users)| users.is_changed());
        for ((part, release, environment), users) in users {
            overlay.put(sighting_users_key(part, release, &environment), &users)?;
        }
        self.usage.write(overlay)
    }
}

impl From<Release> for ReleaseRow {
    fn from(release: Release) -> Self {
        Self {
            release,
            is_deleted: false,
        }
    }
}

/// What tells the sender of an event from others: the user, else the machine.
fn client_of(event: &EventRecord) -> Option<u64> {
    // Without the kind of name that it is, which sessions do not say of theirs.
    let user = event.user.as_deref();
    let user = user.map(|user| user.split_once(':').map_or(user, |(_, name)| name));
    let machine = || {
        let mut tags = event.tags.iter();
        tags.find(|(key, _)| key == "server_name")
            .map(|(_, value)| value.as_str())
    };
    user.or_else(machine).map(client)
}

/// The hash by which a release remembers a client.
fn client(name: &str) -> u64 {
    let hash = Sha256::digest(name.as_bytes());
    hash.first_chunk().map_or(0, |hash| u64::from_be_bytes(*hash))
}
