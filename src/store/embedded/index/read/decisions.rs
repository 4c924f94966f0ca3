//! What people decide about issues, and the story of each issue.

use std::ops::Bound::{Excluded, Included};

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Index, Reader};
use crate::model::{Activity, Cursor, IssueId, Page, PageRequest};
use crate::store::embedded::facts::Fact;
use crate::store::embedded::index::keys::{Key, Pieces, Table};
use crate::store::embedded::index::{rows, sled_error};
use crate::store::{Decisions, Error, Result, Triaged};

/// How many issues are told to be due at once.
const MOST_DUE: usize = 100;

#[async_trait]
impl Decisions for Index {
    async fn triage(&self, triaged: Triaged) -> Result<()> {
        self.writer.commit(vec![Fact::Triage(triaged)], None).await
    }

    async fn activity(&self, issue: IssueId, page: PageRequest) -> Result<Page<Activity>> {
        self.blocking(move |reader| reader.story(issue, &page)).await
    }

    async fn due(&self, now: Timestamp) -> Result<Vec<IssueId>> {
        self.blocking(move |reader| reader.due(now)).await
    }
}

impl Reader {
    /// The issues whose time has come, the first one first.
    fn due(&self, now: Timestamp) -> Result<Vec<IssueId>> {
        let mut due = Vec::new();
        for row in self.scan::<()>(&Key::of(Table::Alarm)).take(MOST_DUE) {
            let (key, ()) = row?;
            let mut pieces = Pieces::of(&key);
            if let (Some(time), Some(issue)) = (pieces.signed(), pieces.number())
                && time <= now.as_microsecond()
            {
                due.push(IssueId(issue));
            }
        }
        Ok(due)
    }

    /// A page of an issue's story, latest entry first. A cursor is the number of the entry at its edge, with `<` to go on
    /// towards older entries and `>` towards newer ones.
    fn story(&self, issue: IssueId, page: &PageRequest) -> Result<Page<Activity>> {
        let key = |activity: u64| Key::of(Table::Story).number(issue.0).number(activity).into_vec();
        let (first, last) = (key(0), key(u64::MAX));
        let mut edge = None;
        if let Some(cursor) = &page.cursor {
            let (direction, number) = cursor.0.split_at_checked(1).ok_or(Error::BadCursor)?;
            edge = Some((direction, number.parse::<u64>().map_err(|_| Error::BadCursor)?));
        }
        let (mut items, has_newer, has_older) = match edge {
            None => {
                let (items, more) = take(self.tree.range(first..=last).rev(), page.limit)?;
                (items, false, more)
            }
            Some(("<", edge)) => {
                let (items, more) = take(self.tree.range(first..key(edge)).rev(), page.limit)?;
                (items, true, more)
            }
            Some((">", edge)) => {
                let rows = self.tree.range((Excluded(key(edge)), Included(last)));
                let (items, more) = take(rows, page.limit)?;
                (items, more, true)
            }
            Some(_) => return Err(Error::BadCursor),
        };
        items.sort_by_key(|entry| std::cmp::Reverse(entry.id));
        let cursor = |direction: char, entry: &Activity| Cursor(format!("{direction}{}", entry.id.0));
        Ok(Page {
            previous: items.first().filter(|_| has_newer).map(|it| cursor('>', it)),
            next: items.last().filter(|_| has_older).map(|it| cursor('<', it)),
            items,
        })
    }
}

/// The first `limit` entries, and whether there are more.
fn take(
    rows: impl Iterator<Item = sled::Result<(sled::IVec, sled::IVec)>>,
    limit: usize,
) -> Result<(Vec<Activity>, bool)> {
    let mut taken = Vec::new();
    for row in rows {
        if taken.len() == limit {
            return Ok((taken, true));
        }
        taken.push(rows::decode(&row.map_err(sled_error)?.1)?);
    }
    Ok((taken, false))
}
