//! The hashes that lead to an issue, and what goes by each.

use super::Reader;
use crate::model::{GroupHash, Part, PartId};
use crate::store::embedded::index::keys::{Key, Pieces, Table};
use crate::store::{HashEvents, IssueDetail, IssueHash, Result};

impl Reader {
    /// The hashes that lead to `parts`, in their order: the parts' own ones all, others as far as there is room.
    pub(super) fn hashes(&self, parts: &[PartId]) -> Result<Vec<IssueHash>> {
        let mut hashes = Vec::new();
        for &id in parts {
            if let Some(part) = self.get::<Part>(&Key::of(Table::Part).number(id.0))?
                && part.seen.times_seen > 0
            {
                let latest = self.latest_in(id)?.and_then(|found| found.event());
                let events = HashEvents {
                    seen: part.seen,
                    latest,
                };
                add(part.hash, events, &mut hashes);
            }
        }
        let own: Vec<GroupHash> = hashes.iter().map(|it| it.hash).collect();
        for part in parts {
            for row in self.scan::<()>(&Key::of(Table::PartHash).number(part.0)) {
                if hashes.len() >= IssueDetail::MAX_HASHES {
                    break;
                }
                let (key, ()) = row?;
                let mut pieces = Pieces::of(&key);
                if let (Some(_), Some(hash)) = (pieces.number(), pieces.array().map(GroupHash))
                    && !own.contains(&hash)
                {
                    hashes.push(IssueHash { hash, events: None });
                }
            }
        }
        hashes.sort_unstable_by_key(|it| it.hash);
        Ok(hashes)
    }
}

/// Adds a part's events. Two parts have one hash while events are counted anew.
fn add(hash: GroupHash, events: HashEvents, hashes: &mut Vec<IssueHash>) {
    let known = hashes.iter_mut().find(|known| known.hash == hash);
    match known.and_then(|known| known.events.as_mut()) {
        Some(known) => {
            if events.seen.last_seen >= known.seen.last_seen {
                known.latest = events.latest;
            }
            known.seen.join(events.seen);
        }
        None => hashes.push(IssueHash {
            hash,
            events: Some(events),
        }),
    }
}
