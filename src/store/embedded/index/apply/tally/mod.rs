//! The rows that many events share, opened once a command and written once: parts, issues, projects, outcomes.

mod hours;
mod outcomes;
mod part;
mod project;
mod pulse;
mod releases;
mod usage;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::held::Held;
use super::lifecycle::{self, Arrivals};
use super::regroup::Left;
use super::sum::{self, hide, show};
use crate::model::alert::{Happened, Subject};
use crate::model::event::EventRecord;
use crate::model::{Issue, IssueId, OutcomeCount, Part, PartId, StandIn};
use crate::protocol::ids::ProjectId;
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::Meta;
use crate::store::{Error, NewHappening, Result};
use outcomes::Outcomes;
use part::OpenPart;
use project::OpenProject;
use pulse::Pulses;
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
    pub(super) pulses: Pulses,
    pub(super) held: Held,
    pub(super) arrivals: Arrivals,
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
                    row.ok_or_else(|| Error::BadIndex(format!("issue {} has a part but no row", id.0)))?;
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

    /// Counts an event in a part and in its release, and notes what it may do to the part's issue.
    pub(super) fn see(
        &mut self,
        event: &EventRecord,
        part: PartId,
        kind: Kind,
        meta: &mut Meta,
        overlay: &mut Overlay<'_>,
    ) -> Result<()> {
        let placed = self
            .releases
            .see_event(event, part, kind, &mut self.arrivals, meta, overlay)?;
        let id = self.add(event, part, overlay)?;
        self.pulses.event(event, id, overlay)?;
        if let Some(open) = self.issues.get(&id) {
            self.arrivals.event(&open.issue, event, placed.release);
        }
        Ok(())
    }

    /// An event of an open part is not kept.
    pub(super) fn bare(&mut self, part: PartId, overlay: &Overlay<'_>) -> Result<()> {
        self.open(part, overlay)?.bare();
        Ok(())
    }

    /// Lets an event stand in for those of an open part that are not kept. Answers which one did so before.
    pub(super) fn stand_in(
        &mut self,
        part: PartId,
        next: StandIn,
        overlay: &Overlay<'_>,
    ) -> Result<Option<StandIn>> {
        Ok(self.open(part, overlay)?.part.stand_in.replace(next))
    }

    /// Notes that an event began an issue, of which nothing else was counted yet.
    pub(super) fn began(&mut self, event: &EventRecord, id: IssueId) {
        if let Some(open) = self.issues.get(&id) {
            let mut subject = Subject::of(&open.issue, Some(event));
            subject.users = event.user.iter().count() as u64;
            self.arrivals.happenings.push(NewHappening {
                time: event.received,
                project: event.project,
                issue: Some(id),
                what: Happened::New,
                subject,
            });
        }
    }

    /// Whether the part and its issue are there.
    pub(super) fn is_kept(&mut self, part: PartId, overlay: &Overlay<'_>) -> Result<bool> {
        let is_known = self.parts.contains_key(&part) || overlay.has(&Key::of(Table::Part).number(part.0))?;
        if !is_known {
            return Ok(false);
        }
        let (project, issue) = {
            let part = self.part(part, overlay)?;
            (part.project, part.issue)
        };
        let row = Key::of(Table::Issue).number(project.0).number(issue.0);
        Ok(self.issues.contains_key(&issue) || overlay.has(&row)?)
    }

    /// Counts an event in a part that was counted in another one before.
    pub(super) fn recount(
        &mut self,
        event: &EventRecord,
        part: PartId,
        overlay: &mut Overlay<'_>,
    ) -> Result<()> {
        let issue = self.add(event, part, overlay)?;
        self.arrivals.moved(issue, event);
        Ok(())
    }

    /// Adds an event to a part and to its issue, which is shown from then on. Answers which that is.
    fn add(&mut self, event: &EventRecord, part: PartId, overlay: &mut Overlay<'_>) -> Result<IssueId> {
        let open = self.open(part, overlay)?;
        open.see(event, overlay)?;
        let id = open.part.issue;
        let issue = &mut self.issue(event.project, id, overlay)?.issue;
        let was_in = show(issue, overlay);
        issue.seen.see(event);
        // What was decided of the one does not hold for the other any more.
        for parted in was_in.into_iter().flat_map(|into| [into, id]) {
            self.arrivals.moved(parted, event);
        }
        Ok(id)
    }

    /// Takes an event out of a part, which was counted in the part `to` since. A part that is empty then goes, if another
    /// one took its hashes over; an issue that is empty then is hidden.
    pub(super) fn uncount(
        &mut self,
        event: &EventRecord,
        part: PartId,
        to: PartId,
        overlay: &mut Overlay<'_>,
    ) -> Result<Left> {
        let into = self.part(to, overlay)?.issue;
        let open = self.open(part, overlay)?;
        open.unsee(event);
        let (id, successor) = (open.part.issue, open.part.successor);
        let is_empty = open.part.seen.times_seen == 0;
        if is_empty {
            *open = OpenPart::new(open.part.clone());
            self.releases.forget_part(part);
        }
        if is_empty && successor.is_some() {
            self.parts.remove(&part);
            overlay.remove(Key::of(Table::IssuePart).number(id.0).number(part.0));
        }
        let open = self.issue(event.project, id, overlay)?;
        if is_empty && successor.is_some() {
            open.parts.retain(|known| *known != part);
        }
        open.issue.seen.times_seen = open.issue.seen.times_seen.saturating_sub(1);
        if open.issue.seen.times_seen == 0 {
            hide(&mut open.issue, into, overlay)?;
        }
        self.arrivals.moved(id, event);
        Ok(if is_empty { Left::Nothing } else { Left::Events })
    }

    /// Counts items.
    pub(super) fn count(&mut self, count: &OutcomeCount) {
        self.outcomes.count(count);
    }

    /// Writes all rows, then lets the issues stand where that puts them.
    pub(super) fn write(mut self, meta: &mut Meta, overlay: &mut Overlay<'_>) -> Result<()> {
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
        self.outcomes.write(overlay)?;
        self.pulses.write(overlay)?;
        self.held.write(overlay)?;
        lifecycle::arrive(self.arrivals, meta, overlay)
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
