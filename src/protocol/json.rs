//! JSON as SDKs really write it.
//!
//! Strict first. When that fails, the known faults are repaired once and the text is read again:
//! `NaN` and `Infinity` (old Python clients), halves of surrogate pairs (JavaScript strings cut in
//! the middle of an emoji), raw control characters in strings, bytes that are not UTF-8, and numbers
//! that no double can hold (Python writes integers of any length), which become texts. Nesting deeper
//! than 128 levels is refused, which bounds every recursion over the result.

use serde::Deserialize;
use serde_json::Value;

/// The text is not JSON, even after the known repairs.
#[derive(Debug, thiserror::Error)]
#[error("invalid JSON: {0}")]
pub struct Error(#[from] serde_json::Error);

/// Reads one strict JSON text. To look once whether it is UTF-8 takes less time than to look at each string of it.
pub fn strict<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> serde_json::Result<T> {
    match std::str::from_utf8(bytes) {
        Ok(text) => serde_json::from_str(text),
        // It says where.
        Err(_) => serde_json::from_slice(bytes),
    }
}

/// Reads one JSON text; linear in its length.
pub fn read(bytes: &[u8]) -> Result<Value, Error> {
    strict(bytes).or_else(
        |strict| match serde_json::from_str(&repair(&String::from_utf8_lossy(bytes))) {
            Ok(value) => Ok(value),
            Err(_) => Err(Error(strict)),
        },
    )
}

/// Replaces what JSON does not allow but clients send. Leaves correct JSON as it is.
fn repair(text: &str) -> String {
    let mut repaired = String::with_capacity(text.len());
    let mut rest = text;
    let mut in_string = false;
    while let Some(character) = rest.chars().next() {
        let taken = match (in_string, character) {
            (true, '\\') => escape(rest, &mut repaired),
            (true, control) if control < ' ' => {
                repaired.push_str(&format!("\\u{:04x}", u32::from(control)));
                1
            }
            (false, 'N' | 'I') => number_word(rest, &mut repaired),
            (false, '-' | '0'..='9') => number(rest, &mut repaired),
            (_, other) => {
                in_string ^= other == '"';
                repaired.push(other);
                other.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    repaired
}

/// Copies one escape sequence, with a lone surrogate made the replacement character. Returns how
/// many bytes it read.
fn escape(rest: &str, repaired: &mut String) -> usize {
    let unit = |at: usize| {
        rest.get(at..at + 6)
            .filter(|text| text.starts_with("\\u"))
            .and_then(|text| u16::from_str_radix(&text[2..], 16).ok())
    };
    let (taken, lone) = match (unit(0), unit(6)) {
        (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (12, false),
        (Some(0xD800..=0xDFFF), _) => (6, true),
        _ => (1 + rest[1..].chars().next().map_or(0, char::len_utf8), false),
    };
    repaired.push_str(if lone { "\\ufffd" } else { &rest[..taken] });
    taken
}

/// Copies a number; one that is too large for a double as a text.
fn number(rest: &str, repaired: &mut String) -> usize {
    let is_part = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
    let length = rest.bytes().take_while(|byte| is_part(byte)).count();
    let text = &rest[..length];
    if text == "-" {
        return number_word(rest, repaired);
    }
    if text.parse().is_ok_and(f64::is_infinite) {
        repaired.push_str(&format!("\"{text}\""));
    } else {
        repaired.push_str(text);
    }
    length
}

/// Replaces the words that JavaScript and Python write for numbers that are none.
fn number_word(rest: &str, repaired: &mut String) -> usize {
    for word in ["NaN", "Infinity", "-Infinity", "-NaN"] {
        if rest.starts_with(word) {
            repaired.push_str("null");
            return word.len();
        }
    }
    repaired.push_str(&rest[..1]);
    1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn known_faults_are_repaired() {
        for (bytes, value) in [
            (
                &br#"{"a":NaN,"b":-Infinity,"c":[Infinity,-1],"d":"NaN \" Infinity"}"#[..],
                json!({"a": null, "b": null, "c": [null, -1], "d": "NaN \" Infinity"}),
            ),
            (
                br#"["\ud83d","\ud83d\ude00","\ude00 x","\ud83dx",NaN]"#,
                json!(["\u{fffd}", "😀", "\u{fffd} x", "\u{fffd}x", null]),
            ),
            (
                b"{\"a\":[1e400,-1E+999,1e-999,-2],\"b\":\"1e400\"}",
                json!({"a": ["1e400", "-1E+999", 0.0, -2], "b": "1e400"}),
            ),
            (b"[\"a\nb\tc\"]", json!(["a\nb\tc"])),
            (b"[\"\xff\xfe\"]", json!(["\u{fffd}\u{fffd}"])),
        ] {
            assert_eq!(read(bytes).unwrap(), value);
        }
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for bytes in [
            &b""[..],
            b"{",
            b"hello",
            b"{\"a\":\"\\",
            b"[\"\\ud83d",
            b"-",
            b"[Nope]",
        ] {
            assert!(read(bytes).is_err(), "{}", String::from_utf8_lossy(bytes));
        }
        let integer = "7".repeat(400);
        assert_eq!(read(integer.as_bytes()).unwrap(), json!(integer));
        assert!(read("[".repeat(10_000).as_bytes()).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }

        #[test]
        fn repair_leaves_json_as_it_is(texts in proptest::collection::vec(any::<String>(), 0..5)) {
            let json = serde_json::to_string(&json!({"values": texts, "number": -1.5})).unwrap();
            prop_assert_eq!(repair(&json), json);
        }
    }
}
