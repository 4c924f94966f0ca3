//! Free-form data, kept within bounds of depth and size.
//!
//! Objects and lists that are nested too deeply become their JSON text, long texts are cut, and what
//! does not fit into the bytes that are left is dropped. Whatever was pruned once fits the next time.

use serde_json::{Map, Value};

use super::{Place, RemarkKind, cut};

/// Longest single text, in characters.
const TEXT_CHARS: usize = 16 * 1024;
/// Longest key, in characters.
const KEY_CHARS: usize = 200;
/// Bytes of a number, or of the punctuation around a value.
const SMALL: usize = 8;

/// An object of at most `DEPTH` levels and about `BYTES` bytes. A list becomes an object by index.
pub(crate) fn bag<const DEPTH: usize, const BYTES: usize>(
    value: Value,
    at: &mut Place,
) -> Option<Map<String, Value>> {
    let map = match value {
        Value::Array(list) => list
            .into_iter()
            .enumerate()
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        other => at.map(other)?,
    };
    Some(Pruner { left: BYTES, at }.map(map, DEPTH))
}

/// Any value of at most `DEPTH` levels and about `BYTES` bytes.
pub(crate) fn any<const DEPTH: usize, const BYTES: usize>(value: Value, at: &mut Place) -> Option<Value> {
    Pruner { left: BYTES, at }.value(value, DEPTH)
}

struct Pruner<'a> {
    left: usize,
    at: &'a mut Place,
}

impl Pruner<'_> {
    fn within<T>(&mut self, step: &str, prune: impl FnOnce(&mut Pruner<'_>) -> T) -> T {
        let left = &mut self.left;
        self.at.within(step, |at| {
            let mut inner = Pruner { left: *left, at };
            let result = prune(&mut inner);
            *left = inner.left;
            result
        })
    }

    fn value(&mut self, value: Value, depth: usize) -> Option<Value> {
        match value {
            Value::String(text) => self.text(text).map(Value::String),
            Value::Array(list) if !list.is_empty() && depth > 0 => {
                self.pay(SMALL)?;
                Some(Value::Array(self.list(list, depth)))
            }
            Value::Object(map) if !map.is_empty() && depth > 0 => {
                self.pay(SMALL)?;
                Some(Value::Object(self.map(map, depth)))
            }
            Value::Array(ref list) if !list.is_empty() => self.flattened(&value),
            Value::Object(ref map) if !map.is_empty() => self.flattened(&value),
            small => self.pay(SMALL).map(|()| small),
        }
    }

    fn flattened(&mut self, value: &Value) -> Option<Value> {
        self.at.remark(RemarkKind::Limit, "nested too deeply", None);
        self.text(value.to_string()).map(Value::String)
    }

    fn list(&mut self, list: Vec<Value>, depth: usize) -> Vec<Value> {
        let mut kept = Vec::new();
        for (index, value) in list.into_iter().enumerate() {
            kept.extend(self.within(&index.to_string(), |pruner| pruner.value(value, depth - 1)));
        }
        kept
    }

    fn map(&mut self, map: Map<String, Value>, depth: usize) -> Map<String, Value> {
        let mut kept = Map::new();
        for (key, value) in map {
            let key = cut(key, KEY_CHARS, self.at);
            let value = self.within(&key, |pruner| {
                pruner.pay(key.len())?;
                pruner.value(value, depth.saturating_sub(1))
            });
            kept.extend(value.map(|value| (key, value)));
        }
        kept
    }

    fn text(&mut self, text: String) -> Option<String> {
        let mut text = cut(text, TEXT_CHARS, self.at);
        if text.len() + SMALL > self.left {
            let length = text.chars().count();
            self.at.limited(length);
            text.truncate(text.floor_char_boundary(self.left.saturating_sub(SMALL)));
            if text.is_empty() {
                self.left = 0;
                return None;
            }
        }
        self.left -= text.len() + SMALL;
        Some(text)
    }

    /// Takes from the bytes that are left. Once something does not fit, nothing after it does: the
    /// next reading would otherwise come to another result.
    fn pay(&mut self, bytes: usize) -> Option<()> {
        match self.left.checked_sub(bytes) {
            Some(left) => {
                self.left = left;
                Some(())
            }
            None => {
                self.at.remark(RemarkKind::Limit, "no room left", None);
                self.left = 0;
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pruned<const DEPTH: usize, const BYTES: usize>(value: Value) -> Value {
        bag::<DEPTH, BYTES>(value, &mut Place::default()).map_or(Value::Null, Value::Object)
    }

    #[test]
    fn deep_values_become_text() {
        let value = json!({"a": {"b": {"c": [1, {"d": 2}], "e": []}}});
        assert_eq!(
            pruned::<3, 1000>(value.clone()),
            json!({"a": {"b": {"c": "[1,{\"d\":2}]", "e": []}}})
        );
        assert_eq!(pruned::<9, 1000>(value.clone()), value);
    }

    #[test]
    fn what_does_not_fit_is_cut_or_dropped() {
        let kept = pruned::<3, 40>(json!({"a": "0123456789", "b": "0123456789", "c": "0123456789", "d": 1}));
        assert_eq!(kept, json!({"a": "0123456789", "b": "0123456789"}));
    }

    #[test]
    fn lists_become_objects_and_scalars_are_refused() {
        assert_eq!(pruned::<3, 100>(json!(["x", 1])), json!({"0": "x", "1": 1}));
        assert_eq!(pruned::<3, 100>(json!("x")), Value::Null);
    }
}
