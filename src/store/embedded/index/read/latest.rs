//! Pages of what is numbered as it came, the latest first.

use std::ops::Bound::{Excluded, Included};

use super::Reader;
use crate::model::{Cursor, Page, PageRequest};
use crate::store::embedded::index::keys::Key;
use crate::store::embedded::index::tree::Row;
use crate::store::{Error, Result};

impl Reader {
    /// A page of what `load` makes of the numbers that follow `prefix` in keys; without those of which it makes none. A
    /// cursor is the number at the page's edge, with `<` to go on towards older ones and `>` towards newer ones.
    pub(super) fn latest<T>(
        &self,
        prefix: &Key,
        page: &PageRequest,
        load: impl Fn(u64) -> Result<Option<T>>,
    ) -> Result<Page<T>> {
        let key = |number: u64| prefix.clone().number(number).into_vec();
        let (first, last) = (key(0), key(u64::MAX));
        let mut edge = None;
        if let Some(cursor) = &page.cursor {
            let (direction, number) = cursor.0.split_at_checked(1).ok_or(Error::BadCursor)?;
            edge = Some((direction, number.parse::<u64>().map_err(|_| Error::BadCursor)?));
        }
        let (mut found, has_newer, has_older) = match edge {
            None => {
                let (found, more) = take(self.tree.range(first..=last).rev(), page.limit, load)?;
                (found, false, more)
            }
            Some(("<", edge)) => {
                let (found, more) = take(self.tree.range(first..key(edge)).rev(), page.limit, load)?;
                (found, true, more)
            }
            Some((">", edge)) => {
                let rows = self.tree.range((Excluded(key(edge)), Included(last)));
                let (found, more) = take(rows, page.limit, load)?;
                (found, more, true)
            }
            Some(_) => return Err(Error::BadCursor),
        };
        found.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
        let cursor = |direction: char, (number, _): &(u64, T)| Cursor(format!("{direction}{number}"));
        Ok(Page {
            previous: found.first().filter(|_| has_newer).map(|it| cursor('>', it)),
            next: found.last().filter(|_| has_older).map(|it| cursor('<', it)),
            items: found.into_iter().map(|(_, item)| item).collect(),
        })
    }
}

/// The first `limit` of them with their numbers, and whether there are more.
fn take<T>(
    rows: impl Iterator<Item = Result<Row>>,
    limit: usize,
    load: impl Fn(u64) -> Result<Option<T>>,
) -> Result<(Vec<(u64, T)>, bool)> {
    let mut taken = Vec::new();
    for row in rows {
        let (key, _) = row?;
        let Some(number) = key.last_chunk().map(|number| u64::from_be_bytes(*number)) else {
            continue;
        };
        let Some(item) = load(number)? else {
            continue;
        };
        if taken.len() == limit {
            return Ok((taken, true));
        }
        taken.push((number, item));
    }
    Ok((taken, false))
}
