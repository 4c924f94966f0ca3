//! Dates, times of day and durations.

use super::scan::{decimal, digits, ends_word, fits, letters, run};
use super::{Shape, shape};

/// The forms of a day, those with more in them first; see [`fits`] for the letters.
const DAYS: &[&str] = &[
    "dddd-dd-dd",
    "dddd/dd/dd",
    "dddd.dd.dd",
    "dd/A/dddd",
    "dd-A-dddd",
    "dd-A-dd",
    "dd/dd/dddd",
    "dd.dd.dddd",
    "dd-dd-dddd",
    "A, dd A dddd",
    "A, d A dddd",
    "A A dd dddd",
    "A A d dddd",
    "A A dd",
    "A A  d",
    "A A d",
    "dd A dddd",
    "d A dddd",
    "A dd, dddd",
    "A d, dddd",
    "A dd dddd",
    "A dd",
    "A  d",
    "A d",
];

const MONTHS: &[&str] = &[
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const LONG_MONTHS: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: &[&str] = &["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A day, with or without the time after it.
pub(super) fn date(_: &str, rest: &str) -> Option<Shape> {
    if !rest
        .starts_with(|letter: char| letter.is_ascii_digit() || letter.is_ascii_uppercase() || letter == 'd')
    {
        return None;
    }
    if let Some(length) = compact(rest).or_else(|| python(rest)) {
        return shape("date", length);
    }
    if let Some(length) = long_month(rest) {
        return shape("date", with_time(rest, length));
    }
    let start = long_weekday(rest);
    let (form, day) = DAYS
        .iter()
        .find_map(|form| Some((form, start + fits(&rest[start..], form)?)))?;
    if form.contains('A') && !has_names(&rest[start..day]) {
        return None;
    }
    let length = with_time(rest, day);
    // A month and a day may be anything; with a time after them they are not.
    let is_vague = !form.contains("dddd") && *form != "dd-A-dd";
    (ends_word(rest, length) && (!is_vague || length > day)).then_some(Shape { kind: "date", length })
}

/// `22:16:36.123+02:00`, `11:21PM`, `9:05`.
pub(super) fn clock(_: &str, rest: &str) -> Option<Shape> {
    shape("date", time(rest)?)
}

/// `20240220T221636Z`.
fn compact(rest: &str) -> Option<usize> {
    let length = fits(rest, "ddddddddTdddddd")?;
    let fraction = fraction(&rest[length..]);
    let length = length + fraction;
    Some(length + zone(&rest[length..]))
}

/// `datetime.datetime(2024, 2, 20, tzinfo=…)`.
fn python(rest: &str) -> Option<usize> {
    let start = ["datetime.datetime(", "datetime.date("]
        .iter()
        .find(|start| rest.starts_with(**start))?;
    let inner = &rest[start.len()..];
    let end = inner[..inner.floor_char_boundary(128)].find(')')?;
    // Zones are calls themselves.
    let end = if inner[..end].contains('(') && inner[end..].starts_with("))") {
        end + 1
    } else {
        end
    };
    Some(start.len() + end + 1)
}

/// The length of a weekday that is written out, with what separates it from the rest.
fn long_weekday(rest: &str) -> usize {
    let name = letters(&rest[..rest.floor_char_boundary(12)]);
    let is_weekday =
        name.len() > 3 && name.ends_with("day") && WEEKDAYS.iter().any(|day| name.starts_with(day));
    let after = &rest[name.len()..];
    match is_weekday && after.starts_with(", ") {
        true => name.len() + 2,
        false => 0,
    }
}

/// The length of a day whose month is written out: `Tuesday, January 2, 2024` and `2 January 2024`.
fn long_month(rest: &str) -> Option<usize> {
    let start = long_weekday(rest);
    let day = match digits(&rest[start..]) {
        day @ 1..=2 if rest[start + day..].starts_with(' ') => day + 1,
        _ => 0,
    };
    let name = letters(&rest[start + day..rest.floor_char_boundary(start + day + 12)]);
    let forms: &[&str] = if day > 0 {
        &[" dddd"]
    } else {
        &[" dd, dddd", " d, dddd", " dd dddd", " d dddd"]
    };
    let end = start + day + name.len();
    let is_month = LONG_MONTHS.contains(&name);
    let length = end + forms.iter().find_map(|form| fits(rest.get(end..)?, form))?;
    (is_month && ends_word(rest, length)).then_some(length)
}

fn has_names(text: &str) -> bool {
    let mut names = text
        .split(|letter: char| !letter.is_ascii_alphabetic())
        .filter(|name| name.len() == 3);
    names.all(|name| MONTHS.contains(&name) || WEEKDAYS.contains(&name))
}

/// The length of a day with the time and the year that may follow it.
fn with_time(rest: &str, day: usize) -> usize {
    let separator = [", ", "T", " ", ":"]
        .iter()
        .find(|it| rest[day..].starts_with(**it));
    let Some(separator) = separator else { return day };
    let start = day + separator.len();
    let Some(length) = time(&rest[start..]) else {
        return day;
    };
    let mut length = start + length;
    // `Wed Apr 17 22:31:45 2019` has the year at the end.
    if let Some(year) = fits(&rest[length..], " dddd")
        && ends_word(rest, length + year)
        && !rest[..day]
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_digit())
    {
        length += year;
    }
    length
}

/// The length of a time of day at the start of a text.
fn time(rest: &str) -> Option<usize> {
    let hours = digits(rest);
    if !(1..=2).contains(&hours) {
        return None;
    }
    let mut length = hours + fits(&rest[hours..], ":dd")?;
    let seconds = fits(&rest[length..], ":dd");
    if let Some(seconds) = seconds {
        length += seconds;
        length += fraction(&rest[length..]);
    }
    let noon = ["AM", "PM", "am", "pm", " AM", " PM", " am", " pm"];
    let noon = noon.iter().find(|noon| rest[length..].starts_with(**noon));
    length += noon.map_or(0, |noon| noon.len());
    if hours == 1 && seconds.is_none() && noon.is_none() {
        return None;
    }
    length += zone(&rest[length..]);
    (ends_word(rest, length) && !rest[length..].starts_with(':')).then_some(length)
}

fn fraction(rest: &str) -> usize {
    let digits = rest.strip_prefix(['.', ',']).map_or(0, digits);
    if digits > 0 { digits + 1 } else { 0 }
}

/// The length of a zone: `Z`, `+02:00`, ` UTC`, ` GMT-0700 (MST)`.
fn zone(rest: &str) -> usize {
    let mut length = [
        "Z", " UTC", " GMT", "UTC", "GMT", " MST", " PST", " PDT", " EST", " EDT", " CST", " CET", " CEST",
    ]
    .iter()
    .find(|zone| rest.starts_with(**zone))
    .map_or(0, |zone| zone.len());
    let offset = [
        "+dd:dd", "-dd:dd", "+dddd", "-dddd", " +dddd", " -dddd", " +dd:dd",
    ];
    length += offset
        .iter()
        .find_map(|form| fits(&rest[length..], form))
        .unwrap_or(0);
    if let Some(name) = rest[length..].strip_prefix(" (") {
        let inner = run(name, 40, |byte| byte.is_ascii_alphabetic() || byte == b' ');
        if length > 0 && inner > 0 && name[inner..].starts_with(')') {
            length += inner + 3;
        }
    }
    length
}

/// `12ms`, `3m12s`, `PT3M12S`.
pub(super) fn duration(_: &str, rest: &str) -> Option<Shape> {
    if let Some(parts) = rest.strip_prefix("PT") {
        let length = run(parts, 32, |byte| byte.is_ascii_digit() || b"HMS.".contains(&byte));
        let is_whole = parts[..length].ends_with(['H', 'M', 'S']) && digits(parts) > 0;
        return (is_whole && ends_word(rest, length + 2)).then_some(Shape {
            kind: "duration",
            length: length + 2,
        });
    }
    let mut length = part(rest)?;
    while let Some(more) = part(&rest[length..]) {
        length += more;
    }
    ends_word(rest, length).then_some(Shape {
        kind: "duration",
        length,
    })
}

/// The length of a number with a unit of time.
fn part(rest: &str) -> Option<usize> {
    let number = decimal(rest)?;
    let unit = letters(&rest[number..]);
    let is_unit = matches!(
        unit,
        "ns" | "us"
            | "µs"
            | "μs"
            | "ms"
            | "s"
            | "sec"
            | "secs"
            | "m"
            | "min"
            | "mins"
            | "h"
            | "hr"
            | "hrs"
            | "d"
    );
    is_unit.then_some(number + unit.len())
}
