//! How much is kept of each project and day, in few rows.

use std::collections::BTreeMap;

use crate::model::Attachment;
use crate::model::retention::Thinning;
use crate::model::timeline::DAY;
use crate::protocol::ids::ProjectId;
use crate::store::Result;
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::KeptRow;

/// What came and went, by project and day since 1970.
#[derive(Default)]
pub(super) struct Held(BTreeMap<(u64, i64), Change>);

#[derive(Default)]
struct Change {
    events: i64,
    bytes: i64,
    files: i64,
}

impl Held {
    /// The payload of an event came that happened at `time` (µs).
    pub(super) fn payload(&mut self, project: ProjectId, time: i64, bytes: u32) {
        let change = self.of(project, time);
        change.events += 1;
        change.bytes += i64::from(bytes);
    }

    /// It went.
    pub(super) fn forget_payload(&mut self, project: ProjectId, time: i64, bytes: u32) {
        let change = self.of(project, time);
        change.events -= 1;
        change.bytes -= i64::from(bytes);
    }

    /// A file came.
    pub(super) fn file(&mut self, file: &Attachment) {
        let received = file.received.as_microsecond();
        self.of(file.project, received).files += signed(file.size);
    }

    /// It went.
    pub(super) fn forget_file(&mut self, file: &Attachment) {
        let received = file.received.as_microsecond();
        self.of(file.project, received).files -= signed(file.size);
    }

    /// Adds it to the rows.
    pub(super) fn write(self, overlay: &mut Overlay<'_>) -> Result<()> {
        for ((project, day), change) in self.0 {
            let key = key(ProjectId(project), day);
            let known: KeptRow = overlay.get(&key)?.unwrap_or_default();
            let row = KeptRow {
                events: known.events.saturating_add_signed(change.events),
                bytes: known.bytes.saturating_add_signed(change.bytes),
                files: known.files.saturating_add_signed(change.files),
                thinning: known.thinning,
            };
            put(key, &row, overlay)?;
        }
        Ok(())
    }

    fn of(&mut self, project: ProjectId, time: i64) -> &mut Change {
        let day = time.div_euclid(DAY * 1_000_000);
        self.0.entry((project.0, day)).or_default()
    }
}

/// Notes how far a day was thinned.
pub(super) fn thinned(project: ProjectId, day: i64, to: Thinning, overlay: &mut Overlay<'_>) -> Result<()> {
    let key = key(project, day);
    match overlay.get::<KeptRow>(&key)? {
        Some(row) => put(key, &KeptRow { thinning: to, ..row }, overlay),
        None => Ok(()),
    }
}

/// A day of which nothing is left has no row.
fn put(key: Key, row: &KeptRow, overlay: &mut Overlay<'_>) -> Result<()> {
    if (row.events, row.bytes, row.files) == (0, 0, 0) {
        overlay.remove(key);
        return Ok(());
    }
    overlay.put(key, row)
}

fn key(project: ProjectId, day: i64) -> Key {
    Key::of(Table::Kept).number(project.0).signed(day)
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
