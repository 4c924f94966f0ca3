//! Payloads go; what was counted stays. An id that clients may still repeat stays for as long as they may.

use std::collections::{BTreeMap, BTreeSet};

use super::event::time_key;
use super::held::{self, Held};
use super::{attachment, counted, sum, tally};
use crate::model::{Part, PartId};
use crate::store::embedded::index::keys::{Key, Table, event_key};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::{EventRow, Meta, TimeRow};
use crate::store::{Eviction, Result};

/// Takes the payloads and files of events away. Doing it again changes nothing.
pub(super) fn apply(eviction: &Eviction, meta: &mut Meta, overlay: &mut Overlay<'_>) -> Result<()> {
    let project = eviction.project;
    let mut held = Held::default();
    let mut gone: BTreeMap<PartId, u64> = BTreeMap::new();
    for &id in &eviction.events {
        // Files may have come without their event.
        attachment::forget(project, Some(id.as_bytes()), &mut held, overlay)?;
        let by_id = event_key(project, id);
        let Some(row) = overlay.get::<EventRow>(&by_id)? else {
            continue;
        };
        let by_time = time_key(row.part, row.time, id);
        if let Some(time) = overlay.get::<TimeRow>(&by_time)? {
            held.forget_payload(project, row.time, time.bytes);
        }
        overlay.remove(by_time);
        overlay.remove(by_id);
        if row.place.day >= eviction.known_since {
            counted::remember(project, id, row.place.day.into(), meta, overlay)?;
        }
        *gone.entry(row.part).or_default() += 1;
    }
    uncover(gone, overlay)?;
    held.write(overlay)?;
    match eviction.thinned {
        Some((day, to)) => held::thinned(project, day, to, overlay),
        None => Ok(()),
    }
}

/// So many events of each part are counted and no longer kept.
fn uncover(gone: BTreeMap<PartId, u64>, overlay: &mut Overlay<'_>) -> Result<()> {
    let mut issues = BTreeSet::new();
    for (part, count) in gone {
        let key = Key::of(Table::Part).number(part.0);
        // That of a removed issue may be gone.
        if let Some(mut part) = overlay.get::<Part>(&key)? {
            part.forgotten += count;
            part.seen.bare += count;
            issues.insert(part.issue);
            overlay.put(key, &part)?;
        }
    }
    for issue in issues {
        if let Some(mut issue) = sum::find_itself(issue, overlay)? {
            sum::recount(&mut issue, overlay)?;
            tally::put(&issue, overlay)?;
        }
    }
    Ok(())
}
