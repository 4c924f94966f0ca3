//! The events of an issue: pages of them, and one with its neighbours.

use super::Reader;
use super::order::{Found, Moment};
use crate::model::{Cursor, EventRef, Issue, IssueId, Page, PageRequest, StoredEvent};
use crate::protocol::ids::EventId;
use crate::store::embedded::index::keys::event_key;
use crate::store::embedded::index::rows::EventRow;
use crate::store::{Error, PlacedEvent, Result};

impl Reader {
    /// One event of an issue with its neighbours.
    pub(super) fn event_of(&self, id: IssueId, which: EventRef) -> Result<Option<PlacedEvent>> {
        let Some(issue) = self.issue(id)? else {
            return Ok(None);
        };
        let parts = self.parts(issue.id)?;
        let found = match which {
            EventRef::Latest => self.older(parts.clone(), None).next().transpose()?,
            EventRef::Oldest => self.newer(parts.clone(), None).next().transpose()?,
            EventRef::Id(event) => self.found(&issue, event)?,
        };
        let Some(found) = found else { return Ok(None) };
        let Some(event) = self.stored(issue.id, &found.row)? else {
            return Ok(None);
        };
        let previous = self
            .older(parts.clone(), Some(&found.moment))
            .next()
            .transpose()?;
        let next = self.newer(parts, Some(&found.moment)).next().transpose()?;
        Ok(Some(PlacedEvent {
            event,
            previous: previous.and_then(|found| found.event()),
            next: next.and_then(|found| found.event()),
        }))
    }

    /// A page of an issue's events, latest first. A cursor is the moment at its edge, with `<` to go on towards older
    /// events and `>` towards newer ones.
    pub(super) fn events(
        &self,
        id: IssueId,
        environment: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<StoredEvent>> {
        let edge = page.cursor.as_ref().map(read_cursor).transpose()?;
        let Some(Issue { id, .. }) = self.issue(id)? else {
            return Ok(Page {
                items: Vec::new(),
                previous: None,
                next: None,
            });
        };
        let parts = self.parts(id)?;
        let (found, has_newer, has_older) = match &edge {
            None => {
                let (found, is_more) = take(self.older(parts, None), environment, page.limit)?;
                (found, false, is_more)
            }
            Some((Towards::Older, edge)) => {
                let (found, is_more) = take(self.older(parts, Some(edge)), environment, page.limit)?;
                (found, true, is_more)
            }
            Some((Towards::Newer, edge)) => {
                let (mut found, is_more) = take(self.newer(parts, Some(edge)), environment, page.limit)?;
                found.reverse();
                (found, is_more, true)
            }
        };
        let previous = found.first().filter(|_| has_newer).map(|it| cursor('>', it));
        let next = found.last().filter(|_| has_older).map(|it| cursor('<', it));
        let mut items = Vec::with_capacity(found.len());
        for found in &found {
            items.extend(self.stored(id, &found.row)?);
        }
        Ok(Page {
            items,
            previous,
            next,
        })
    }

    /// An event of an issue, by its id.
    fn found(&self, issue: &Issue, event: EventId) -> Result<Option<Found>> {
        let by_id = event_key(issue.project, event);
        let Some(row) = self.get::<EventRow>(&by_id)? else {
            return Ok(None);
        };
        if self.issue_of(row.part)?.is_none_or(|its| its.id != issue.id) {
            return Ok(None);
        }
        self.found_in(row.part, row.time, event)
    }
}

/// The first `limit` events of `environment`, and whether there are more.
fn take(
    events: impl Iterator<Item = Result<Found>>,
    environment: Option<&str>,
    limit: usize,
) -> Result<(Vec<Found>, bool)> {
    let mut taken = Vec::new();
    for found in events {
        let found = found?;
        if environment.is_some_and(|wanted| found.row.environment.as_deref() != Some(wanted)) {
            continue;
        }
        if taken.len() == limit {
            return Ok((taken, true));
        }
        taken.push(found);
    }
    Ok((taken, false))
}

pub(super) enum Towards {
    Older,
    Newer,
}

pub(super) fn cursor(direction: char, found: &Found) -> Cursor {
    Cursor(format!("{direction}{}", hex::encode(&found.moment)))
}

pub(super) fn read_cursor(cursor: &Cursor) -> Result<(Towards, Moment)> {
    let (towards, rest) = match cursor.0.split_at_checked(1) {
        Some(("<", rest)) => (Towards::Older, rest),
        Some((">", rest)) => (Towards::Newer, rest),
        _ => return Err(Error::BadCursor),
    };
    let moment = hex::decode(rest).map_err(|_| Error::BadCursor)?;
    Ok((towards, moment))
}
