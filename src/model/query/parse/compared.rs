//! Values that are compared: numbers, times and releases.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::model::query::term::{Compare, Count, Seen, Test, Unit, When};
use crate::model::release::version::Version;

/// What `times_seen:>100`, `first_seen:-24h` or `age:+7d` asks for.
pub(super) fn read(key: &str, value: &str) -> Result<Test, String> {
    match key {
        "times_seen" | "timesSeen" => count(Count::Events, key, value),
        "users" => count(Count::Users, key, value),
        "last_seen" | "lastSeen" => seen(Seen::Last, value),
        "age" => age(value),
        _ => seen(Seen::First, value),
    }
}

/// What `release:>=2.1` asks for: no other tag's values have an order.
pub(super) fn release(key: &str, value: &str) -> Result<Test, String> {
    let (compare, version) = compare(value);
    match key {
        "release" if Version::parse(version).is_semver() => Ok(Test::Release(compare, version.to_owned())),
        "release" => Err(format!("expected a version such as 2.1 or shop@2.1.0, not \"{version}\"")),
        _ => Err(
            "numbers, times and releases are compared, tags are not; quote the value to search for it as it stands"
                .to_owned(),
        ),
    }
}

fn count(count: Count, key: &str, value: &str) -> Result<Test, String> {
    let (compare, number) = compare(value);
    match number.parse() {
        Ok(number) => Ok(Test::Count(count, compare, number)),
        Err(_) => Err(format!("expected a number, as in {key}:>100, not \"{number}\"")),
    }
}

fn seen(seen: Seen, value: &str) -> Result<Test, String> {
    let (compare, when) = match value.split_at_checked(1) {
        Some(("-", span)) => (Compare::AtLeast, ago(span)),
        Some(("+", span)) => (Compare::AtMost, ago(span)),
        _ => {
            let (compare, time) = compare(value);
            (compare, time_of(time))
        }
    };
    let when = when.ok_or_else(|| {
        format!(
            "expected -24h (since then), +7d (before that), or a date as in >=2026-01-31, not \"{value}\""
        )
    })?;
    Ok(Test::Seen {
        seen,
        compare,
        when,
        now: None,
    })
}

/// An age grows as the time at which it began lies further back.
fn age(value: &str) -> Result<Test, String> {
    let (compare, span) = match value.split_at_checked(1) {
        Some(("-", span)) => (Compare::AtLeast, span),
        Some(("+", span)) => (Compare::AtMost, span),
        _ => {
            let (compare, span) = compare(value);
            let compare = match compare {
                Compare::Less => Compare::More,
                Compare::AtMost => Compare::AtLeast,
                Compare::Equal => Compare::Equal,
                Compare::AtLeast => Compare::AtMost,
                Compare::More => Compare::Less,
            };
            (compare, span)
        }
    };
    let when = ago(span).filter(|_| compare != Compare::Equal);
    let when = when.ok_or_else(|| format!("expected -24h (younger), +7d (older) or >2w, not \"{value}\""))?;
    Ok(Test::Seen {
        seen: Seen::First,
        compare,
        when,
        now: None,
    })
}

/// How to compare, and with what.
fn compare(value: &str) -> (Compare, &str) {
    const SIGNS: [(&str, Compare); 4] = [
        (">=", Compare::AtLeast),
        ("<=", Compare::AtMost),
        (">", Compare::More),
        ("<", Compare::Less),
    ];
    let signs = SIGNS.into_iter();
    let mut read = signs.filter_map(|(sign, compare)| Some((compare, value.strip_prefix(sign)?)));
    read.next().unwrap_or((Compare::Equal, value))
}

/// `24h`: a number and the letter of a unit.
fn ago(span: &str) -> Option<When> {
    let mut read = Unit::ALL.into_iter();
    let (many, unit) = read.find_map(|(letter, unit)| Some((span.strip_suffix(letter)?, unit)))?;
    let is_number = many.bytes().all(|byte| byte.is_ascii_digit());
    Some(When::Ago(many.parse().ok().filter(|_| is_number)?, unit))
}

/// A day, or a time; of UTC, unless it says otherwise.
fn time_of(text: &str) -> Option<When> {
    let is_day = text.len() == "2026-01-31".len();
    if let Some(day) = text.parse::<Date>().ok().filter(|_| is_day) {
        return Some(When::Day(day));
    }
    let zoned = text.parse::<Timestamp>().ok();
    let plain = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
    Some(When::At(zoned.or_else(|| plain().map(|it| it.timestamp()))?))
}
