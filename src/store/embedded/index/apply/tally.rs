//! The rows that many events share, opened once a command and written once: issues, counts, tags, users.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::model::event::EventRecord;
use crate::model::timeline::{DAY, HOUR};
use crate::model::{Issue, IssueId, Outcome, OutcomeCount, ProjectActivity, TagKey};
use crate::protocol::category::DataCategory;
use crate::protocol::ids::ProjectId;
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::{DayHours, ReasonHours};
use crate::store::embedded::index::sketch::Sketch;
use crate::store::{Error, Result};

/// The most tag keys of an issue that are counted, and the most bytes of them: they are one row. A client that makes new ones up must not grow the index without
/// bound; the tags stay on their events.
const MAX_TAG_KEYS: usize = 100;
const MAX_TAG_KEY_BYTES: usize = 3_000;

/// Rows that are open.
#[derive(Default)]
pub(super) struct Tally {
    issues: HashMap<IssueId, OpenIssue>,
    projects: HashMap<ProjectId, Option<OpenProject>>,
    outcomes: HashMap<OutcomeKey, Vec<(String, u64, u64)>>,
}

/// Project, day, category, outcome: a row.
type OutcomeKey = (ProjectId, i64, DataCategory, Outcome);

/// An issue with all that is counted of it.
pub(super) struct OpenIssue {
    pub(super) issue: Issue,
    users: Sketch,
    hours: HashMap<i64, DayHours>,
    tag_keys: TagKeys,
    tags: HashMap<String, TagKey>,
}

/// The tag keys of an issue that are counted.
#[derive(Default)]
struct TagKeys {
    known: Vec<String>,
    is_changed: bool,
}

impl TagKeys {
    /// Whether `key` is counted: when it is known, or there is room for it.
    fn admit(&mut self, key: &str) -> bool {
        if self.known.iter().any(|known| known == key) {
            return true;
        }
        let bytes: usize = self.known.iter().map(String::len).sum();
        let has_room = self.known.len() < MAX_TAG_KEYS && bytes + key.len() <= MAX_TAG_KEY_BYTES;
        if has_room {
            self.known.push(key.to_owned());
            self.is_changed = true;
        }
        has_room
    }
}

/// A project with what is counted of it.
pub(super) struct OpenProject {
    pub(super) activity: ProjectActivity,
    hours: HashMap<i64, DayHours>,
}

impl Tally {
    /// The project; none when it was removed.
    pub(super) fn project(
        &mut self,
        id: ProjectId,
        overlay: &Overlay<'_>,
    ) -> Result<Option<&mut OpenProject>> {
        if let std::collections::hash_map::Entry::Vacant(vacant) = self.projects.entry(id) {
            let exists = overlay.has(&Key::of(Table::Project).number(id.0))?;
            let open = || -> Result<OpenProject> {
                let activity = overlay
                    .get(&Key::of(Table::Activity).number(id.0))?
                    .unwrap_or_default();
                Ok(OpenProject {
                    activity,
                    hours: HashMap::new(),
                })
            };
            vacant.insert(exists.then(open).transpose()?);
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
        if let std::collections::hash_map::Entry::Vacant(vacant) = self.issues.entry(id) {
            let row = overlay.get(&Key::of(Table::Issue).number(project.0).number(id.0))?;
            let issue = row.ok_or_else(|| Error::Damaged(format!("issue {} has a hash but no row", id.0)))?;
            vacant.insert(OpenIssue::read(issue, overlay)?);
        }
        self.issues.get_mut(&id).ok_or(Error::Missing("issue"))
    }

    /// A new issue.
    pub(super) fn begin(&mut self, issue: Issue) {
        let id = issue.id;
        self.issues.insert(id, OpenIssue::new(issue));
    }

    /// Counts items.
    pub(super) fn count(&mut self, count: &OutcomeCount) {
        let (day, hour) = day_and_hour(count.time);
        let reasons = self
            .outcomes
            .entry((count.project, day, count.category, count.outcome))
            .or_default();
        match reasons
            .iter_mut()
            .find(|(reason, at, _)| *reason == count.reason && *at == hour as u64)
        {
            Some((_, _, quantity)) => *quantity += count.quantity,
            None => reasons.push((count.reason.clone(), hour as u64, count.quantity)),
        }
    }

    /// Writes all rows.
    pub(super) fn write(self, overlay: &mut Overlay<'_>) -> Result<()> {
        for open in self.issues.into_values() {
            open.write(overlay)?;
        }
        for (id, open) in self.projects {
            if let Some(open) = open {
                overlay.put(Key::of(Table::Activity).number(id.0), &open.activity)?;
                add_hours(&Key::of(Table::ProjectHours).number(id.0), &open.hours, overlay)?;
            }
        }
        for ((project, day, category, outcome), counts) in self.outcomes {
            let name = format!("{}/{}", category.as_str(), outcome.name());
            let key = Key::of(Table::Outcomes)
                .number(project.0)
                .signed(day)
                .bytes(name.as_bytes());
            let mut row: ReasonHours = overlay.get(&key)?.unwrap_or_default();
            for (reason, hour, quantity) in counts {
                if !row.iter().any(|(known, _)| *known == reason) {
                    row.push((reason.clone(), DayHours::default()));
                }
                if let Some((_, hours)) = row.iter_mut().find(|(known, _)| *known == reason) {
                    hours[hour as usize] += quantity;
                }
            }
            overlay.put(key, &row)?;
        }
        Ok(())
    }
}

impl OpenProject {
    /// Counts an event that was kept.
    pub(super) fn see(&mut self, event: &EventRecord) {
        count_hour(&mut self.hours, event.timestamp);
        self.activity.first_event.get_or_insert(event.received);
        if let Some(environment) = &event.environment
            && !self.activity.environments.contains(environment)
            && self.activity.environments.len() < ProjectActivity::MAX_ENVIRONMENTS
        {
            self.activity.environments.push(environment.clone());
        }
    }
}

impl OpenIssue {
    fn new(issue: Issue) -> Self {
        Self {
            issue,
            users: Sketch::default(),
            hours: HashMap::new(),
            tag_keys: TagKeys::default(),
            tags: HashMap::new(),
        }
    }

    fn read(issue: Issue, overlay: &Overlay<'_>) -> Result<Self> {
        let id = issue.id.0;
        let mut open = Self::new(issue);
        open.users = overlay
            .get(&Key::of(Table::Users).number(id))?
            .unwrap_or_default();
        open.tag_keys.known = overlay.get(&Key::of(Table::Tag).number(id))?.unwrap_or_default();
        Ok(open)
    }

    /// Counts an event.
    pub(super) fn see(&mut self, event: &EventRecord, overlay: &Overlay<'_>) -> Result<()> {
        if let Some(user) = &event.user {
            self.users.insert(user);
            self.issue.users = self.users.estimate();
        }
        self.issue.see(event);
        count_hour(&mut self.hours, event.timestamp);
        for (key, value) in &event.tags {
            if !self.tag_keys.admit(key) {
                continue;
            }
            if !self.tags.contains_key(key) {
                let row = overlay.get(&tag_key(self.issue.id, key))?.unwrap_or_default();
                self.tags.insert(key.clone(), row);
            }
            if let Some(tag) = self.tags.get_mut(key) {
                tag.add(value, event.timestamp);
            }
        }
        Ok(())
    }

    fn write(self, overlay: &mut Overlay<'_>) -> Result<()> {
        let id = self.issue.id;
        for (key, tag) in &self.tags {
            overlay.put(tag_key(id, key), tag)?;
        }
        if self.tag_keys.is_changed {
            overlay.put(Key::of(Table::Tag).number(id.0), &self.tag_keys.known)?;
        }
        overlay.put(Key::of(Table::Users).number(id.0), &self.users)?;
        add_hours(&Key::of(Table::IssueHours).number(id.0), &self.hours, overlay)?;
        overlay.put(
            Key::of(Table::Issue).number(self.issue.project.0).number(id.0),
            &self.issue,
        )
    }
}

/// The row of an issue's tag key.
fn tag_key(issue: IssueId, key: &str) -> Key {
    Key::of(Table::Tag).number(issue.0).bytes(key.as_bytes())
}

/// The day since 1970 and the hour of the day.
fn day_and_hour(time: Timestamp) -> (i64, usize) {
    let second = time.as_second();
    (second.div_euclid(DAY), (second.rem_euclid(DAY) / HOUR) as usize)
}

fn count_hour(days: &mut HashMap<i64, DayHours>, time: Timestamp) {
    let (day, hour) = day_and_hour(time);
    days.entry(day).or_default()[hour] += 1;
}

fn add_hours(prefix: &Key, days: &HashMap<i64, DayHours>, overlay: &mut Overlay<'_>) -> Result<()> {
    for (&day, added) in days {
        let key = prefix.clone().signed(day);
        let mut row: DayHours = overlay.get(&key)?.unwrap_or_default();
        row.iter_mut().zip(added).for_each(|(hour, more)| *hour += more);
        overlay.put(key, &row)?;
    }
    Ok(())
}
