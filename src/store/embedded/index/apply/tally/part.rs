//! A part while a command runs: its row, users, hours and tags.

use std::collections::HashMap;

use super::hours::Hours;
use crate::model::event::EventRecord;
use crate::model::tags::is_counted;
use crate::model::{Part, PartId, TagKey, TagPrint};
use crate::store::Result;
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::roster::NewTag;
use crate::store::embedded::index::sketch::Sketch;

/// A part with all that is counted of it.
pub(super) struct OpenPart {
    pub(super) part: Part,
    users: Sketch,
    hours: Hours,
    tag_keys: TagKeys,
    tags: HashMap<String, TagKey>,
}

/// The tag keys of a part that are counted.
#[derive(Default)]
struct TagKeys {
    known: Vec<String>,
    is_changed: bool,
}

impl TagKeys {
    /// Whether `key` is counted: when it is known, or there is room for it.
    fn admit(&mut self, key: &str) -> bool {
        if !is_counted(key, &self.known) {
            return false;
        }
        if !self.known.iter().any(|known| known == key) {
            self.known.push(key.to_owned());
            self.is_changed = true;
        }
        true
    }
}

impl OpenPart {
    /// A new part.
    pub(super) fn new(part: Part) -> Self {
        Self {
            part,
            users: Sketch::default(),
            hours: Hours::default(),
            tag_keys: TagKeys::default(),
            tags: HashMap::new(),
        }
    }

    /// A part that has counted before.
    pub(super) fn read(part: Part, overlay: &Overlay<'_>) -> Result<Self> {
        let id = part.id.0;
        let mut open = Self::new(part);
        open.users = overlay
            .get(&Key::of(Table::Users).number(id))?
            .unwrap_or_default();
        open.tag_keys.known = overlay.get(&Key::of(Table::Tag).number(id))?.unwrap_or_default();
        Ok(open)
    }

    /// How many users it has.
    pub(super) fn users(&self) -> u64 {
        self.users.estimate()
    }

    /// Counts an event.
    pub(super) fn see(&mut self, event: &EventRecord, overlay: &mut Overlay<'_>) -> Result<()> {
        if let Some(user) = &event.user {
            self.users.insert(user);
        }
        self.part.seen.see(event);
        self.hours.count(event.timestamp);
        for (key, value) in &event.tags {
            if !self.tag_keys.admit(key) {
                continue;
            }
            if !self.tags.contains_key(key) {
                let row = overlay.get(&tag_key(self.part.id, key))?;
                if row.is_none() {
                    overlay.note(self.new_tag(TagPrint::key(key)));
                }
                self.tags.insert(key.clone(), row.unwrap_or_default());
            }
            if let Some(tag) = self.tags.get_mut(key) {
                let known = tag.values.len();
                tag.add(value, event.timestamp);
                if tag.values.len() > known {
                    overlay.note(self.new_tag(TagPrint::value(key, value)));
                }
            }
        }
        Ok(())
    }

    fn new_tag(&self, print: TagPrint) -> NewTag {
        NewTag {
            project: self.part.project,
            issue: self.part.issue,
            print,
        }
    }

    /// An event that was counted is not kept, and its id only for as long as clients may repeat it.
    pub(super) fn bare(&mut self) {
        self.part.seen.bare += 1;
        self.part.forgotten += 1;
    }

    /// Takes an event out of the counts. What cannot be taken back stays until the last one goes.
    pub(super) fn unsee(&mut self, event: &EventRecord) {
        self.part.seen.times_seen = self.part.seen.times_seen.saturating_sub(1);
        self.hours.uncount(event.timestamp);
    }

    /// Writes its rows.
    pub(super) fn write(self, overlay: &mut Overlay<'_>) -> Result<()> {
        let id = self.part.id;
        for (key, tag) in &self.tags {
            overlay.put(tag_key(id, key), tag)?;
        }
        if self.tag_keys.is_changed {
            overlay.put(Key::of(Table::Tag).number(id.0), &self.tag_keys.known)?;
        }
        if self.users.is_changed() {
            overlay.put(Key::of(Table::Users).number(id.0), &self.users)?;
        }
        self.hours
            .write(&Key::of(Table::PartHours).number(id.0), overlay)?;
        overlay.put(Key::of(Table::Part).number(id.0), &self.part)
    }
}

/// The row of a part's tag key.
fn tag_key(part: PartId, key: &str) -> Key {
    Key::of(Table::Tag).number(part.0).bytes(key.as_bytes())
}
