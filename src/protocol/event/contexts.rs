//! Contexts: what surrounds an event. Each is a free-form object with a name.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::read::{Place, bag, collection_field, cut};

/// Most contexts of one event.
const MAX_CONTEXTS: usize = 100;

/// Contexts by name. What a context is, its `type` says, else its name.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(transparent)]
pub struct Contexts(BTreeMap<String, Map<String, Value>>);

collection_field!([] Contexts);

impl Contexts {
    pub(super) fn read(value: Value, at: &mut Place) -> Option<Self> {
        let map = at.map(value)?;
        if map.len() > MAX_CONTEXTS {
            at.limited(map.len());
        }
        let mut contexts = BTreeMap::new();
        for (name, value) in map
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .take(MAX_CONTEXTS)
        {
            let context = at.within(&name, |at| bag::<7, { 32 * 1024 }>(value, at));
            contexts.extend(context.map(|context| (cut(name, 128, at), context)));
        }
        Some(Self(contexts))
    }

    /// The context of a type: the one of that name, else the first that says so (sentry-rust calls its
    /// runtime `rust`).
    pub fn get(&self, ty: &str) -> Option<&Map<String, Value>> {
        let says_so = |context: &&Map<String, Value>| context.get("type").and_then(Value::as_str) == Some(ty);
        self.0.get(ty).or_else(|| self.0.values().find(says_so))
    }

    /// A text of the context of a type, without white space around it.
    pub fn text(&self, ty: &str, key: &str) -> Option<&str> {
        self.get(ty)?
            .get(key)?
            .as_str()
            .map(str::trim)
            .filter(|text| !text.is_empty())
    }

    /// Adds a context unless there is one of the type.
    pub fn set_default(&mut self, ty: &str, context: Map<String, Value>) {
        if self.get(ty).is_none() {
            self.0.insert(ty.to_owned(), context);
        }
    }

    /// The contexts by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Map<String, Value>)> {
        self.0.iter().map(|(name, context)| (name.as_str(), context))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
