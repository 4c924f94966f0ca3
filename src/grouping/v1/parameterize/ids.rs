//! Identifiers that nobody chose: UUIDs, digests, tokens, random words.

use super::scan::{digits, ends_word, fits, run, word};
use super::{Shape, codes, shape};

/// Longest token, in bytes.
const LOOK_AHEAD: usize = 4096;
/// Shortest text in base64 that is a token whatever it looks like otherwise.
const LONG: usize = 40;

/// Words that look random, and are not.
const NAMES: &[&str] = &[
    "utf8mb3", "utf8mb4", "utf16le", "utf16be", "utf32le", "utf32be", "c3p0", "l10n",
];

/// `eyJhbGciOi….eyJzdWIiOi….abcDEF` as in JSON web tokens, and long texts in base64.
pub(super) fn token(before: &str, rest: &str) -> Option<Shape> {
    if before.ends_with(['/', '+', '-']) {
        return None;
    }
    let is_url_safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if rest.starts_with("eyJ") {
        let dotted = run(rest, LOOK_AHEAD, |byte| is_url_safe(byte) || byte == b'.');
        let dotted = rest[..dotted].trim_end_matches('.').len();
        if rest[..dotted].matches('.').count() >= 1 {
            return shape("token", dotted);
        }
    }
    let length = run(rest, LOOK_AHEAD, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
    });
    let text = &rest.as_bytes()[..length];
    let has = |test: fn(&u8) -> bool| text.iter().any(test);
    let is_mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    if length < LONG || !is_mixed || switches(text) < 4 {
        return None;
    }
    let padding = run(&rest[length..], 2, |byte| byte == b'=');
    shape("token", length + padding)
}

/// Eight, four, four, four and twelve hexadecimal digits.
pub(super) fn uuid(_: &str, rest: &str) -> Option<Shape> {
    let length = fits(rest, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")?;
    ends_word(rest, length).then_some(Shape { kind: "uuid", length })
}

/// `0x…`, digests, and other words of hexadecimal digits with both letters and digits.
pub(super) fn hex(before: &str, rest: &str) -> Option<Shape> {
    let word = word(rest);
    if let Some(hex) = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
        let is_hex = !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_code = word.len() <= 10 && codes::follows_word(before);
        return (is_hex && !is_code).then_some(Shape {
            kind: "hex",
            length: word.len(),
        });
    }
    let count = |test: fn(&u8) -> bool| word.bytes().filter(test).count();
    let is_one_case = count(u8::is_ascii_uppercase) == 0 || count(u8::is_ascii_lowercase) == 0;
    let is_hex = is_one_case && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    match (word.len(), count(u8::is_ascii_digit)) {
        _ if !is_hex => None,
        (..8, 0) => None,
        (32, _) => shape("md5", 32),
        (40, _) => shape("sha1", 40),
        // An exponent makes a number of what looks like a digest.
        (7, 2..=6) if word.bytes().all(|byte| !byte.is_ascii_uppercase()) => shape("git_sha", 7),
        (8.., _) => shape("hex", word.len()),
        _ => None,
    }
}

/// Words that change between letters and digits as often as no name does.
pub(super) fn random(_: &str, rest: &str) -> Option<Shape> {
    let word = word(rest);
    let length = word.find('_').unwrap_or(word.len());
    let text = &word[..length];
    let bytes = text.as_bytes();
    if length < 6 || !text.is_ascii() || NAMES.contains(&text.to_ascii_lowercase().as_str()) {
        return None;
    }
    let has = |test: fn(&u8) -> bool| bytes.iter().any(test);
    let is_mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    let is_random = match switches(bytes) {
        0..=1 => false,
        // Long words of all kinds of letters: `NffrFeUfNV2Hib`.
        2 => length >= 12 && is_mixed && humps(bytes) >= 3 || length >= 16 && !has(u8::is_ascii_lowercase),
        3.. => is_mixed || length >= 8 || digits(text) > 0,
    };
    is_random.then(|| Shape {
        kind: "random_id",
        length: length + more(&rest[length..]),
    })
}

/// How much of an identifier comes after a hyphen or an underscore: pieces with digits or with capitals
/// among small letters.
fn more(rest: &str) -> usize {
    let mut length = 0;
    while let Some(piece) = rest[length..].strip_prefix(['-', '_']) {
        let size = run(piece, 64, |byte| byte.is_ascii_alphanumeric());
        let bytes = &piece.as_bytes()[..size];
        let is_random = bytes.iter().any(u8::is_ascii_digit) || humps(bytes) > 0;
        if !is_random || !ends_word(piece, size) && !piece[size..].starts_with('_') {
            break;
        }
        length += 1 + size;
    }
    length
}

/// How often letters follow digits, or digits letters.
fn switches(text: &[u8]) -> usize {
    let pairs = text.windows(2);
    pairs
        .filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit())
        .count()
}

/// How often capitals follow small letters.
fn humps(text: &[u8]) -> usize {
    let pairs = text.windows(2);
    pairs
        .filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
        .count()
}
