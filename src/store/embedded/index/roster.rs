//! The issues of the projects that people look at, in brief and in memory: lists are sorted and sifted here, and read the
//! rows of one page only. A row an issue and order in the index would cost each commit more than all lists together.
//!
//! Bounded, filled at the first question, and never the truth: after a commit the writer says which issues it touched,
//! and they are read again when the next one asks. A project with more issues than there is room for is not kept.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::watch;

use super::keys::{Key, Pieces, Table};
use super::overlay::Overlay;
use super::tree::Tree;
use crate::model::{Brief, Issue, IssueId, TagPrint, TagPrints};
use crate::protocol::ids::ProjectId;
use crate::store::Result;
use crate::store::embedded::lock;

/// The most prints of their tags, at two bytes each.
const MOST_PRINTS: usize = 4_000_000;
/// So many issues that were touched are read again even if nobody asks, lest the one who does waits for all of them.
const MOST_TOUCHED: usize = 2_000;

/// The projects that people look at; cheap to clone.
#[derive(Clone)]
pub(in crate::store::embedded) struct Roster {
    listings: Arc<Mutex<Listings>>,
    /// How often issues were touched, looked at or not: for those who wait for the next time.
    touches: watch::Sender<u64>,
}

/// What is kept.
pub(super) struct Listings {
    projects: HashMap<ProjectId, Listing>,
    /// The most issues of all projects.
    most: usize,
    /// How many questions were asked: who was not asked for longest goes first.
    questions: u64,
    prints: usize,
}

/// The issues of a project.
#[derive(Default)]
struct Listing {
    state: State,
    /// What was touched since it was read.
    touched: HashSet<IssueId>,
    /// Number of the last question for it.
    asked: u64,
}

#[derive(Default)]
enum State {
    /// Somebody reads its rows.
    #[default]
    Coming,
    /// All that are not merged into others, by id.
    Here(Vec<Entry>),
    /// There are too many.
    TooMany,
}

/// An issue of a listing.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) brief: Brief,
    pub(super) tags: TagPrints,
}

/// What a commit did that a listing must know of.
#[derive(Debug, Default)]
pub(in crate::store::embedded) struct Touched {
    issues: Vec<(ProjectId, IssueId)>,
    /// Issues that were given parts.
    joined: Vec<IssueId>,
    /// Tags that were new to their issue.
    tags: Vec<NewTag>,
}

/// A tag that is new to a part.
#[derive(Debug, Clone, Copy)]
pub(in crate::store::embedded) struct NewTag {
    pub(in crate::store::embedded) project: ProjectId,
    pub(in crate::store::embedded) issue: IssueId,
    pub(in crate::store::embedded) print: TagPrint,
}

impl Touched {
    /// What the commit in `overlay` is about to do.
    pub(in crate::store::embedded) fn by(overlay: &Overlay<'_>) -> Self {
        let numbers = |key: &[u8]| {
            let mut pieces = Pieces::of(key);
            Some((pieces.number()?, pieces.number()?))
        };
        let issues = overlay.changed(Table::Issue).filter_map(numbers);
        let joined = overlay.changed(Table::IssuePart).filter_map(numbers);
        Self {
            issues: issues
                .map(|(project, issue)| (ProjectId(project), IssueId(issue)))
                .collect(),
            joined: joined.map(|(issue, _)| IssueId(issue)).collect(),
            tags: overlay.new_tags().to_vec(),
        }
    }
}

impl Roster {
    /// Nobody looks yet. It has room for `most` issues of all projects together.
    pub(in crate::store::embedded) fn new(most: usize) -> Self {
        let listings = Listings {
            projects: HashMap::new(),
            most,
            questions: 0,
            prints: 0,
        };
        Self {
            listings: Arc::new(Mutex::new(listings)),
            touches: watch::Sender::new(0),
        }
    }

    /// How often issues were touched, as soon as that is not `known`.
    pub(super) async fn touched(&self, known: Option<u64>) -> u64 {
        let mut touches = self.touches.subscribe();
        let touched = touches.wait_for(|touches| Some(*touches) != known).await;
        // The sender is this one's own: it is there for as long as somebody waits.
        touched.map_or_else(|_| known.unwrap_or_default(), |touches| *touches)
    }

    /// What is kept, for as long as a question takes.
    pub(super) fn open(&self) -> MutexGuard<'_, Listings> {
        lock(&self.listings)
    }

    /// Notes what a commit did. To be said before it is answered, so that who asks next sees it.
    pub(in crate::store::embedded) fn note(&self, touched: Touched, tree: &Tree) -> Result<()> {
        let mut listings = self.open();
        if !touched.issues.is_empty() {
            self.touches.send_modify(|touches| *touches += 1);
        }
        for (project, issue) in touched.issues {
            if let Some(listing) = listings.projects.get_mut(&project)
                && !matches!(listing.state, State::TooMany)
            {
                listing.touched.insert(issue);
            }
        }
        let projects: Vec<ProjectId> = listings.projects.keys().copied().collect();
        for issue in touched.joined {
            for &project in &projects {
                listings.change_tags(project, issue, |tags| *tags = TagPrints::Unread);
            }
        }
        for tag in touched.tags {
            listings.change_tags(tag.project, tag.issue, |tags| tags.add(tag.print));
        }
        let crowded = listings
            .projects
            .iter()
            .filter(|(_, it)| it.touched.len() > MOST_TOUCHED);
        let crowded: Vec<_> = crowded.map(|(project, _)| *project).collect();
        crowded
            .into_iter()
            .try_for_each(|project| listings.refresh(project, tree))
    }
}

impl Listings {
    /// The issues of a project as they are now; none when they are not here.
    pub(super) fn of(&mut self, project: ProjectId, tree: &Tree) -> Result<Option<&[Entry]>> {
        self.questions += 1;
        if let Some(listing) = self.projects.get_mut(&project) {
            listing.asked = self.questions;
        }
        self.refresh(project, tree)?;
        Ok(match self.projects.get(&project).map(|it| &it.state) {
            Some(State::Here(entries)) => Some(entries),
            _ => None,
        })
    }

    /// Whether somebody should read the project's issues: from then on, what is touched is noted.
    pub(super) fn wants(&mut self, project: ProjectId) -> bool {
        let listing = self.projects.entry(project).or_default();
        matches!(listing.state, State::Coming)
    }

    /// How many issues may be read of a project, and one more to see that there are too many.
    pub(super) fn most(&self) -> usize {
        self.most + 1
    }

    /// Keeps what was read of a project since [`Listings::wants`] said so.
    pub(super) fn keep(&mut self, project: ProjectId, read: Vec<Entry>) {
        let Some(listing) = self.projects.get_mut(&project) else {
            return;
        };
        // Two may have read at the same time: of what the first one brought, touched issues may have been read again.
        if matches!(listing.state, State::Coming) {
            listing.state = State::Here(read);
            self.make_room(project);
        }
    }

    /// Whether nobody knows the tags of an issue yet, and there is room to.
    pub(super) fn wants_tags(&mut self, project: ProjectId, issue: IssueId) -> bool {
        let has_room = self.prints < MOST_PRINTS;
        has_room
            && self
                .entry(project, issue)
                .is_some_and(|entry| entry.tags == TagPrints::Unread)
    }

    /// Changes what is known of an issue's tags.
    pub(super) fn change_tags(
        &mut self,
        project: ProjectId,
        issue: IssueId,
        change: impl FnOnce(&mut TagPrints),
    ) {
        if let Some(entry) = self.entry(project, issue) {
            let before = entry.tags.count();
            change(&mut entry.tags);
            let after = entry.tags.count();
            self.prints = self.prints - before + after;
        }
    }

    /// Reads what was touched of a project again.
    fn refresh(&mut self, project: ProjectId, tree: &Tree) -> Result<()> {
        let Some(Listing {
            state: State::Here(entries),
            touched,
            ..
        }) = self.projects.get_mut(&project)
        else {
            return Ok(());
        };
        let known = entries.len();
        let mut gone = HashSet::new();
        for id in touched.drain() {
            let row: Option<Issue> = tree.read(&Key::of(Table::Issue).number(project.0).number(id.0))?;
            let at = entries[..known].binary_search_by_key(&id, |entry| entry.brief.id);
            match (row.filter(|issue| issue.merged_into.is_none()), at) {
                (Some(issue), Ok(at)) => entries[at].brief = Brief::of(&issue),
                (Some(issue), Err(_)) => entries.push(Entry::of(&issue)),
                (None, Ok(_)) => drop(gone.insert(id)),
                (None, Err(_)) => {}
            }
        }
        if !gone.is_empty() {
            entries.retain(|entry| !gone.contains(&entry.brief.id));
        }
        if entries.len() > known {
            entries.sort_unstable_by_key(|entry| entry.brief.id);
        }
        if entries.len() != known {
            self.make_room(project);
        }
        Ok(())
    }

    /// Lets others go for `project`, or, when it has more issues than there is room for, that one.
    fn make_room(&mut self, project: ProjectId) {
        while self.projects.values().map(Listing::len).sum::<usize>() > self.most {
            let others = self
                .projects
                .iter()
                .filter(|(id, it)| **id != project && it.len() > 0);
            match others.min_by_key(|(_, it)| it.asked).map(|(id, _)| *id) {
                Some(other) => drop(self.projects.remove(&other)),
                None => {
                    if let Some(listing) = self.projects.get_mut(&project) {
                        *listing = Listing::default();
                        listing.state = State::TooMany;
                    }
                }
            }
        }
        let entries = self.projects.values().flat_map(|listing| match &listing.state {
            State::Here(entries) => entries.as_slice(),
            State::Coming | State::TooMany => &[],
        });
        self.prints = entries.map(|entry| entry.tags.count()).sum();
    }

    fn entry(&mut self, project: ProjectId, issue: IssueId) -> Option<&mut Entry> {
        match &mut self.projects.get_mut(&project)?.state {
            State::Here(entries) => {
                let at = entries.binary_search_by_key(&issue, |entry| entry.brief.id);
                entries.get_mut(at.ok()?)
            }
            State::Coming | State::TooMany => None,
        }
    }
}

impl Listing {
    fn len(&self) -> usize {
        match &self.state {
            State::Here(entries) => entries.len(),
            State::Coming | State::TooMany => 0,
        }
    }
}

impl Entry {
    /// An issue whose tags nobody looked at.
    pub(super) fn of(issue: &Issue) -> Self {
        Self {
            brief: Brief::of(issue),
            tags: TagPrints::Unread,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issue_takes_as_much_memory_as_is_promised() {
        assert!(size_of::<Entry>() <= 168, "{}", size_of::<Entry>());
    }
}
