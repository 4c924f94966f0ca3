//! Paths of files. Routes such as `/api/tea` are no paths: they tell one problem from another.

use super::scan::{end, run};
use super::{Shape, shape};

/// Longest path, in bytes.
const LOOK_AHEAD: usize = 1024;

/// Where the paths of a system start.
const ROOTS: &[&str] = &[
    "Applications",
    "Library",
    "System",
    "Users",
    "Volumes",
    "apex",
    "bin",
    "data",
    "dev",
    "etc",
    "home",
    "lib",
    "lib64",
    "media",
    "mnt",
    "opt",
    "private",
    "proc",
    "root",
    "run",
    "sbin",
    "sdcard",
    "srv",
    "storage",
    "sys",
    "tmp",
    "usr",
    "var",
];

/// `C:\Users\bob\report.csv`, also with `/`. A space within is a part of it, if the path goes on after it.
pub(super) fn windows(before: &str, rest: &str) -> Option<Shape> {
    let bytes = rest.as_bytes();
    let is_drive = bytes.len() > 3 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':';
    if !is_drive || !matches!(bytes[2], b'\\' | b'/') || bytes[3] == b'/' || !can_start(before) {
        return None;
    }
    let mut length = path(rest);
    while let Some(more) = rest[length..].strip_prefix(' ') {
        let next = path(more);
        if !more[..next].contains('\\') || more[..next].contains(':') {
            break;
        }
        length += 1 + next;
    }
    shape("path", trimmed(rest, length))
}

/// `\\server\share\report.csv`.
pub(super) fn share(before: &str, rest: &str) -> Option<Shape> {
    let name = rest.strip_prefix("\\\\")?;
    let host = run(name, 64, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'$')
    });
    if host == 0 || !name[host..].starts_with('\\') || !can_start(before) {
        return None;
    }
    shape("path", trimmed(rest, path(rest)))
}

/// `/home/bob/report.csv`: something in a directory of the system.
pub(super) fn unix(before: &str, rest: &str) -> Option<Shape> {
    let inner = rest.strip_prefix('/')?;
    let root = run(inner, 16, |byte| byte.is_ascii_alphanumeric());
    let is_known = ROOTS.contains(&&inner[..root]) && inner[root..].starts_with('/');
    if !is_known || !can_start(before) {
        return None;
    }
    shape("path", trimmed(rest, path(rest)))
}

fn can_start(before: &str) -> bool {
    let last = end(before, 4).chars().next_back();
    last.is_none_or(|last| {
        last.is_whitespace() || matches!(last, '"' | '\'' | '`' | '(' | '[' | '<' | '=' | ':' | ',')
    })
}

/// How far a path goes that has no spaces in it.
fn path(text: &str) -> usize {
    let head = &text[..text.floor_char_boundary(LOOK_AHEAD)];
    let is_end = |letter: char| {
        letter.is_whitespace()
            || matches!(
                letter,
                '"' | '\'' | '`' | '<' | '>' | '|' | '*' | '?' | '(' | ')' | '[' | ']' | ',' | ';'
            )
    };
    // The colon of a drive is a part of it, that before a line number is not.
    let colon = head.char_indices().skip(2).find(|(_, letter)| *letter == ':');
    let end = head.find(is_end).unwrap_or(head.len());
    colon.map_or(end, |(at, _)| at.min(end))
}

fn trimmed(text: &str, length: usize) -> usize {
    text[..length].trim_end_matches(['.', '!']).len()
}
