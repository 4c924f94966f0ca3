//! What is new to an issue: asked before its events are applied, of those that are not in the sample.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jiff::Timestamp;

use super::keys::{Key, Table, hash_key};
use super::overlay::Overlay;
use crate::model::tags::is_counted;
use crate::model::{EventRecord, GroupHash, Part, PartId, TagKey};
use crate::protocol::ids::ProjectId;
use crate::store::Result;

/// What tells which events are one: the hash by which they go.
pub(in crate::store::embedded) type Lane = (ProjectId, GroupHash);

/// The lane of an event. Digest gives every one a hash.
pub(in crate::store::embedded) fn lane(event: &EventRecord) -> Lane {
    let hash = event.hashes.first().copied();
    (event.project, hash.unwrap_or(GroupHash([0; 16])))
}

/// What is known of the events of a command.
pub(in crate::store::embedded) struct Novelty<'a, 'b> {
    overlay: &'a Overlay<'b>,
    lanes: HashMap<Lane, Known>,
}

/// What is known of a part, and what the command brings.
#[derive(Default)]
struct Known {
    part: Option<PartId>,
    /// Its latest event.
    last_seen: Option<Timestamp>,
    keys: Vec<String>,
    tags: HashMap<String, TagKey>,
}

impl<'a, 'b> Novelty<'a, 'b> {
    pub(in crate::store::embedded) fn new(overlay: &'a Overlay<'b>) -> Self {
        let lanes = HashMap::new();
        Self { overlay, lanes }
    }

    /// Whether it is the first event of its issue, or has a tag that no other one of its part has. Asked again of the same
    /// event, it is not. A tag that is not told apart, since there are too many, is not new.
    pub(in crate::store::embedded) fn is_novel(&mut self, event: &EventRecord) -> Result<bool> {
        let overlay = self.overlay;
        let known = self.known(event)?;
        let mut is_novel = known.part.is_none() && known.last_seen.is_none();
        known.last_seen.get_or_insert(event.timestamp);
        for (key, value) in &event.tags {
            if !is_counted(key, &known.keys) {
                continue;
            }
            if !known.tags.contains_key(key) {
                let row = known.part.map(|part| {
                    let row = Key::of(Table::Tag).number(part.0).bytes(key.as_bytes());
                    overlay.get::<TagKey>(&row)
                });
                let row = row.transpose()?.flatten();
                known.tags.insert(key.clone(), row.unwrap_or_default());
            }
            if let Some(tag) = known.tags.get_mut(key)
                && tag.lacks(value)
            {
                tag.add(value, event.timestamp);
                is_novel = true;
                if !known.keys.contains(key) {
                    known.keys.push(key.clone());
                }
            }
        }
        Ok(is_novel)
    }

    /// Whether no event of its part happened later, of those before the command.
    pub(in crate::store::embedded) fn is_latest(&mut self, event: &EventRecord) -> Result<bool> {
        let known = self.known(event)?;
        Ok(known.last_seen.is_none_or(|last| last <= event.timestamp))
    }

    /// What is known of the part to which the event's hashes lead.
    fn known(&mut self, event: &EventRecord) -> Result<&mut Known> {
        let vacant = match self.lanes.entry(lane(event)) {
            Entry::Occupied(known) => return Ok(known.into_mut()),
            Entry::Vacant(vacant) => vacant,
        };
        let mut known = Known::default();
        for &hash in &event.hashes {
            if let Some(id) = self.overlay.get::<PartId>(&hash_key(event.project, hash))? {
                let part: Option<Part> = self.overlay.get(&Key::of(Table::Part).number(id.0))?;
                known.keys = self
                    .overlay
                    .get(&Key::of(Table::Tag).number(id.0))?
                    .unwrap_or_default();
                known.last_seen = part.map(|part| part.seen.last_seen);
                known.part = Some(id);
                break;
            }
        }
        Ok(vacant.insert(known))
    }
}
