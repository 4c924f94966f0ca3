//! The index as it will be after the running commit: what was written so far, over what the tree holds.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Included, Unbounded};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::keys::{Key, KeyBytes, Table};
use super::roster::NewTag;
use super::rows;
use super::tree::Tree;
use crate::store::Result;

/// Rows to write (or, when none, to remove) by key, in order: a prefix is found without looking at all of them.
pub(in crate::store::embedded) type Rows = BTreeMap<KeyBytes, Option<Vec<u8>>>;

/// A key, and what stood at it in [`Rows`] before a change since the last savepoint.
type Undo = (KeyBytes, Option<Option<Vec<u8>>>);

/// Collects a commit's rows, each once however often it changes, and can take back what a refused command did.
pub(in crate::store::embedded) struct Overlay<'a> {
    tree: &'a Tree,
    rows: Rows,
    undo: Vec<Undo>,
    new_tags: Vec<NewTag>,
    /// How many of them there were at the savepoint.
    kept_tags: usize,
}

impl<'a> Overlay<'a> {
    /// Nothing written yet.
    pub(in crate::store::embedded) fn new(tree: &'a Tree) -> Self {
        Self {
            tree,
            rows: Rows::new(),
            undo: Vec::new(),
            new_tags: Vec::new(),
            kept_tags: 0,
        }
    }

    /// The row at `key`.
    pub(in crate::store::embedded) fn get<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>> {
        match self.rows.get(key.as_ref()) {
            Some(row) => row.as_deref().map(rows::decode).transpose(),
            None => self.tree.read(key),
        }
    }

    /// Whether there is a row at `key`.
    pub(in crate::store::embedded) fn has(&self, key: &Key) -> Result<bool> {
        match self.rows.get(key.as_ref()) {
            Some(row) => Ok(row.is_some()),
            None => self.tree.has(key),
        }
    }

    /// Writes a row.
    pub(in crate::store::embedded) fn put<T: Serialize>(&mut self, key: Key, value: &T) -> Result<()> {
        let value = rows::encode(value)?;
        self.set(key.into_bytes(), Some(value));
        Ok(())
    }

    /// Removes a row, if it is there.
    pub(in crate::store::embedded) fn remove(&mut self, key: Key) {
        self.set(key.into_bytes(), None);
    }

    /// Removes all rows that begin with `prefix`.
    pub(in crate::store::embedded) fn remove_all(&mut self, prefix: &Key) -> Result<()> {
        for (key, _) in self.scan(prefix, usize::MAX)? {
            self.set(key.as_slice().into(), None);
        }
        Ok(())
    }

    /// The first `limit` rows that begin with `prefix`, in order, as bytes.
    pub(in crate::store::embedded) fn scan(
        &self,
        prefix: &Key,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
        self.scan_behind(prefix, None, limit)
    }

    /// The same, of those behind a key that begins with it.
    pub(in crate::store::embedded) fn scan_behind(
        &self,
        prefix: &Key,
        behind: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
        let written = self
            .rows
            .range::<[u8], _>((behind.map_or(Included(prefix.as_ref()), Excluded), Unbounded))
            .take_while(|(key, _)| key.starts_with(prefix.as_ref()));
        let stored = self.tree.scan(prefix);
        let stored = match behind {
            Some(key) => stored.behind(key),
            None => stored,
        };
        let mut found = BTreeMap::new();
        for row in stored {
            if found.len() >= limit {
                break;
            }
            let (key, value) = row?;
            if !self.rows.contains_key(key.as_ref()) {
                found.insert(key.to_vec(), value.to_vec());
            }
        }
        for (key, value) in written {
            if let Some(value) = value {
                found.insert(key.to_vec(), value.clone());
            }
        }
        Ok(found.into_iter().take(limit).collect())
    }

    /// Notes that a tag is new to its issue, which no row says by itself.
    pub(in crate::store::embedded) fn note(&mut self, tag: NewTag) {
        self.new_tags.push(tag);
    }

    /// What was noted.
    pub(in crate::store::embedded) fn new_tags(&self) -> &[NewTag] {
        &self.new_tags
    }

    /// The keys of `table` that are written or removed.
    pub(in crate::store::embedded) fn changed(&self, table: Table) -> impl Iterator<Item = &[u8]> {
        let prefix = Key::of(table).into_bytes();
        let rows = self
            .rows
            .range::<[u8], _>((Included(prefix.as_slice()), Unbounded));
        rows.map(|(key, _)| key.as_slice())
            .take_while(move |key| key.starts_with(&prefix))
    }

    /// From here on [`Overlay::roll_back`] takes back.
    pub(in crate::store::embedded) fn savepoint(&mut self) {
        self.undo.clear();
        self.kept_tags = self.new_tags.len();
    }

    /// Takes everything back since the last savepoint.
    pub(in crate::store::embedded) fn roll_back(&mut self) {
        self.new_tags.truncate(self.kept_tags);
        for (key, before) in self.undo.drain(..).rev() {
            match before {
                Some(row) => self.rows.insert(key, row),
                None => self.rows.remove(&key),
            };
        }
    }

    /// What is written, or (when none) removed.
    pub(in crate::store::embedded) fn into_changes(self) -> Rows {
        self.rows
    }

    fn set(&mut self, key: KeyBytes, row: Option<Vec<u8>>) {
        let before = self.rows.insert(key.clone(), row);
        self.undo.push((key, before));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::embedded::index::keys::Table;
    use crate::store::embedded::index::tree::tests::temporary;

    fn write<T: Serialize>(tree: &Tree, key: Key, value: &T) {
        tree.apply([(key.into_bytes(), Some(rows::encode(value).unwrap()))]);
        tree.flush().unwrap();
    }

    fn row(number: u64) -> Key {
        Key::of(Table::User).number(number)
    }

    #[test]
    fn a_refused_command_leaves_what_others_wrote() {
        let (_directory, tree) = temporary();
        write(&tree, row(1), &"old");
        let mut overlay = Overlay::new(&tree);
        overlay.put(row(2), &"kept").unwrap();
        overlay.savepoint();
        overlay.put(row(2), &"refused").unwrap();
        overlay.put(row(2), &"refused again").unwrap();
        overlay.put(row(3), &"refused").unwrap();
        overlay.remove(row(1));
        overlay.roll_back();
        assert_eq!(overlay.get::<String>(&row(1)).unwrap().as_deref(), Some("old"));
        assert_eq!(overlay.get::<String>(&row(2)).unwrap().as_deref(), Some("kept"));
        assert!(!overlay.has(&row(3)).unwrap());
    }

    #[test]
    fn a_scan_sees_the_tree_and_what_was_written_over_it() {
        let (_directory, tree) = temporary();
        for number in 1..=3 {
            write(&tree, row(number), &number);
        }
        let mut overlay = Overlay::new(&tree);
        overlay.remove(row(1));
        overlay.put(row(2), &20_u64).unwrap();
        overlay.put(row(4), &4_u64).unwrap();
        let read = |limit| -> Vec<u64> {
            let rows = overlay.scan(&Key::of(Table::User), limit).unwrap();
            rows.iter()
                .map(|(_, value)| rows::decode(value).unwrap())
                .collect()
        };
        assert_eq!(read(9), [20, 3, 4]);
        assert_eq!(read(2), [20, 3]);
    }
}
