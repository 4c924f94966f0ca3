//! Values in key-value pairs, in JSON and in SQL.

use super::scan::{end, word};
use super::{Shape, parameterize, shape};

/// Longest value in quotes or brackets, in bytes.
const LOOK_AHEAD: usize = 1024;

/// `key='value'`, `key=True`, and `(name)=(bob)` as PostgreSQL has it.
pub(super) fn after_equals(before: &str, rest: &str) -> Option<Shape> {
    if !before.ends_with('=') {
        return None;
    }
    if rest.starts_with('(') && before.ends_with(")=") {
        return shape("str", closed(rest, ')')?);
    }
    if let Some(length) = quoted(rest) {
        return shape("quoted_str", length);
    }
    boolean(rest)
}

/// `"key": "value"`, `"key": true`, and the same in the words of Python.
pub(super) fn in_json(before: &str, rest: &str) -> Option<Shape> {
    let key = end(before, 8).trim_end().strip_suffix(':')?;
    if !key.ends_with(['"', '\'']) {
        return None;
    }
    match quoted(rest) {
        Some(length) => shape("str", length),
        None => boolean(rest),
    }
}

fn boolean(rest: &str) -> Option<Shape> {
    let word = word(rest);
    if matches!(word, "True" | "False" | "true" | "false") {
        return shape("bool", word.len());
    }
    None
}

/// The length of a text in quotes; a quote after a backslash does not close it.
fn quoted(rest: &str) -> Option<usize> {
    let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let mut is_escaped = false;
    let mut bytes = rest.bytes().enumerate().take(LOOK_AHEAD).skip(1);
    let close = bytes.find(|(_, byte)| {
        let closes = *byte == quote as u8 && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        closes
    })?;
    Some(close.0 + 1)
}

/// The length of a text up to a closing bracket.
fn closed(rest: &str, close: char) -> Option<usize> {
    let head = &rest[..rest.floor_char_boundary(LOOK_AHEAD)];
    head.find(close).map(|at| at + 1)
}

/// A list in SQL as it counts.
pub(super) struct List {
    /// The list with its first entry.
    pub(super) text: String,
    /// How many bytes of the text it takes.
    pub(super) length: usize,
}

/// `IN (%s, %s, %s)` is `IN (%s, ...)`: how many there are is up to the data.
pub(super) fn sql_list(before: &str, rest: &str) -> Option<List> {
    if !rest.starts_with('(') {
        return None;
    }
    let before = end(before, 16);
    let keyword = before.trim_end();
    let last = keyword.rsplit(char::is_whitespace).next()?;
    if keyword.len() == before.len() || !last.eq_ignore_ascii_case("in") {
        return None;
    }
    let length = closed(rest, ')')?;
    let (first, _) = rest[1..length - 1].split_once(',')?;
    Some(List {
        text: format!("({}, ...)", parameterize(first.trim())),
        length,
    })
}
