//! Tags: short labels that can be searched.

use serde::Serialize;
use serde_json::Value;

use super::fields::whole;
use super::read::{Place, collection_field, scalar_text};

/// Most tags of one event.
const MAX_TAGS: usize = 250;
/// Longest key and longest value, in characters.
const MAX_CHARS: usize = 200;
/// Names of members of the event, or of what is computed from it: a client cannot set them.
const RESERVED: &[&str] = &["release", "dist", "user", "filename", "function"];

/// Labels in the order in which they were sent; each key is there once.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Tags(Vec<(String, String)>);

collection_field!([] Tags);

impl Tags {
    /// Reads an object or a list of pairs. A bad tag is dropped alone; of equal keys the first counts.
    pub(super) fn read(value: Value, at: &mut Place) -> Option<Self> {
        let pairs: Vec<(Value, Value)> = match value {
            Value::Object(map) => map
                .into_iter()
                .map(|(key, value)| (Value::String(key), value))
                .collect(),
            Value::Array(list) => list.into_iter().filter_map(pair).collect(),
            _ => return at.invalid("expected tags"),
        };
        if pairs.len() > MAX_TAGS {
            at.limited(pairs.len());
        }
        let mut tags = Self::default();
        for (key, value) in pairs
            .into_iter()
            .take(MAX_TAGS)
            .filter(|(key, value)| !key.is_null() && !value.is_null())
        {
            match (read_key(&key), read_value(&value)) {
                (Some(key), _) if RESERVED.contains(&key.as_str()) => {}
                (Some(key), Some(value)) => tags.set_default(&key, &value),
                _ => {
                    let step = scalar_text(&key).unwrap_or_default();
                    at.within(&step, |at| at.invalid::<()>("not a valid tag"));
                }
            }
        }
        Some(tags)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.iter()
            .find(|(known, _)| *known == key)
            .map(|(_, value)| value)
    }

    /// The keys with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets a key, whatever it was before. The value is made to fit: one line of 200 characters.
    pub fn set(&mut self, key: &str, value: &str) {
        self.remove(key);
        self.set_default(key, value);
    }

    /// Sets a key unless it has a value.
    pub fn set_default(&mut self, key: &str, value: &str) {
        let line = value.trim().lines().next().unwrap_or_default();
        let value: String = line.chars().take(MAX_CHARS).collect();
        let value = value.trim();
        if !value.is_empty() && self.get(key).is_none() {
            self.0.push((key.to_owned(), value.to_owned()));
        }
    }

    /// Takes a key out, and answers its value.
    pub fn remove(&mut self, key: &str) -> Option<String> {
        let index = self.0.iter().position(|(known, _)| known == key)?;
        Some(self.0.remove(index).1)
    }
}

fn pair(value: Value) -> Option<(Value, Value)> {
    let Value::Array(parts) = value else { return None };
    <[Value; 2]>::try_from(parts).ok().map(Into::into)
}

/// At most 200 letters, digits, `_`, `.`, `:` and `-`; spaces become hyphens.
fn read_key(key: &Value) -> Option<String> {
    let key = key.as_str()?.trim().replace(' ', "-");
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'-');
    (!key.is_empty() && key.len() <= MAX_CHARS && key.bytes().all(allowed)).then_some(key)
}

/// One line of at most 200 characters. Booleans and numbers are written as Python does.
fn read_value(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) if number.is_f64() => whole(number.as_f64()?),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty() && text.chars().count() <= MAX_CHARS && !text.contains(['\n', '\r'])).then_some(text)
}
