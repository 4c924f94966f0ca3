//! Points in time in every form that SDKs write.
//!
//! Numbers are seconds since 1970, whole or not. Texts are RFC 3339 with `Z`, with an offset, or
//! without a zone, which then is UTC (raven); fractions have up to nine digits (Go) or more. This
//! module reads; it does not judge whether a time is plausible.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

/// Nanoseconds are the finest that a timestamp holds.
const FRACTION_DIGITS: usize = 9;

/// The point in time that a JSON value means, if it means one.
pub fn read(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Number(number) => number.as_i64().map_or_else(
            || from_seconds(number.as_f64()?),
            |whole| Timestamp::from_second(whole).ok(),
        ),
        Value::String(text) => from_text(text),
        _ => None,
    }
}

/// Seconds as a float. Kept to microseconds: a 64-bit float around today's date holds no more, and
/// the rest would be noise.
fn from_seconds(seconds: f64) -> Option<Timestamp> {
    const LIMIT: f64 = 4e11;
    if !(-LIMIT..LIMIT).contains(&seconds) {
        return None;
    }
    Timestamp::from_microsecond((seconds * 1e6).round() as i64).ok()
}

/// The point in time that a text means, if it means one.
pub fn from_text(text: &str) -> Option<Timestamp> {
    let text = cut_fraction(text.trim());
    if let Ok(timestamp) = text.parse() {
        return Some(timestamp);
    }
    if let Ok(civil) = text.parse::<DateTime>() {
        return civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    }
    text.parse().ok().and_then(from_seconds)
}

/// Drops the digits of a fraction that are finer than a nanosecond.
fn cut_fraction(text: &str) -> String {
    let Some((head, tail)) = text.split_once('.') else {
        return text.to_owned();
    };
    let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
    let (fraction, zone) = tail.split_at(digits);
    format!("{head}.{}{zone}", &fraction[..digits.min(FRACTION_DIGITS)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_form_is_the_same_moment() {
        let moment: Timestamp = "2026-11-21T00:14:00.5Z".parse().unwrap();
        for value in [
            json!("2026-11-21T00:14:00.5Z"),
            json!("2026-11-21T00:14:00.500000"),
            json!("2026-11-21T02:14:00.500000000+02:00"),
            json!("2026-11-21T00:14:00.5000000000000Z"),
            json!("2026-11-21 00:14:00.5"),
            json!(1_795_220_040.5),
            json!("1795220040.5"),
        ] {
            assert_eq!(read(&value), Some(moment), "{value}");
        }
        assert_eq!(read(&json!(1_795_220_040)), read(&json!("2026-11-21T00:14:00")));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for value in [
            json!(null),
            json!("yesterday"),
            json!(""),
            json!(1e300),
            json!(true),
            json!(u64::MAX),
            json!("12:00."),
        ] {
            assert_eq!(read(&value), None, "{value}");
        }
    }
}
