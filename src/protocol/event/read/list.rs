//! Readers of lists, plain or wrapped in `{"values": […]}`.

use std::ops::{Deref, DerefMut};

use serde::Serialize;
use serde_json::Value;

use super::Place;

/// A list that the wire wraps as `{"values": […]}`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Values<T> {
    /// The entries, in the order in which they were sent.
    pub values: Vec<T>,
}

impl<T> Default for Values<T> {
    fn default() -> Self {
        Self { values: Vec::new() }
    }
}

impl<T> Deref for Values<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.values
    }
}

impl<T> DerefMut for Values<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.values
    }
}

/// A list of at most `HEAD + TAIL` entries; of a longer one the middle is dropped. Null entries are
/// skipped, and so are those that make no sense.
pub(crate) fn list<T, const HEAD: usize, const TAIL: usize>(
    read: impl Fn(Value, &mut Place) -> Option<T>,
) -> impl Fn(Value, &mut Place) -> Option<Vec<T>> {
    move |value, at| match value {
        Value::Array(list) => Some(entries::<T, HEAD, TAIL>(list, &read, at)),
        _ => at.invalid("expected a list"),
    }
}

/// The same for a list that may be wrapped, or be a single entry without a list around it.
pub(crate) fn values<T, const HEAD: usize, const TAIL: usize>(
    read: impl Fn(Value, &mut Place) -> Option<T>,
) -> impl Fn(Value, &mut Place) -> Option<Values<T>> {
    move |value, at| {
        let list = match value {
            Value::Array(list) => list,
            Value::Object(mut map) => match map.remove("values") {
                Some(Value::Array(list)) => list,
                Some(Value::Null) => Vec::new(),
                Some(_) => return at.invalid("expected a list"),
                None if map.is_empty() => Vec::new(),
                None => vec![Value::Object(map)],
            },
            _ => return at.invalid("expected a list"),
        };
        let values = at.within("values", |at| entries::<T, HEAD, TAIL>(list, &read, at));
        Some(Values { values })
    }
}

fn entries<T, const HEAD: usize, const TAIL: usize>(
    mut list: Vec<Value>,
    read: impl Fn(Value, &mut Place) -> Option<T>,
    at: &mut Place,
) -> Vec<T> {
    if list.len() > HEAD + TAIL {
        at.limited(list.len());
        list.drain(HEAD..list.len() - TAIL);
    }
    let entries = list.into_iter().enumerate().filter(|(_, value)| !value.is_null());
    entries
        .filter_map(|(index, value)| at.within(&index.to_string(), |at| read(value, at)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::integer;
    use super::*;
    use serde_json::json;

    #[test]
    fn all_shapes_of_a_list_are_read() {
        let mut at = Place::default();
        for (value, expected) in [
            (json!([1, null, 2]), vec![1, 2]),
            (json!({"values": [1, "x", 2]}), vec![1, 2]),
            (json!({"values": null}), vec![]),
            (json!({}), vec![]),
            (json!([1, 2, 3, 4, 5]), vec![1, 4, 5]),
        ] {
            assert_eq!(
                values::<_, 1, 2>(integer)(value, &mut at).unwrap().values,
                expected
            );
        }
        assert!(values::<_, 1, 2>(integer)(json!("x"), &mut at).is_none());
    }
}
