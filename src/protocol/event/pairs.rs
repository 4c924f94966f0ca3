//! Names with values, where the order counts and a name may come twice: query parameters, cookies,
//! headers.

use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::Value;

use super::read::{Place, collection_field, cut};

/// Most pairs of one list.
const MAX_PAIRS: usize = 250;
const NAME_CHARS: usize = 256;
const VALUE_CHARS: usize = 4096;

/// Names with values, in the order in which they were sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Pairs(Vec<(String, String)>);

collection_field!([] Pairs);

impl Pairs {
    /// A query: `a=1&b=2` (with or without `?`), an object, or a list of pairs.
    pub(super) fn query(value: Value, at: &mut Place) -> Option<Self> {
        Self::read(value, at, |text| {
            let decode = |text: &str| {
                percent_decode_str(&text.replace('+', " "))
                    .decode_utf8_lossy()
                    .into_owned()
            };
            let parts = text
                .strip_prefix('?')
                .unwrap_or(text)
                .split('&')
                .filter(|part| !part.is_empty());
            parts
                .map(|part| part.split_once('=').unwrap_or((part, "")))
                .map(|(name, value)| (decode(name), decode(value)))
                .collect()
        })
    }

    /// Cookies: `a=1; b=2`, an object, or a list of pairs.
    pub(super) fn cookies(value: Value, at: &mut Place) -> Option<Self> {
        Self::read(value, at, |text| {
            let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
            parts
                .map(|part| part.split_once('=').unwrap_or((part, "")))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect()
        })
    }

    /// Headers: an object or a list of pairs; a name is written with a capital after every hyphen.
    pub(super) fn headers(value: Value, at: &mut Place) -> Option<Self> {
        let mut headers = Self::read(value, at, |_| Vec::new())?;
        for (name, _) in &mut headers.0 {
            *name = title_case(name);
        }
        Some(headers)
    }

    fn read(value: Value, at: &mut Place, split: impl Fn(&str) -> Vec<(String, String)>) -> Option<Self> {
        let pairs: Vec<(String, String)> = match value {
            Value::String(text) => split(&text),
            Value::Object(map) => map
                .into_iter()
                .map(|(name, value)| (name, joined(value)))
                .collect(),
            Value::Array(list) => list.into_iter().filter_map(pair).collect(),
            _ => return at.invalid("expected names with values"),
        };
        if pairs.len() > MAX_PAIRS {
            at.limited(pairs.len());
        }
        let bounded = pairs.into_iter().take(MAX_PAIRS);
        Some(Self(
            bounded
                .map(|(name, value)| (cut(name, NAME_CHARS, at), cut(value, VALUE_CHARS, at)))
                .collect(),
        ))
    }

    /// The first value of a name, in any case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The names with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a name with its value at the end.
    pub fn push(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }

    /// Takes a name out, and answers its first value.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        let value = self.get(name).map(str::to_owned);
        self.0.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        value
    }
}

fn pair(value: Value) -> Option<(String, String)> {
    let Value::Array(parts) = value else { return None };
    let mut parts = parts.into_iter();
    let name = parts.next()?.as_str()?.to_owned();
    Some((name, joined(parts.next().unwrap_or_default())))
}

/// The text of a value; several values of one header are joined by commas.
fn joined(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        Value::Array(list) => list.into_iter().map(joined).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

fn title_case(name: &str) -> String {
    let mut start = true;
    name.chars()
        .map(|letter| {
            let written = if start {
                letter.to_ascii_uppercase()
            } else {
                letter
            };
            start = letter == '-';
            written
        })
        .collect()
}
