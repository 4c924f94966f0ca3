//! Readers of members of the top level that have rules of their own.

use std::collections::BTreeMap;

use serde_json::Value;

use super::read::{Place, collection_field, cut, list, scalar, scalar_text, text};
use crate::protocol::ids::EventId;
use crate::protocol::level::Level;
use crate::protocol::name;

/// Entries and bytes of the list of installed packages.
const MAX_MODULES: usize = 2000;

collection_field!([] BTreeMap<String, String>);

/// An event id.
pub(super) fn event_id(value: Value, at: &mut Place) -> Option<EventId> {
    value
        .as_str()
        .and_then(|text| text.parse().ok())
        .or_else(|| at.invalid("expected an event id"))
}

/// A level by name, or a number of Python's `logging`.
pub(super) fn level(value: Value, at: &mut Place) -> Option<Level> {
    let name = scalar_text(&value).unwrap_or_default();
    name.trim()
        .parse()
        .ok()
        .or_else(|| at.invalid("expected a level"))
}

/// A text without white space around it; nothing, if that is all it was.
pub(super) fn trimmed<const N: usize>(value: Value, at: &mut Place) -> Option<String> {
    let text = text::<N>(value, at)?;
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// A text of one line.
pub(super) fn single_line<const N: usize>(value: Value, at: &mut Place) -> Option<String> {
    let text = trimmed::<N>(value, at)?;
    if text.contains(['\r', '\n']) {
        return at.invalid("expected a single line");
    }
    Some(text)
}

/// A version, as [`name::release`] reads it.
pub(super) fn release(value: Value, at: &mut Place) -> Option<String> {
    named(value, name::release, at)
}

/// An environment, as [`name::environment`] reads it.
pub(super) fn environment(value: Value, at: &mut Place) -> Option<String> {
    named(value, name::environment, at)
}

fn named(
    value: Value,
    read: impl Fn(&str) -> Result<Option<&str>, name::Error>,
    at: &mut Place,
) -> Option<String> {
    let Some(text) = scalar_text(&value) else {
        return at.invalid("expected a text");
    };
    match read(&text) {
        Ok(name) => name.map(str::to_owned),
        Err(_) => at.invalid("not a valid name"),
    }
}

/// A build: at most 64 letters, digits, `_`, `.` and `-`.
pub(super) fn dist(value: Value, at: &mut Place) -> Option<String> {
    let Some(text) = scalar_text(&value) else {
        return at.invalid("expected a text");
    };
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    if text.len() > 64 || !text.bytes().all(allowed) {
        return at.invalid("not a valid build");
    }
    Some(text.to_owned())
}

/// Package names and versions. An empty name is dropped: sentry-go sends `{"":""}`.
pub(super) fn modules(value: Value, at: &mut Place) -> Option<BTreeMap<String, String>> {
    let map = at.map(value)?;
    if map.len() > MAX_MODULES {
        at.limited(map.len());
    }
    let mut modules = BTreeMap::new();
    for (name, version) in map
        .into_iter()
        .filter(|(name, _)| !name.is_empty())
        .take(MAX_MODULES)
    {
        let version = match version {
            Value::Null => Some(String::new()),
            version => at.within(&name, |at| scalar::<128>(version, at)),
        };
        modules.extend(version.map(|version| (cut(name, 128, at), version)));
    }
    Some(modules)
}

/// Parts of a fingerprint. Numbers and booleans are written as Python does, nulls are skipped.
pub(super) fn fingerprint(value: Value, at: &mut Place) -> Option<Vec<String>> {
    list::<_, 0, 64>(|value, at| match value {
        Value::String(_) => text::<1024>(value, at),
        Value::Number(number) => Some(
            number
                .as_f64()
                .filter(|_| number.is_f64())
                .map_or_else(|| number.to_string(), whole),
        ),
        Value::Bool(boolean) => Some(if boolean { "True" } else { "False" }.to_owned()),
        _ => at.invalid("expected a text"),
    })(value, at)
}

/// A float without its fraction.
pub(super) fn whole(number: f64) -> String {
    format!("{:.0}", number.trunc())
}
