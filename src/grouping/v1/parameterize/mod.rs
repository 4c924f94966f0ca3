//! Messages without what varies: `user 17 not found` becomes `user <int> not found`.
//!
//! One pass from left to right. Wherever a word starts, the shapes are tried in order; each looks ahead
//! by a bounded number of bytes or takes what it saw, and back by a bounded number, so that the whole is
//! linear. Names stay, also those with digits in them (`k8s`, `utf-8`, `HTTP/2`), and so do the codes by
//! which people tell one problem from another (`status 404`, `SQLSTATE[23000]`).

mod codes;
mod ids;
mod network;
mod numbers;
mod paths;
mod scan;
#[cfg(test)]
mod tests;
mod time;
mod values;

use scan::{is_word, word};

/// What comes after so many bytes does not count.
const MAX_BYTES: usize = 8 * 1024;

/// Something that varies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    /// What it is.
    kind: &'static str,
    /// How many bytes of the text it takes.
    length: usize,
}

/// A shape at the start of the second text, where the first is what stands before it.
type Finder = fn(&str, &str) -> Option<Shape>;

/// In order: the first that fits counts.
const AT_WORDS: &[Finder] = &[
    values::after_equals,
    values::in_json,
    network::url,
    network::email,
    ids::token,
    network::traceparent,
    ids::uuid,
    time::date,
    time::clock,
    network::mac,
    network::ip,
    network::hostname,
    paths::windows,
    time::duration,
    numbers::local_phone,
    numbers::size,
    numbers::number,
    ids::hex,
    ids::random,
];

/// What may follow an underscore within a word.
const AFTER_UNDERSCORES: &[Finder] = &[ids::uuid, ids::hex, ids::random];

/// What may start with a sign.
const AT_SIGNS: &[Finder] = &[
    values::after_equals,
    values::in_json,
    numbers::phone,
    numbers::negative,
    network::ip,
    paths::unix,
    paths::share,
];

/// Replaces what varies by its kind.
pub(super) fn parameterize(text: &str) -> String {
    let head = &text[..text.floor_char_boundary(MAX_BYTES)];
    let mut result = String::with_capacity(head.len());
    let mut at = 0;
    while let Some(letter) = head[at..].chars().next() {
        let (before, rest) = head.split_at(at);
        if let Some(list) = values::sql_list(before, rest) {
            result.push_str(&list.text);
            at += list.length;
            continue;
        }
        let finders = match letter {
            _ if is_word(letter) && before.ends_with('_') => AFTER_UNDERSCORES,
            _ if is_word(letter) => AT_WORDS,
            '"' | '\'' | '+' | '-' | ':' | '(' | '/' | '\\' => AT_SIGNS,
            _ => &[],
        };
        match finders.iter().find_map(|finder| finder(before, rest)) {
            Some(Shape { kind, length }) => {
                result.extend(["<", kind, ">"]);
                at += length;
            }
            None => {
                let length = passed(letter, rest);
                result.push_str(&rest[..length]);
                at += length;
            }
        }
    }
    if head.len() < text.len() {
        result.push_str("...");
    }
    result
}

/// How much of a text is gone past when nothing in it varies: a word up to its next underscore, or a
/// letter that is no part of one. The fraction of a number is a part of it: `HTTP/1.1`.
fn passed(letter: char, rest: &str) -> usize {
    if !is_word(letter) {
        return letter.len_utf8();
    }
    let word = word(rest);
    if codes::is_name(word) {
        // `TLSv1.2` and `python3.11`.
        let minor = rest[word.len()..].strip_prefix('.').map_or(0, scan::digits);
        return word.len() + if minor > 0 { minor + 1 } else { 0 };
    }
    let end = word.find('_').map_or(word.len(), |underscore| underscore + 1);
    end.max(scan::decimal(rest).unwrap_or_default())
        .max(letter.len_utf8())
}

fn shape(kind: &'static str, length: usize) -> Option<Shape> {
    Some(Shape { kind, length })
}
