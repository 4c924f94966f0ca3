//! The values of the index as bytes: a version, then MessagePack.
//!
//! Rows are small and wide, under 4 KB. They need no migration of their own: an index of an older layout is made anew
//! from the segments, which hold JSON that says what it is.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::keys::{Pieces, Table};
use crate::model::PartId;
use crate::model::alert::HappeningId;
use crate::model::retention::Thinning;
use crate::store::embedded::facts::Doomed;
use crate::store::{Error, Newest, Result};

/// The version of the index's layout, which begins every row: one more whenever a row's shape changes, or there are
/// rows that the facts written so far should have made.
pub(in crate::store::embedded) const LAYOUT: u8 = 8;

/// How an index's layout compares to ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store::embedded) enum Layout {
    /// The same.
    Ours,
    /// It must be made anew.
    Older,
}

/// The layout of the index that `row` is from, where a newer one is refused.
pub(in crate::store::embedded) fn layout(row: &[u8]) -> Result<Layout> {
    match row.first() {
        Some(&found) if found > LAYOUT => Err(newer(found)),
        Some(&LAYOUT) => Ok(Layout::Ours),
        _ => Ok(Layout::Older),
    }
}

/// A value as bytes.
pub(in crate::store::embedded) fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    let mut bytes = vec![LAYOUT];
    rmp_serde::encode::write(&mut bytes, value).map_err(|error| Error::Damaged(format!("a row: {error}")))?;
    Ok(bytes)
}

/// A value from bytes.
pub(in crate::store::embedded) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    match bytes.split_first() {
        Some((&LAYOUT, body)) => {
            rmp_serde::from_slice(body).map_err(|error| Error::BadIndex(format!("a row: {error}")))
        }
        Some((&found, _)) if found > LAYOUT => Err(newer(found)),
        Some((found, _)) => Err(Error::BadIndex(format!("a row of layout {found}"))),
        None => Err(Error::BadIndex("an empty row".into())),
    }
}

fn newer(found: u8) -> Error {
    Error::Newer(format!(
        "the index has layout {found}, this one reads up to {LAYOUT}"
    ))
}

/// Where a frame stands in the segments. Places are ordered as they were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub(in crate::store::embedded) struct Place {
    /// The segment: days since 1970.
    pub day: i32,
    /// Bytes from its beginning.
    pub offset: u64,
}

/// What the store remembers of itself, in one row that each commit writes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store::embedded) struct Meta {
    /// Up to where the segments are in the index.
    pub applied: Place,
    /// The journal position before which everything is recorded.
    pub recorded: u64,
    /// The newest issue's number.
    pub last_issue: u64,
    /// The newest part's number.
    pub last_part: u64,
    /// The newest release's number.
    pub last_release: u64,
    /// The newest deploy's number.
    pub last_deploy: u64,
    /// The newest activity's number.
    pub last_activity: u64,
    /// The newest happening's number.
    pub last_happening: u64,
    /// The newest firing's number.
    pub last_firing: u64,
    /// The newest delivery's number.
    pub last_delivery: u64,
    /// How often something was put into the outbox, or back into it by hand.
    pub posted: u64,
    /// The highest number of a project, user, token, alert rule or destination.
    pub last_id: u64,
    /// How many journal entries were set aside.
    pub dead: u64,
    /// The last day since 1970 on which an event was received that is not kept.
    pub last_counted: i64,
    /// The first day of whose events that are not kept the ids are remembered: the rows of earlier ones are over.
    pub counted_from: i64,
}

impl Meta {
    /// What whoever works on alerts waits for.
    pub(in crate::store::embedded) fn newest(&self) -> Newest {
        Newest {
            happening: HappeningId(self.last_happening),
            posted: self.posted,
        }
    }

    /// Whether the row at `key` is over: nobody looks at it any more, and the next merge of its run leaves it out.
    pub(in crate::store::embedded) fn is_over(&self, key: &[u8]) -> bool {
        key.first() == Some(&(Table::Counted as u8))
            && Pieces::of(key)
                .signed()
                .is_some_and(|day| day < self.counted_from)
    }
}

/// An event's row by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store::embedded) struct EventRow {
    /// Its part.
    pub part: PartId,
    /// When it happened, µs: with part and id the key of its row by time.
    pub time: i64,
    /// Its frame.
    pub place: Place,
}

/// An event's row by part and time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store::embedded) struct TimeRow {
    /// Its frame.
    pub place: Place,
    /// The frame of its newest record, when it was grouped anew.
    pub regrouped: Option<Place>,
    /// Its environment, to filter by without reading the frame.
    pub environment: Option<String>,
    /// Bytes of its frame.
    pub bytes: u32,
}

/// What is to be cleared away, and how far that is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store::embedded) struct PurgeRow {
    /// What it is.
    pub doomed: Doomed,
    /// The key of the last row by time that went: whoever looked for the next one from the first on would pass all that
    /// were removed before.
    pub behind: Option<Vec<u8>>,
}

/// What is kept of a project and a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store::embedded) struct KeptRow {
    /// Payloads of events that happened on the day.
    pub events: u64,
    /// Bytes of their frames.
    pub bytes: u64,
    /// Bytes of attachments that were received on the day.
    pub files: u64,
    /// How far it was thinned.
    pub thinning: Thinning,
}

/// Counts of one day, by hour of UTC.
pub(in crate::store::embedded) type DayHours = [u64; 24];

/// Outcomes of one (project, day, category, outcome): by reason.
pub(in crate::store::embedded) type ReasonHours = Vec<(String, DayHours)>;
