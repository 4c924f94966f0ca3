//! Readers of single values: texts, numbers, times, addresses.

use jiff::Timestamp;
use serde_json::Value;

use super::Place;
use crate::protocol::timestamp as time;

const ELLIPSIS: &str = "...";

/// A text of at most `N` characters; longer ones are cut.
pub(crate) fn text<const N: usize>(value: Value, at: &mut Place) -> Option<String> {
    match value {
        Value::String(text) => Some(cut(text, N, at)),
        _ => at.invalid("expected a text"),
    }
}

/// A text, or a number or boolean that should have been one.
pub(crate) fn scalar<const N: usize>(value: Value, at: &mut Place) -> Option<String> {
    match scalar_text(&value) {
        Some(text) => Some(cut(text, N, at)),
        None => at.invalid("expected a text or a number"),
    }
}

/// The text of a value that is a text, a number or a boolean.
pub(crate) fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(boolean) => Some(boolean.to_string()),
        _ => None,
    }
}

/// A text, or the JSON of whatever was sent instead.
pub(crate) fn json_text<const N: usize>(value: Value, at: &mut Place) -> Option<String> {
    let text = match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    Some(cut(text, N, at))
}

/// Cuts a text to `limit` characters with an ellipsis at the end, and remarks on it.
pub(crate) fn cut(mut text: String, limit: usize, at: &mut Place) -> String {
    if text.len() <= limit {
        return text;
    }
    let kept = limit.saturating_sub(ELLIPSIS.len());
    let length = text.chars().count();
    if length > limit {
        at.limited(length);
        let end = text.char_indices().nth(kept).map_or(text.len(), |(end, _)| end);
        text.truncate(end);
        text.push_str(ELLIPSIS);
    }
    text
}

/// A boolean.
pub(crate) fn boolean(value: Value, at: &mut Place) -> Option<bool> {
    match value {
        Value::Bool(boolean) => Some(boolean),
        Value::String(text) if text == "true" => Some(true),
        Value::String(text) if text == "false" => Some(false),
        _ => at.invalid("expected true or false"),
    }
}

/// A whole number that is not negative, also as a text or with a fraction of zero.
pub(crate) fn integer(value: Value, at: &mut Place) -> Option<u64> {
    let whole = |number: f64| {
        (number >= 0.0 && number <= 2_f64.powi(53) && number.fract() == 0.0).then_some(number as u64)
    };
    let number = match &value {
        Value::Number(number) => number.as_u64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.or_else(|| at.invalid("expected a whole number"))
}

/// A point in time, in any form of [`crate::protocol::timestamp`].
pub(crate) fn timestamp(value: Value, at: &mut Place) -> Option<Timestamp> {
    time::read(&value).or_else(|| at.invalid("expected a timestamp"))
}

/// An address in memory: a hexadecimal or decimal text, or a number. Kept as `0x…`.
pub(crate) fn address(value: Value, at: &mut Place) -> Option<String> {
    let address = match &value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            Some(digits) => u64::from_str_radix(digits, 16).ok(),
            None => text.parse().ok(),
        },
        _ => None,
    };
    match address {
        Some(address) => Some(format!("{address:#x}")),
        None => at.invalid("expected an address"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_are_cut_by_characters() {
        let mut at = Place::default();
        assert_eq!(text::<5>(json!("äöüßé"), &mut at).as_deref(), Some("äöüßé"));
        assert_eq!(text::<5>(json!("äöüßéx"), &mut at).as_deref(), Some("äö..."));
        assert_eq!(at.into_remarks(vec![])[0].length, Some(6));
    }

    #[test]
    fn addresses_have_one_form() {
        let mut at = Place::default();
        for value in [json!("0x1F"), json!("31"), json!(31)] {
            assert_eq!(address(value, &mut at).as_deref(), Some("0x1f"));
        }
        assert_eq!(address(json!("0x"), &mut at), None);
    }

    #[test]
    fn whole_numbers_are_understood_in_disguise() {
        let mut at = Place::default();
        for value in [json!(7), json!(7.0), json!("7")] {
            assert_eq!(integer(value, &mut at), Some(7));
        }
        for value in [json!(-1), json!(7.5), json!("seven"), json!(1e300), json!([])] {
            assert_eq!(integer(value, &mut at), None);
        }
    }
}
