//! The issue list: a walk past all issues in memory, which reads those that may be meant until the page is full.

use super::Reader;
use super::ranked::{Direction, Named};
use crate::model::{
    Cursor, Issue, IssueFilter, IssueId, IssueSort, Page, PageRequest, Rank, TagKey, TagPrint, TagPrints,
};
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::{Error, Result};

/// One page of the issues that `filter` means.
pub(super) fn list(
    reader: &Reader,
    filter: &IssueFilter,
    sort: IssueSort,
    page: &PageRequest,
) -> Result<Page<Issue>> {
    let edge = page.cursor.as_ref().map(read_cursor).transpose()?;
    let direction = edge.map_or(Direction::Down, |(direction, _)| direction);
    let mut found = Vec::new();
    let mut is_more = false;
    for named in reader.ranked(filter, sort, direction, edge.map(|(_, rank)| rank)) {
        let named = named?;
        let Some(issue) = reader.meant(&named, filter)? else {
            continue;
        };
        if found.len() == page.limit {
            is_more = true;
            break;
        }
        found.push((named.rank, issue));
    }
    let (has_previous, has_next) = match direction {
        Direction::Down => (edge.is_some(), is_more),
        Direction::Up => (is_more, true),
    };
    if direction == Direction::Up {
        found.reverse();
    }
    let cursor = |direction: char, (by, id): Rank| Cursor(format!("{direction}{by}:{id}"));
    Ok(Page {
        previous: found.first().filter(|_| has_previous).map(|it| cursor('>', it.0)),
        next: found.last().filter(|_| has_next).map(|it| cursor('<', it.0)),
        items: found.into_iter().map(|(_, issue)| issue).collect(),
    })
}

impl Reader {
    /// The issue, if the filter means it. When its tags say that it does not, they are remembered for the next search.
    fn meant(&self, named: &Named, filter: &IssueFilter) -> Result<Option<Issue>> {
        let row = self.get(&Key::of(Table::Issue).number(named.project.0).number(named.id.0))?;
        let Some(issue) = row.filter(|issue: &Issue| issue.merged_into.is_none()) else {
            return Ok(None);
        };
        let mut failed = None;
        let is_meant = filter.means(&issue, &mut |key| match self.tag(issue.id, key) {
            Ok(tag) => tag
                .map(|tag| tag.values.into_iter().map(|known| known.value).collect())
                .unwrap_or_default(),
            Err(error) => {
                failed = Some(error);
                Vec::new()
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        if is_meant {
            return Ok(Some(issue));
        }
        if filter.query.reads_tags() {
            // Nothing is noted of a commit between what is read here and what is kept.
            let mut listings = self.roster.open();
            if listings.wants_tags(named.project, named.id) {
                let read = TagPrints::of(self.tag_prints(named.id)?);
                listings.change_tags(named.project, named.id, |tags| *tags = read);
            }
        }
        Ok(None)
    }

    /// The tags of an issue.
    fn tag_prints(&self, issue: IssueId) -> Result<Vec<TagPrint>> {
        let mut prints = Vec::new();
        for part in self.parts(issue)? {
            for key in self.tag_keys(part)? {
                let row: Option<TagKey> =
                    self.get(&Key::of(Table::Tag).number(part.0).bytes(key.as_bytes()))?;
                let values = row.into_iter().flat_map(|tag| tag.values);
                prints.push(TagPrint::key(&key));
                prints.extend(values.map(|known| TagPrint::value(&key, &known.value)));
            }
        }
        Ok(prints)
    }
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
