//! The shapes of what varies in a message.

use super::{is_word, word};

/// Longest local part of an e-mail address, and longest label, that is looked for.
const MAX_LOOK_AHEAD: usize = 64;

/// Something that varies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// What it is.
    pub(super) kind: &'static str,
    /// How many bytes of the text it takes.
    pub(super) length: usize,
}

type Finder = fn(&str, &str) -> Option<Shape>;

/// In order: the first that fits counts.
const FINDERS: &[Finder] = &[
    after_equals,
    url,
    email,
    uuid,
    date,
    time,
    ip,
    unit,
    number,
    hex,
    random_id,
];

/// The shape at the start of `rest`, where `before` is the text up to there.
pub(super) fn find(before: &str, rest: &str) -> Option<Shape> {
    FINDERS.iter().find_map(|finder| finder(before, rest))
}

fn shape(kind: &'static str, length: usize) -> Option<Shape> {
    Some(Shape { kind, length })
}

/// `key='value'` and `key=True`.
fn after_equals(before: &str, rest: &str) -> Option<Shape> {
    if !before.ends_with('=') {
        return None;
    }
    if let Some(quote) = rest.chars().next().filter(|first| matches!(first, '"' | '\'')) {
        let length = rest[1..].find(quote)?;
        return shape("quoted_str", length + 2);
    }
    let word = word(rest);
    matches!(word, "True" | "False" | "true" | "false").then_some(Shape {
        kind: "bool",
        length: word.len(),
    })
}

/// A scheme, `://` and everything up to white space or a quote.
fn url(_: &str, rest: &str) -> Option<Shape> {
    let scheme = rest
        .bytes()
        .take(16)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-'))
        .count();
    let tail = rest[scheme..].strip_prefix("://").filter(|_| scheme >= 2)?;
    let end = tail
        .find(|character: char| {
            character.is_whitespace() || matches!(character, '"' | '\'' | '<' | '>' | ')' | ']')
        })
        .unwrap_or(tail.len());
    let end = tail[..end].trim_end_matches(['.', ',', ';', ':', '!', '?']).len();
    shape("url", scheme + 3 + end)
}

fn email(_: &str, rest: &str) -> Option<Shape> {
    let local = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'-' | b'%');
    let name = rest.bytes().take(MAX_LOOK_AHEAD).take_while(local).count();
    let domain = rest[name..].strip_prefix('@')?;
    let label = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let length = domain.bytes().take(4 * MAX_LOOK_AHEAD).take_while(label).count();
    let domain = domain[..length].trim_end_matches(['.', '-']);
    let (_, top) = domain.rsplit_once('.')?;
    let is_name = top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_name.then_some(Shape {
        kind: "email",
        length: name + 1 + domain.len(),
    })
}

fn uuid(_: &str, rest: &str) -> Option<Shape> {
    let text = rest.get(..36)?;
    let fits = text.bytes().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    (fits && ends_word(rest, 36)).then_some(Shape {
        kind: "uuid",
        length: 36,
    })
}

/// `2026-02-20`, with or without the time after it, and `20260220T221636Z`.
fn date(_: &str, rest: &str) -> Option<Shape> {
    if let Some(text) = rest.get(..15)
        && matches(text, "ddddddddTdddddd")
    {
        let zone = usize::from(rest[15..].starts_with('Z'));
        return shape("date", 15 + zone);
    }
    let text = rest.get(..10)?;
    if !(matches(text, "dddd-dd-dd")
        || matches(text, "dddd/dd/dd")
        || matches(text, "dd/dd/dddd")
        || matches(text, "dd.dd.dddd"))
    {
        return None;
    }
    let clock = rest[10..].strip_prefix(['T', ' ']).and_then(clock);
    match clock {
        Some(length) => shape("date", 11 + length),
        None => ends_word(rest, 10).then_some(Shape {
            kind: "date",
            length: 10,
        }),
    }
}

fn time(_: &str, rest: &str) -> Option<Shape> {
    let length = clock(rest)?;
    shape("date", length)
}

/// The length of `22:16`, `22:16:36.123+02:00` or `11:21PM` at the start of a text.
fn clock(rest: &str) -> Option<usize> {
    let hours = digits(rest);
    if !(1..=2).contains(&hours) || !matches(rest.get(hours..hours + 3)?, ":dd") {
        return None;
    }
    let mut length = hours + 3;
    if rest
        .get(length..length + 3)
        .is_some_and(|text| matches(text, ":dd"))
    {
        length += 3;
        if let Some(fraction) = rest[length..].strip_prefix(['.', ','])
            && digits(fraction) > 0
        {
            length += 1 + digits(fraction);
        }
    } else if hours == 1
        && !rest[length..]
            .trim_start()
            .to_ascii_lowercase()
            .starts_with(['a', 'p'])
    {
        return None;
    }
    let tail = &rest[length..];
    let zones: [(&str, usize); 6] = [("Z", 1), ("AM", 2), ("PM", 2), ("am", 2), ("pm", 2), (" UTC", 4)];
    length += zones
        .iter()
        .find(|(zone, _)| tail.starts_with(zone))
        .map_or(0, |(_, length)| *length);
    let offset = [("+dd:dd", 6), ("-dd:dd", 6), ("+dddd", 5), ("-dddd", 5)];
    length += offset
        .iter()
        .find(|(shape, length)| tail.get(..*length).is_some_and(|text| matches(text, shape)))
        .map_or(0, |(_, length)| *length);
    ends_word(rest, length).then_some(length)
}

fn ip(_: &str, rest: &str) -> Option<Shape> {
    let length = rest
        .bytes()
        .take(MAX_LOOK_AHEAD)
        .take_while(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':'))
        .count();
    let text = rest[..length].trim_end_matches(['.', ':']);
    let is_v6 = text.contains("::")
        && text.parse::<std::net::Ipv6Addr>().is_ok()
        && text.bytes().any(|byte| byte.is_ascii_digit());
    if (is_v6 || text.parse::<std::net::Ipv6Addr>().is_ok()) && ends_word(rest, text.len()) {
        return shape("ip", text.len());
    }
    let length = rest
        .bytes()
        .take(15)
        .take_while(|byte| byte.is_ascii_digit() || *byte == b'.')
        .count();
    let text = rest[..length].trim_end_matches('.');
    (text.parse::<std::net::Ipv4Addr>().is_ok() && ends_word(rest, text.len())).then_some(Shape {
        kind: "ip",
        length: text.len(),
    })
}

/// Durations and sizes: `12ms`, `3m12s`, `12.5MB`.
fn unit(_: &str, rest: &str) -> Option<Shape> {
    let mut length = decimal(rest)?;
    let first = letters(&rest[length..]);
    let kind = match first {
        "ns" | "us" | "µs" | "ms" | "s" | "sec" | "secs" | "m" | "min" | "h" | "d" => "duration",
        "B" | "kB" | "KB" | "MB" | "GB" | "TB" | "KiB" | "MiB" | "GiB" | "TiB" | "kb" | "mb" | "gb" => "size",
        _ => return None,
    };
    length += first.len();
    while let (Some(more), "duration") = (decimal(&rest[length..]), kind) {
        let unit = letters(&rest[length + more..]);
        if !matches!(unit, "ms" | "s" | "m" | "h") {
            break;
        }
        length += more + unit.len();
    }
    ends_word(rest, length).then_some(Shape { kind, length })
}

/// Whole numbers and fractions, unless they are part of a name or a code that people know.
fn number(before: &str, rest: &str) -> Option<Shape> {
    let length = decimal(rest)?;
    if !ends_word(rest, length) || is_known_code(before, &rest[..length]) {
        return None;
    }
    shape(
        if rest[..length].contains('.') {
            "float"
        } else {
            "int"
        },
        length,
    )
}

/// Names such as `utf-8` and `HTTP/2`, and codes such as `status code 404`, `SQLSTATE[23000]` and
/// `error #418`: these numbers tell one problem from another.
fn is_known_code(before: &str, number: &str) -> bool {
    const NAMES: &[&str] = &[
        "utf", "http", "sha", "iso", "tls", "ipv", "cp", "latin", "windows", "base", "python",
    ];
    const CODES: &[&str] = &["status", "code", "errno", "sqlstate", "error", "http", "signal"];
    let last = |text: &str| {
        text.rsplit(|character| !is_word(character))
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    if let Some(name) = before.strip_suffix(['-', '/']) {
        return NAMES.contains(&last(name).as_str());
    }
    let trimmed = before.trim_end_matches([' ', '#', '[', ':', '=']);
    let is_short = number.len() <= 5 && !number.contains('.');
    is_short && trimmed.len() < before.len() && CODES.contains(&last(trimmed).as_str())
}

/// `0x…`, digests, and other words of hexadecimal digits with both letters and digits.
fn hex(_: &str, rest: &str) -> Option<Shape> {
    let word = word(rest);
    if let Some(hex) = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
        return (!hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(Shape {
            kind: "hex",
            length: word.len(),
        });
    }
    let is_hex =
        word.bytes().all(|byte| byte.is_ascii_hexdigit()) && word.bytes().any(|byte| byte.is_ascii_digit());
    match word.len() {
        _ if !is_hex => None,
        32 => shape("md5", 32),
        40 => shape("sha1", 40),
        7 if word.bytes().any(|byte| byte.is_ascii_alphabetic()) => shape("git_sha", 7),
        8.. => shape("hex", word.len()),
        _ => None,
    }
}

/// Words of ten letters or more that change between letters and digits, or between capitals and small
/// letters, as often as no name does.
fn random_id(_: &str, rest: &str) -> Option<Shape> {
    let word = word(rest);
    if word.len() < 10 || !word.is_ascii() {
        return None;
    }
    let switches = word
        .as_bytes()
        .windows(2)
        .filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit())
        .count();
    (switches >= 3 && !word.contains('_')).then_some(Shape {
        kind: "random_id",
        length: word.len(),
    })
}

/// The length of a number with or without a fraction.
fn decimal(text: &str) -> Option<usize> {
    let whole = digits(text);
    if whole == 0 {
        return None;
    }
    let fraction = text[whole..].strip_prefix('.').map_or(0, digits);
    Some(if fraction > 0 { whole + 1 + fraction } else { whole })
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn letters(text: &str) -> &str {
    &text[..text
        .find(|character: char| !character.is_alphabetic())
        .unwrap_or(text.len())]
}

/// Whether no word goes on after this many bytes.
fn ends_word(text: &str, length: usize) -> bool {
    !text[length..].chars().next().is_some_and(is_word)
}

/// Whether a text has the form of a pattern in which `d` is any digit.
fn matches(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, form)| {
            if form == b'd' {
                byte.is_ascii_digit()
            } else {
                byte == form
            }
        })
}
