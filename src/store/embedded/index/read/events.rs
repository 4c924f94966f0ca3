//! The events of an issue in order of time: pages of them, and one with its neighbours.

use std::ops::Bound::{Excluded, Unbounded};

use jiff::Timestamp;

use super::Reader;
use crate::model::{Cursor, EventRef, IssueId, Page, PageRequest, StoredEvent};
use crate::protocol::ids::EventId;
use crate::store::embedded::index::keys::{Key, Parts, Table};
use crate::store::embedded::index::rows::{self, EventRow, TimeRow};
use crate::store::embedded::index::sled_error;
use crate::store::{Error, PlacedEvent, Result};

/// A row by time, as the tree gives it.
type Row = sled::Result<(sled::IVec, sled::IVec)>;

/// Key and value of a row by time.
type Found = (Vec<u8>, TimeRow);

impl Reader {
    /// One event of an issue with its neighbours.
    pub(super) fn event_of(&self, id: IssueId, which: EventRef) -> Result<Option<PlacedEvent>> {
        let prefix = Key::of(Table::EventTime).number(id.0);
        let row = match which {
            EventRef::Latest => self.tree.scan_prefix(&prefix).next_back(),
            EventRef::Oldest => self.tree.scan_prefix(&prefix).next(),
            EventRef::Id(event) => self.row_of(id, event)?,
        };
        let (Some(row), true) = (row, self.issue(id)?.is_some()) else {
            return Ok(None);
        };
        let (key, value) = row.map_err(sled_error)?;
        let time: TimeRow = rows::decode(&value)?;
        let Some(event) = self.stored(id, time.place)? else {
            return Ok(None);
        };
        let neighbour = |row: Option<Row>| -> Result<Option<EventId>> {
            let row = row.transpose().map_err(sled_error)?;
            Ok(row.and_then(|(key, _)| event_id(&key)))
        };
        let previous = neighbour(self.tree.range(prefix.into_vec()..key.to_vec()).next_back())?;
        let next = neighbour(self.newer_than(id, key.to_vec()).next())?;
        Ok(Some(PlacedEvent {
            event,
            previous,
            next,
        }))
    }

    /// A page of an issue's events, latest first. A cursor is the end of the key at its edge, with `<` to go on
    /// towards older events and `>` towards newer ones.
    pub(super) fn events(
        &self,
        id: IssueId,
        environment: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<StoredEvent>> {
        let prefix = Key::of(Table::EventTime).number(id.0).into_vec();
        let edge = page
            .cursor
            .as_ref()
            .map(|cursor| read_cursor(cursor, &prefix))
            .transpose()?;
        let (mut found, is_more) = match &edge {
            None => self.take(self.tree.scan_prefix(&prefix).rev(), environment, page.limit)?,
            Some((Towards::Older, key)) => self.take(
                self.tree.range(prefix.clone()..key.clone()).rev(),
                environment,
                page.limit,
            )?,
            Some((Towards::Newer, key)) => {
                self.take(self.newer_than(id, key.clone()), environment, page.limit)?
            }
        };
        let (has_newer, has_older) = match edge {
            None => (false, is_more),
            Some((Towards::Older, _)) => (true, is_more),
            Some((Towards::Newer, _)) => {
                found.reverse();
                (is_more, true)
            }
        };
        let cursor =
            |direction: char, key: &[u8]| Cursor(format!("{direction}{}", hex::encode(&key[prefix.len()..])));
        let previous = found
            .first()
            .filter(|_| has_newer)
            .map(|(key, _)| cursor('>', key));
        let next = found
            .last()
            .filter(|_| has_older)
            .map(|(key, _)| cursor('<', key));
        let mut items = Vec::with_capacity(found.len());
        if self.issue(id)?.is_some() {
            for (_, time) in &found {
                items.extend(self.stored(id, time.place)?);
            }
        }
        Ok(Page {
            items,
            previous,
            next,
        })
    }

    /// The first `limit` rows of `environment`, and whether there are more.
    fn take(
        &self,
        rows: impl Iterator<Item = Row>,
        environment: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<Found>, bool)> {
        let mut found = Vec::new();
        for row in rows {
            let (key, value) = row.map_err(sled_error)?;
            let time: TimeRow = rows::decode(&value)?;
            if environment.is_some_and(|wanted| time.environment.as_deref() != Some(wanted)) {
                continue;
            }
            if found.len() == limit {
                return Ok((found, true));
            }
            found.push((key.to_vec(), time));
        }
        Ok((found, false))
    }

    /// The rows of an issue behind `key`, oldest first.
    fn newer_than(&self, id: IssueId, key: Vec<u8>) -> impl Iterator<Item = Row> {
        let prefix = Key::of(Table::EventTime).number(id.0).into_vec();
        self.tree
            .range((Excluded(key), Unbounded))
            .take_while(move |row| row.as_ref().map_or(true, |(key, _)| key.starts_with(&prefix)))
    }

    fn row_of(&self, id: IssueId, event: EventId) -> Result<Option<Row>> {
        let Some(issue) = self.issue(id)? else {
            return Ok(None);
        };
        let by_id = Key::of(Table::Event)
            .number(issue.project.0)
            .bytes(event.as_bytes());
        let Some(row) = self.get::<EventRow>(&by_id)?.filter(|row| row.issue == id) else {
            return Ok(None);
        };
        let key = Key::of(Table::EventTime)
            .number(id.0)
            .signed(row.time)
            .bytes(event.as_bytes());
        let value = self.tree.get(&key).map_err(sled_error)?;
        Ok(value.map(|value| Ok((key.as_ref().into(), value))))
    }
}

enum Towards {
    Older,
    Newer,
}

fn read_cursor(cursor: &Cursor, prefix: &[u8]) -> Result<(Towards, Vec<u8>)> {
    let (towards, rest) = match cursor.0.split_at_checked(1) {
        Some(("<", rest)) => (Towards::Older, rest),
        Some((">", rest)) => (Towards::Newer, rest),
        _ => return Err(Error::BadCursor),
    };
    let rest = hex::decode(rest).map_err(|_| Error::BadCursor)?;
    Ok((towards, [prefix, &rest].concat()))
}

/// The event id that ends a key by time.
fn event_id(key: &[u8]) -> Option<EventId> {
    let mut parts = Parts::of(key);
    parts.number()?;
    parts
        .signed()
        .and_then(|time| Timestamp::from_microsecond(time).ok())?;
    EventId::from_bytes(parts.array()?)
}
