//! The events of several parts in order of time, merged from those of each, which are in that order.

use std::iter::Peekable;
use std::ops::Bound::{Excluded, Included};

use jiff::Timestamp;

use super::Reader;
use crate::model::PartId;
use crate::protocol::ids::EventId;
use crate::store::Result;
use crate::store::embedded::index::keys::{Key, Pieces, Table};
use crate::store::embedded::index::rows::{self, TimeRow};
use crate::store::embedded::index::tree;

/// Where an event stands among others: time and event id, as they end the key of its row by time.
pub(super) type Moment = Vec<u8>;

/// Bytes of a key by time before the moment: table and part.
const BEFORE_MOMENT: usize = 9;

/// A row by time, as the tree gives it.
type Row = Result<tree::Row>;

/// An event of a part: where it stands, and its row.
pub(super) struct Found {
    pub(super) moment: Moment,
    pub(super) row: TimeRow,
}

impl Reader {
    /// The events of `parts` before `edge` (all of them without one), latest first.
    pub(super) fn older<'a>(
        &'a self,
        parts: Vec<PartId>,
        edge: Option<&'a Moment>,
    ) -> impl Iterator<Item = Result<Found>> + 'a {
        let lanes = parts.into_iter().map(move |part| {
            let begin = by_time(part).into_vec();
            let end = match edge {
                Some(edge) => Excluded([begin.as_slice(), edge].concat()),
                None => Excluded(by_time(PartId(part.0 + 1)).into_vec()),
            };
            self.tree.range((Included(begin), end)).rev()
        });
        merge(lanes, |a, b| a > b)
    }

    /// The events of `parts` behind `edge` (all of them without one), earliest first.
    pub(super) fn newer<'a>(
        &'a self,
        parts: Vec<PartId>,
        edge: Option<&'a Moment>,
    ) -> impl Iterator<Item = Result<Found>> + 'a {
        let lanes = parts.into_iter().map(move |part| {
            let prefix = by_time(part).into_vec();
            let begin = match edge {
                Some(edge) => Excluded([prefix.as_slice(), edge].concat()),
                None => Included(prefix),
            };
            let end = by_time(PartId(part.0 + 1)).into_vec();
            self.tree.range((begin, Excluded(end)))
        });
        merge(lanes, |a, b| a < b)
    }

    /// The latest event of a part.
    pub(super) fn latest_in(&self, part: PartId) -> Result<Option<Found>> {
        let row = self.tree.scan(&by_time(part)).next_back();
        row.map(read).transpose()
    }

    /// An event of a part, by its key there.
    pub(super) fn found_in(&self, part: PartId, time: i64, event: EventId) -> Result<Option<Found>> {
        let key = by_time(part).signed(time).bytes(event.as_bytes());
        let row = self.get(&key)?;
        Ok(row.map(|row| Found {
            moment: moment(key.as_ref()).to_vec(),
            row,
        }))
    }
}

impl Found {
    /// The event's id: what ends its moment.
    pub(super) fn event(&self) -> Option<EventId> {
        self.moment.last_chunk().copied().and_then(EventId::from_bytes)
    }
}

/// When a moment begins: the time in it.
pub(super) fn begin_of(moment: &Moment) -> Option<Timestamp> {
    // `Pieces` passes over one byte, a key's table.
    let time = Pieces::of(&[&[0], moment.as_slice()].concat()).signed()?;
    Timestamp::from_microsecond(time).ok()
}

fn by_time(part: PartId) -> Key {
    Key::of(Table::EventTime).number(part.0)
}

/// Merges lanes that are in order each, by what `comes_first`. What cannot be read comes before all else.
fn merge<Lane: Iterator<Item = Row>>(
    lanes: impl Iterator<Item = Lane>,
    comes_first: fn(&[u8], &[u8]) -> bool,
) -> impl Iterator<Item = Result<Found>> {
    let mut lanes: Vec<Peekable<Lane>> = lanes.map(Iterator::peekable).collect();
    std::iter::from_fn(move || {
        let mut first: Option<(usize, sled::IVec)> = None;
        for (number, lane) in lanes.iter_mut().enumerate() {
            match lane.peek() {
                None => {}
                Some(Err(_)) => return lane.next().map(read),
                Some(Ok((key, _))) => {
                    let is_first = first
                        .as_ref()
                        .is_none_or(|(_, known)| comes_first(moment(key), moment(known)));
                    if is_first {
                        first = Some((number, key.clone()));
                    }
                }
            }
        }
        let (number, _) = first?;
        lanes.get_mut(number)?.next().map(read)
    })
}

fn read(row: Row) -> Result<Found> {
    let (key, value) = row?;
    Ok(Found {
        moment: moment(&key).to_vec(),
        row: rows::decode(&value)?,
    })
}

/// What stands behind table and part.
fn moment(key: &[u8]) -> &[u8] {
    key.get(BEFORE_MOMENT..).unwrap_or_default()
}
