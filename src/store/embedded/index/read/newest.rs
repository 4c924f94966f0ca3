//! The events of a project, latest first: merged from those of its issues, which are opened as their turn comes. An issue
//! has no event that is later than when it was last seen, nor one before it was first seen.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Reader;
use super::events::{Towards, cursor, read_cursor};
use super::order::{Found, Moment, begin_of};
use super::ranked::{Direction, Named};
use crate::model::{IssueFilter, IssueId, IssueSort, Page, PageRequest, StoredEvent, TimeRange};
use crate::protocol::ids::ProjectId;
use crate::store::Result;

/// The events of an issue from some moment on.
type Lane<'a> = Box<dyn Iterator<Item = Result<Found>> + 'a>;

/// An open issue: its next event, and those behind it.
struct Open<'a> {
    issue: IssueId,
    next: Found,
    rest: Lane<'a>,
}

impl Reader {
    /// A page of a project's events.
    pub(super) fn newest(
        &self,
        project: ProjectId,
        environment: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<StoredEvent>> {
        let edge = page.cursor.as_ref().map(read_cursor).transpose()?;
        let direction = match &edge {
            Some((Towards::Newer, _)) => Direction::Up,
            _ => Direction::Down,
        };
        let is_first = edge.is_none();
        let edge = edge.map(|(_, moment)| moment);
        let mut found = self.merged(project, environment, direction, edge.as_ref(), page.limit + 1)?;
        let is_more = found.len() > page.limit;
        found.truncate(page.limit);
        let (has_newer, has_older) = match direction {
            Direction::Down => (!is_first, is_more),
            Direction::Up => (is_more, true),
        };
        if direction == Direction::Up {
            found.reverse();
        }
        let previous = found.first().filter(|_| has_newer).map(|it| cursor('>', &it.1));
        let next = found.last().filter(|_| has_older).map(|it| cursor('<', &it.1));
        let mut items = Vec::with_capacity(found.len());
        for (issue, found) in &found {
            items.extend(self.stored(*issue, &found.row)?);
        }
        Ok(Page {
            items,
            previous,
            next,
        })
    }

    /// The first `limit` events beyond `edge`.
    fn merged(
        &self,
        project: ProjectId,
        environment: Option<&str>,
        direction: Direction,
        edge: Option<&Moment>,
        limit: usize,
    ) -> Result<Vec<(IssueId, Found)>> {
        let filter = filter(project, environment, direction, edge);
        let sort = match direction {
            Direction::Down => IssueSort::LastSeen,
            Direction::Up => IssueSort::FirstSeen,
        };
        let mut waiting = self.ranked(&filter, sort, direction, None).peekable();
        let mut open: BTreeMap<Moment, Open<'_>> = BTreeMap::new();
        let mut found = Vec::with_capacity(limit);
        while found.len() < limit {
            let first = match direction {
                Direction::Down => open.last_key_value(),
                Direction::Up => open.first_key_value(),
            };
            let first = first.map(|(moment, _)| moment.clone());
            if let Some(named) = waiting.next_if(|it| may_come_before(it, direction, first.as_ref())) {
                let Named { id, .. } = named?;
                let parts = self.parts(id)?;
                let lane: Lane<'_> = match direction {
                    Direction::Down => Box::new(self.older(parts, edge)),
                    Direction::Up => Box::new(self.newer(parts, edge)),
                };
                let wanted = move |it: &Result<Found>| {
                    let of = it
                        .as_ref()
                        .ok()
                        .and_then(|found| found.row.environment.as_deref());
                    it.is_err() || environment.is_none_or(|wanted| of == Some(wanted))
                };
                push(id, Box::new(lane.filter(wanted)), &mut open)?;
                continue;
            }
            let Some(Open { issue, next, rest }) = first.and_then(|moment| open.remove(&moment)) else {
                break;
            };
            found.push((issue, next));
            push(issue, rest, &mut open)?;
        }
        Ok(found)
    }
}

/// The issues that may have events beyond `edge`.
fn filter(
    project: ProjectId,
    environment: Option<&str>,
    direction: Direction,
    edge: Option<&Moment>,
) -> IssueFilter {
    let (mut start, mut end) = (Timestamp::MIN, Timestamp::MAX);
    if let Some(time) = edge.and_then(begin_of) {
        match direction {
            // One that was first seen in the very moment may have events in it.
            Direction::Down => {
                end = time
                    .saturating_add(jiff::SignedDuration::from_micros(1))
                    .unwrap_or(end)
            }
            Direction::Up => start = time,
        }
    }
    IssueFilter {
        projects: vec![project],
        environments: environment.map(str::to_owned).into_iter().collect(),
        range: Some(TimeRange { start, end }),
        ..IssueFilter::default()
    }
}

/// Whether an issue may have an event that comes before the `first` one of those that are open.
fn may_come_before(named: &Result<Named>, direction: Direction, first: Option<&Moment>) -> bool {
    let (Ok(named), Some(time)) = (named, first.and_then(begin_of)) else {
        return true;
    };
    let (its, time) = (named.rank.0, time.as_microsecond());
    match direction {
        Direction::Down => its >= time,
        Direction::Up => its <= time,
    }
}

fn push<'a>(issue: IssueId, mut rest: Lane<'a>, open: &mut BTreeMap<Moment, Open<'a>>) -> Result<()> {
    if let Some(next) = rest.next().transpose()? {
        open.insert(next.moment.clone(), Open { issue, next, rest });
    }
    Ok(())
}
