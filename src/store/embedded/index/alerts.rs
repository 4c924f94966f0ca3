//! Alerts in the index: the keys that writing and reading them share.

use jiff::Timestamp;

use super::keys::{Key, Pieces, Table};
use crate::model::alert::delivery::Cargo;
use crate::model::alert::{Delivery, DeliveryId, DestinationId, FiringId, HappeningId, Recipient, RuleId};
use crate::model::{IssueId, UserId};
use crate::protocol::ids::ProjectId;

/// What a firing concerns: by which the history is filtered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store::embedded) enum Concern {
    /// It is this rule's.
    Rule(RuleId),
    /// It is of this project.
    Project(ProjectId),
    /// It is about this issue.
    Issue(IssueId),
}

impl Concern {
    /// The rows of what concerns it: the firing follows.
    pub(in crate::store::embedded) fn key(self) -> Key {
        let (kind, number) = match self {
            Self::Rule(id) => (b"r", id.0),
            Self::Project(id) => (b"p", id.0),
            Self::Issue(id) => (b"i", id.0),
        };
        Key::of(Table::Concern).bytes(kind).number(number)
    }
}

/// How far alerts are.
pub(in crate::store::embedded) fn progress_key() -> Key {
    Key::of(Table::Meta).bytes(b"alerts")
}

/// The key that signs links.
pub(in crate::store::embedded) fn signing_key() -> Key {
    Key::of(Table::Meta).bytes(b"signing")
}

/// The row of a happening.
pub(in crate::store::embedded) fn happening_key(id: HappeningId) -> Key {
    Key::of(Table::Happening).number(id.0)
}

/// The rows of the happenings of a project at a moment: their numbers follow.
pub(in crate::store::embedded) fn happened_key(project: ProjectId, time: Timestamp) -> Key {
    Key::of(Table::Happened)
        .number(project.0)
        .signed(time.as_microsecond())
}

/// A row of the engine's memory.
pub(in crate::store::embedded) fn memory_key(name: &str) -> Key {
    Key::of(Table::AlertMemory).bytes(name.as_bytes())
}

/// The row of a firing.
pub(in crate::store::embedded) fn firing_key(id: FiringId) -> Key {
    Key::of(Table::Firing).number(id.0)
}

/// The rows of a firing's causes: their numbers follow.
pub(in crate::store::embedded) fn causes_key(id: FiringId) -> Key {
    Key::of(Table::Cause).number(id.0)
}

/// The row of a delivery.
pub(in crate::store::embedded) fn delivery_key(id: DeliveryId) -> Key {
    Key::of(Table::Delivery).number(id.0)
}

/// The rows of the deliveries that tell of a firing: their numbers follow.
pub(in crate::store::embedded) fn firing_deliveries_key(id: FiringId) -> Key {
    Key::of(Table::FiringDelivery).number(id.0)
}

/// The row that says when a delivery is due. Those that stand in one line come one after the other: alerts to a recipient
/// are a line, their recaps another one.
pub(in crate::store::embedded) fn due_key(delivery: &Delivery, time: Timestamp) -> Key {
    let line = match delivery.cargo {
        Cargo::Firings(_) | Cargo::Notice(_) => alerts_line(&delivery.to),
        Cargo::Digest { .. } => line(&delivery.to, b"r"),
    };
    line.signed(time.as_microsecond()).number(delivery.id.0)
}

/// The rows of the alerts that wait for a recipient: when each is due, and its number, follow.
pub(in crate::store::embedded) fn alerts_line(to: &Recipient) -> Key {
    line(to, b"a")
}

fn line(to: &Recipient, what: &[u8; 1]) -> Key {
    let (kind, number) = match to {
        Recipient::Member(user) => (b"m", user.0),
        Recipient::Destination(place) => (b"d", place.0),
    };
    Key::of(Table::Due).bytes(kind).number(number).bytes(what)
}

/// When a delivery is due, and which, by the key of its row.
pub(in crate::store::embedded) fn due_of(key: &[u8]) -> Option<(i64, DeliveryId)> {
    let mut pieces = Pieces::of(key.get(DUE_LINE - 1..)?);
    Some((pieces.signed()?, DeliveryId(pieces.number()?)))
}

/// The key before which all rows are of the line in which `key` stands, or of earlier ones.
pub(in crate::store::embedded) fn behind_line(key: &[u8]) -> Vec<u8> {
    let line = key.iter().copied().take(DUE_LINE);
    // Behind a line there are a time and a number.
    line.chain([u8::MAX; 17]).collect()
}

/// Bytes of the key that say which line: table, whose, number, what.
const DUE_LINE: usize = 1 + 1 + 8 + 1;

/// The row that says that a delivery was given up.
pub(in crate::store::embedded) fn dead_key(id: DeliveryId) -> Key {
    Key::of(Table::DeadDelivery).number(id.0)
}

/// The row of a rule.
pub(in crate::store::embedded) fn rule_key(id: RuleId) -> Key {
    Key::of(Table::AlertRule).number(id.0)
}

/// The row of a place that can be told.
pub(in crate::store::embedded) fn destination_key(id: DestinationId) -> Key {
    Key::of(Table::Destination).number(id.0)
}

/// The row of how a destination fared.
pub(in crate::store::embedded) fn fared_key(id: DestinationId) -> Key {
    Key::of(Table::Fared).number(id.0)
}

/// The row of what a member wants to be told of.
pub(in crate::store::embedded) fn preferences_key(user: UserId) -> Key {
    Key::of(Table::Preferences).number(user.0)
}
