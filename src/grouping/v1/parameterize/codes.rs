//! Numbers that are names: `utf-8`, `HTTP/2`, `status code 404`, `errno 13`, `404 Not Found`.

use super::scan::{end, is_word};

/// How far back the word before a number is looked for, in bytes.
const LOOK_BACK: usize = 48;

/// Names that have a number, after a hyphen or a slash.
const NAMES: &[&str] = &[
    "8859", "aes", "base", "bip", "cp", "dpi", "dpy", "ecma", "es", "gpt", "http", "ios", "ip", "ipv", "iso",
    "ja", "latin", "ora", "pls", "python", "rfc", "rsa", "sha", "sp", "ssl", "sslv", "tls", "tlsv", "tns",
    "ucs", "utf", "windows",
];

/// Words before a code.
const CODES: &[&str] = &[
    "code",
    "err",
    "errno",
    "error",
    "hresult",
    "http",
    "rc",
    "signal",
    "sqlstate",
    "status",
    "statuscode",
    "status_code",
];

/// What follows the number of an HTTP status.
const REASONS: &[&str] = &[
    "bad gateway",
    "bad request",
    "client error",
    "conflict",
    "content too large",
    "created",
    "forbidden",
    "found",
    "gateway time",
    "gone",
    "internal server error",
    "length required",
    "locked",
    "method not allowed",
    "moved permanently",
    "no content",
    "not acceptable",
    "not found",
    "not implemented",
    "payload too large",
    "payment required",
    "precondition failed",
    "proxy authentication",
    "request entity",
    "request time",
    "server error",
    "service unavailable",
    "too many requests",
    "unauthorized",
    "unprocessable",
    "unsupported media type",
];

/// Whether a number tells one problem from another, by what stands around it.
pub(super) fn is_code(before: &str, number: &str, after: &str) -> bool {
    let before = end(before, LOOK_BACK);
    if let Some(name) = before.strip_suffix(['-', '/']) {
        return NAMES.contains(&last_word(name).as_str());
    }
    if number.len() > 5 || number.contains('.') {
        return false;
    }
    // Drivers of databases for Python: `(1062, "Duplicate entry …")`.
    let is_first =
        before == "(" && after.starts_with([',']) && after[1..].trim_start().starts_with(['"', '\'']);
    is_first
        || follows_word(before)
        || is_status(number) && REASONS.iter().any(|reason| starts_with(after, reason))
}

/// Whether the word before is one that a code comes after.
pub(super) fn follows_word(before: &str) -> bool {
    let before = end(before, LOOK_BACK);
    let head = before.trim_end_matches([' ', '#', '[', '(', ':', '=', '"', '\'']);
    head.len() < before.len() && CODES.contains(&last_word(head).as_str())
}

/// Whether a word is the name of something that has a number, with or without one.
pub(super) fn is_name(word: &str) -> bool {
    let name = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
    NAMES.contains(&name.to_ascii_lowercase().as_str())
}

fn is_status(number: &str) -> bool {
    number.len() == 3 && matches!(number.as_bytes()[0], b'1'..=b'5')
}

fn starts_with(after: &str, reason: &str) -> bool {
    let after = after.trim_start_matches([' ', ':', '-', '(']);
    let head = after.get(..reason.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(reason))
}

fn last_word(text: &str) -> String {
    let word = text.rsplit(|letter| !is_word(letter)).next();
    word.unwrap_or_default().to_ascii_lowercase()
}
