//! Parts: what an issue is the sum of. Nearly every issue has one. Merging issues gives one of them the others' parts,
//! splitting gives a part away: no event is moved and no counter added up, so both are exact and can be undone.

use serde::{Deserialize, Serialize};

use super::event::{EventRecord, GroupHash};
use super::issue::IssueId;
use super::seen::Seen;
use crate::protocol::ids::{EventId, ProjectId};

/// A part's number, unique in the installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PartId(pub u64);

/// The events that go by one first hash. All that is counted is counted by part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Unique in the installation.
    pub id: PartId,
    /// Whose it is.
    pub project: ProjectId,
    /// The first hash of the event that began it, and of its others unless their issue was full.
    pub hash: GroupHash,
    /// The issue that it belongs to.
    pub issue: IssueId,
    /// What its events add up to.
    pub seen: Seen,
    /// The part that took its hashes over while its events are counted anew, there or elsewhere. It goes with the last of
    /// them; until then its users, tags and sightings are those of all it had.
    pub successor: Option<PartId>,
    /// How many of the events that it has counted are no longer known by their ids.
    pub forgotten: u64,
    /// The event that is kept for being the latest, and for nothing else: it goes when a later one is.
    pub stand_in: Option<StandIn>,
}

/// An event that is kept for being the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandIn {
    /// Which.
    pub event: EventId,
    /// When it happened, µs.
    pub time: i64,
    /// The day on which it was received, since 1970.
    pub day: i64,
}

impl Part {
    /// The part of `issue` that `event`, whose first hash is `hash`, begins: without a count.
    pub fn begin(id: PartId, issue: IssueId, hash: GroupHash, event: &EventRecord) -> Self {
        Self {
            id,
            project: event.project,
            hash,
            issue,
            seen: Seen::before(event),
            successor: None,
            forgotten: 0,
            stand_in: None,
        }
    }

    /// The part that takes this one's hashes over.
    pub fn remake(&mut self, id: PartId) -> Self {
        self.successor = Some(id);
        Self {
            id,
            successor: None,
            forgotten: 0,
            stand_in: None,
            seen: Seen {
                times_seen: 0,
                bare: 0,
                ..self.seen.clone()
            },
            ..self.clone()
        }
    }
}
