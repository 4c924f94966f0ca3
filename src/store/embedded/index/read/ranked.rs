//! The issues that a filter may mean, in order and named only: see [`Roster`](crate::store::embedded::index::roster).

use std::vec;

use super::Reader;
use crate::model::{Issue, IssueFilter, IssueId, IssueSort, Rank};
use crate::protocol::ids::ProjectId;
use crate::store::Result;
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::roster::Entry;

/// The most issues that are named at a time.
const MOST_NAMED: usize = 20_000;

/// Where to in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// Towards the end: what has most comes first.
    Down,
    /// Towards the beginning.
    Up,
}

/// An issue of a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named {
    pub(super) rank: Rank,
    pub(super) project: ProjectId,
    pub(super) id: IssueId,
}

/// Walks a list.
pub(super) struct Ranked<'a> {
    reader: &'a Reader,
    filter: &'a IssueFilter,
    sort: IssueSort,
    direction: Direction,
    /// All up to here, itself as well, is passed.
    edge: Option<Rank>,
    named: vec::IntoIter<Named>,
    is_more: bool,
}

impl Reader {
    /// The issues that `filter` may mean, from `edge` on.
    pub(super) fn ranked<'a>(
        &'a self,
        filter: &'a IssueFilter,
        sort: IssueSort,
        direction: Direction,
        edge: Option<Rank>,
    ) -> Ranked<'a> {
        Ranked {
            reader: self,
            filter,
            sort,
            direction,
            edge,
            named: Vec::new().into_iter(),
            is_more: true,
        }
    }

    /// Looks at all issues of a project: in memory, or when there are too many of them, row by row.
    fn each_entry(&self, project: ProjectId, look: &mut dyn FnMut(&Entry)) -> Result<()> {
        loop {
            let mut listings = self.roster.open();
            if let Some(entries) = listings.of(project, &self.tree)? {
                entries.iter().for_each(look);
                return Ok(());
            }
            if !listings.wants(project) {
                break;
            }
            let most = listings.most();
            drop(listings);
            let read = self.entries(project).take(most).collect::<Result<Vec<_>>>()?;
            self.roster.open().keep(project, read);
        }
        self.entries(project).try_for_each(|entry| {
            look(&entry?);
            Ok(())
        })
    }

    /// The issues of a project from their rows, by id.
    fn entries(&self, project: ProjectId) -> impl Iterator<Item = Result<Entry>> {
        let rows = self.scan::<Issue>(&Key::of(Table::Issue).number(project.0));
        rows.filter_map(|row| match row {
            Ok((_, issue)) => issue.merged_into.is_none().then(|| Ok(Entry::of(&issue))),
            Err(error) => Some(Err(error)),
        })
    }
}

impl Ranked<'_> {
    /// Names the next issues.
    fn fill(&mut self) -> Result<()> {
        let (direction, edge) = (self.direction, self.edge);
        // Whichever way it goes, the smallest key comes first.
        let key = |(by, id): Rank| match direction {
            Direction::Down => (!by, !id),
            Direction::Up => (by, id),
        };
        let mut named: Vec<Named> = Vec::new();
        let mut is_more = false;
        for &project in &self.filter.projects {
            self.reader.each_entry(project, &mut |entry| {
                let rank = entry.brief.rank(self.sort);
                let is_passed = edge.is_some_and(|edge| key(rank) <= key(edge));
                if is_passed || !entry.brief.may_be_meant(project, self.filter, &entry.tags) {
                    return;
                }
                if named.len() == 2 * MOST_NAMED {
                    named.select_nth_unstable_by_key(MOST_NAMED, |it| key(it.rank));
                    named.truncate(MOST_NAMED);
                    is_more = true;
                }
                let id = entry.brief.id;
                named.push(Named { rank, project, id });
            })?;
        }
        named.sort_unstable_by_key(|it| key(it.rank));
        is_more |= named.len() > MOST_NAMED;
        named.truncate(MOST_NAMED);
        self.is_more = is_more;
        self.edge = named.last().map(|it| it.rank).or(self.edge);
        self.named = named.into_iter();
        Ok(())
    }
}

impl Iterator for Ranked<'_> {
    type Item = Result<Named>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(named) = self.named.next() {
            return Some(Ok(named));
        }
        if !self.is_more {
            return None;
        }
        match self.fill() {
            Ok(()) => self.named.next().map(Ok),
            Err(error) => {
                self.is_more = false;
                Some(Err(error))
            }
        }
    }
}
