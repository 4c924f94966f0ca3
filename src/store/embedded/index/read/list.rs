//! The issue list: filtered and sorted in memory from the issues' rows.
//!
//! A project has thousands of issues, not millions, and their rows lie side by side; an index per order would cost
//! every event another row.

use super::Reader;
use crate::model::{Cursor, Issue, IssueFilter, IssueSort, Page, PageRequest};
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::{Error, Result};

/// An issue's place in the list: what it is sorted by, then its number. Unique, so that a page begins exactly where
/// the one before it ended, even when issues have moved in between.
type Rank = (i64, u64);

/// One page of the issues that `filter` means.
pub(super) fn list(
    reader: &Reader,
    filter: &IssueFilter,
    sort: IssueSort,
    page: &PageRequest,
) -> Result<Page<Issue>> {
    let mut issues = Vec::new();
    for project in &filter.projects {
        for row in reader.scan::<Issue>(&Key::of(Table::Issue).number(project.0)) {
            let (_, issue) = row?;
            if issue.merged_into.is_none() && is_meant(&issue, filter, reader)? {
                issues.push((rank(&issue, sort), issue));
            }
        }
    }
    issues.sort_unstable_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    let ranks: Vec<Rank> = issues.iter().map(|(rank, _)| *rank).collect();
    let (begin, end) = match &page.cursor {
        None => (0, page.limit),
        Some(cursor) => match read_cursor(cursor)? {
            (Direction::Down, edge) => {
                let begin = ranks.partition_point(|rank| *rank >= edge);
                (begin, begin + page.limit)
            }
            (Direction::Up, edge) => {
                let end = ranks.partition_point(|rank| *rank > edge);
                (end.saturating_sub(page.limit), end)
            }
        },
    };
    let end = end.min(issues.len());
    let previous = (0 < begin && begin < end).then(|| cursor('>', ranks[begin]));
    let next = (begin < end && end < issues.len()).then(|| cursor('<', ranks[end - 1]));
    let items = issues
        .drain(begin.min(end)..end)
        .map(|(_, issue)| issue)
        .collect();
    Ok(Page {
        items,
        previous,
        next,
    })
}

fn is_meant(issue: &Issue, filter: &IssueFilter, reader: &Reader) -> Result<bool> {
    let in_range = filter
        .range
        .is_none_or(|range| issue.seen.last_seen >= range.start && issue.seen.first_seen < range.end);
    let in_environment = filter.environments.is_empty()
        || filter
            .environments
            .iter()
            .any(|wanted| issue.seen.environments.contains(wanted));
    if !in_range || !in_environment {
        return Ok(false);
    }
    let mut failed = None;
    let mut tag = |key: &str| match reader.tag(issue.id, key) {
        Ok(tag) => tag
            .map(|tag| tag.values.into_iter().map(|known| known.value).collect())
            .unwrap_or_default(),
        Err(error) => {
            failed = Some(error);
            Vec::new()
        }
    };
    let is_meant = filter.query.matches(issue, &mut tag);
    failed.map_or(Ok(is_meant), Err)
}

fn rank(issue: &Issue, sort: IssueSort) -> Rank {
    let by = match sort {
        IssueSort::LastSeen => issue.seen.last_seen.as_microsecond(),
        IssueSort::FirstSeen => issue.seen.first_seen.as_microsecond(),
        IssueSort::Events => i64::try_from(issue.seen.times_seen).unwrap_or(i64::MAX),
        IssueSort::Users => i64::try_from(issue.users).unwrap_or(i64::MAX),
    };
    (by, issue.id.0)
}

enum Direction {
    /// Towards the end of the list.
    Down,
    /// Towards its beginning.
    Up,
}

fn cursor(direction: char, (by, id): Rank) -> Cursor {
    Cursor(format!("{direction}{by}:{id}"))
}

fn read_cursor(cursor: &Cursor) -> Result<(Direction, Rank)> {
    let (direction, rest) = match cursor.0.split_at_checked(1) {
        Some(("<", rest)) => (Direction::Down, rest),
        Some((">", rest)) => (Direction::Up, rest),
        _ => return Err(Error::BadCursor),
    };
    let (by, id) = rest.split_once(':').ok_or(Error::BadCursor)?;
    let rank = (
        by.parse().map_err(|_| Error::BadCursor)?,
        id.parse().map_err(|_| Error::BadCursor)?,
    );
    Ok((direction, rank))
}
