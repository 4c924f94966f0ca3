//! The rows that many events share, opened once a command and written once: parts, issues, projects, outcomes.

mod hours;
mod outcomes;
mod part;
mod project;
mod releases;
mod usage;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::story::{By, tell};
use super::sum;
use crate::model::event::EventRecord;
use crate::model::{Issue, IssueId, OutcomeCount, Part, PartId};
use crate::protocol::ids::ProjectId;
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::Meta;
use crate::store::{Error, Result};
use outcomes::Outcomes;
use part::OpenPart;
use project::OpenProject;
use releases::Releases;
pub(super) use releases::{Kind, Placed};

/// Rows that are open.
#[derive(Default)]
pub(super) struct Tally {
    parts: HashMap<PartId, OpenPart>,
    issues: HashMap<IssueId, OpenIssue>,
    projects: HashMap<ProjectId, Option<OpenProject>>,
    pub(super) releases: Releases,
    outcomes: Outcomes,
}

/// An issue and which its parts are, oldest first.
pub(super) struct OpenIssue {
    pub(super) issue: Issue,
    pub(super) parts: Vec<PartId>,
}

impl OpenIssue {
    /// Whether it may have one more part.
    pub(super) fn has_room(&self) -> bool {
        self.parts.len() < Issue::MAX_PARTS
    }
}

impl Tally {
    /// The project; none when it was removed.
    pub(super) fn project(
        &mut self,
        id: ProjectId,
        overlay: &Overlay<'_>,
    ) -> Result<Option<&mut OpenProject>> {
        if let Entry::Vacant(vacant) = self.projects.entry(id) {
            vacant.insert(OpenProject::read(id, overlay)?);
        }
        Ok(self.projects.get_mut(&id).and_then(Option::as_mut))
    }

    /// An issue that exists.
    pub(super) fn issue(
        &mut self,
        project: ProjectId,
        id: IssueId,
        overlay: &Overlay<'_>,
    ) -> Result<&mut OpenIssue> {
        match self.issues.entry(id) {
            Entry::Occupied(open) => Ok(open.into_mut()),
            Entry::Vacant(vacant) => {
                let row = overlay.get(&Key::of(Table::Issue).number(project.0).number(id.0))?;
                let issue =
                    row.ok_or_else(|| Error::Damaged(format!("issue {} has a part but no row", id.0)))?;
                let parts = sum::parts_of(id, overlay)?;
                Ok(vacant.insert(OpenIssue { issue, parts }))
            }
        }
    }

    /// A part that exists.
    pub(super) fn part(&mut self, id: PartId, overlay: &Overlay<'_>) -> Result<&Part> {
        self.open(id, overlay).map(|open| &open.part)
    }

    /// A new issue, still without parts.
    pub(super) fn begin_issue(&mut self, issue: Issue) {
        let parts = Vec::new();
        self.issues.insert(issue.id, OpenIssue { issue, parts });
    }

    /// A new part.
    pub(super) fn begin_part(&mut self, part: Part) {
        self.parts.insert(part.id, OpenPart::new(part));
    }

    /// Counts an event in a part, and lets the part's issue see it.
    pub(super) fn see(
        &mut self,
        event: &EventRecord,
        part: PartId,
        meta: &mut Meta,
        overlay: &mut Overlay<'_>,
    ) -> Result<()> {
        let open = self.open(part, overlay)?;
        open.see(event, overlay)?;
        let id = open.part.issue;
        let issue = &mut self.issue(event.project, id, overlay)?.issue;
        if let Some(deed) = issue.see(event) {
            let by = By {
                who: None,
                time: event.received,
            };
            tell(id, deed, by, meta, overlay)?;
        }
        Ok(())
    }

    /// Counts items.
    pub(super) fn count(&mut self, count: &OutcomeCount) {
        self.outcomes.count(count);
    }

    /// Writes all rows.
    pub(super) fn write(mut self, overlay: &mut Overlay<'_>) -> Result<()> {
        let mut sums = Vec::new();
        for OpenIssue { mut issue, parts } in self.issues.into_values() {
            match (&parts[..], parts.first().and_then(|part| self.parts.get(part))) {
                ([_], Some(only)) => {
                    issue.seen = only.part.seen.clone();
                    issue.users = only.users();
                    put(&issue, overlay)?;
                }
                _ => sums.push(issue),
            }
        }
        for open in std::mem::take(&mut self.parts).into_values() {
            open.write(overlay)?;
        }
        for mut issue in sums {
            sum::recount(&mut issue, overlay)?;
            put(&issue, overlay)?;
        }
        for open in self.projects.into_values().flatten() {
            open.write(overlay)?;
        }
        self.releases.write(overlay)?;
        self.outcomes.write(overlay)
    }

    fn open(&mut self, id: PartId, overlay: &Overlay<'_>) -> Result<&mut OpenPart> {
        match self.parts.entry(id) {
            Entry::Occupied(open) => Ok(open.into_mut()),
            Entry::Vacant(vacant) => Ok(vacant.insert(OpenPart::read(sum::part(id, overlay)?, overlay)?)),
        }
    }
}

/// Writes an issue's row.
pub(super) fn put(issue: &Issue, overlay: &mut Overlay<'_>) -> Result<()> {
    let key = Key::of(Table::Issue).number(issue.project.0).number(issue.id.0);
    overlay.put(key, issue)
}
