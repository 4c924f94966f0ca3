//! Text as the tokens that are searched for. Pure.
//!
//! ```text
//! HTTPError: getUserName(user_id=42)
//! 0 httperror http error   1 getusername get user name   2 user   3 id   4 42
//! ```
//!
//! Tokens are runs of letters and digits, in lower case. The humps of a camel-case one stand where it stands: so `error` is
//! found in `TypeError`, and a phrase is found however it is capitalised.

use std::borrow::Cow;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Longer tokens, in bytes, are passed over: they are data, not words.
pub(super) const LONGEST: usize = 64;
/// So many positions lie empty before a line: fewer asterisks that stand for words in a row lead to no other line.
pub(super) const GAP: usize = 4;
/// What has more humps is no name but something encoded.
const MOST_HUMPS: usize = 8;

/// The tokens of `text`, by position.
pub(super) fn tokens(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (position, run) in runs(&dotless(text), char::is_alphanumeric).enumerate() {
        add(&mut found, position, run);
        let humps: Vec<&str> = humps(run).take(MOST_HUMPS + 1).collect();
        if (2..=MOST_HUMPS).contains(&humps.len()) {
            for hump in humps.into_iter().filter(|hump| hump.len() > 1) {
                add(&mut found, position, hump);
            }
        }
    }
    found
}

/// The text with `i` for `İ`, which is two characters in lower case: the second one, a dot above, parts words.
pub(super) fn dotless(text: &str) -> Cow<'_, str> {
    const DOT: char = '\u{307}';
    match text.contains(['İ', DOT]) {
        true => text.replace('İ', "i").replace(DOT, "").into(),
        false => text.into(),
    }
}

fn add(found: &mut Vec<(usize, String)>, position: usize, token: &str) {
    if token.len() <= LONGEST {
        found.push((position, token.to_lowercase()));
    }
}

/// The longest pieces of `text` whose characters are all `inside`. Ideographs stand alone: nothing parts words of them.
pub(super) fn runs(text: &str, inside: fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |c: char| !inside(c))
        .flat_map(|run| split_between(run, |before, after| is_ideograph(before) || is_ideograph(after)))
}

/// `getHTTPResponse2Body` as `get`, `HTTP`, `Response2`, `Body`.
fn humps(run: &str) -> impl Iterator<Item = &str> {
    let starts = run
        .char_indices()
        .zip(run.chars().skip(1))
        .zip(run.chars().skip(2).map(Some).chain([None]));
    let borders: Vec<usize> = starts
        .filter_map(|(((at, first), second), third)| {
            let begins_word = !first.is_uppercase() && second.is_uppercase();
            let ends_acronym =
                first.is_uppercase() && second.is_uppercase() && third.is_some_and(char::is_lowercase);
            (begins_word || ends_acronym).then_some(at + first.len_utf8())
        })
        .collect();
    pieces(run, borders)
}

fn split_between(run: &str, is_border: fn(char, char) -> bool) -> impl Iterator<Item = &str> {
    let borders = run
        .char_indices()
        .zip(run.chars().skip(1))
        .filter(|&((_, before), after)| is_border(before, after))
        .map(|((at, before), _)| at + before.len_utf8())
        .collect();
    pieces(run, borders)
}

fn pieces(run: &str, borders: Vec<usize>) -> impl Iterator<Item = &str> {
    let ends = borders.into_iter().chain([run.len()]);
    ends.scan(0, |begin, end| Some(&run[std::mem::replace(begin, end)..end]))
        .filter(|piece| !piece.is_empty())
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// [`tokens`] as the index library asks for them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Splitter;

/// What is left of the tokens of a text.
pub(super) struct Split {
    rest: std::vec::IntoIter<(usize, String)>,
    token: Token,
}

impl Tokenizer for Splitter {
    type TokenStream<'a> = Split;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Split {
        Split {
            rest: tokens(text).into_iter(),
            token: Token::default(),
        }
    }
}

impl TokenStream for Split {
    fn advance(&mut self) -> bool {
        let Some((position, text)) = self.rest.next() else {
            return false;
        };
        self.token = Token {
            position: GAP + position,
            text,
            ..Token::default()
        };
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_split_by_table() {
        let long = "x".repeat(LONGEST + 1);
        let megabyte = "é".repeat(1 << 19);
        for (text, expected) in [
            ("", ""),
            ("a tea.pot/brew", "0a 1tea 2pot 3brew"),
            ("user_id", "0user 1id"),
            ("TypeError: x", "0typeerror 0type 0error 1x"),
            (
                "getHTTPResponse2Body",
                "0gethttpresponse2body 0get 0http 0response2 0body",
            ),
            ("iPhone", "0iphone 0phone"),
            ("ÄRGER Straße", "0ärger 1straße"),
            ("İstanbul i\u{307}stanbul", "0istanbul 1istanbul"),
            ("aBcDeFgHiJkLmNoPqRsT", "0abcdefghijklmnopqrst"),
            ("お茶 tea茶x", "0お 1茶 2tea 3茶 4x"),
            ("zero\u{200b}width \u{0}\u{7f}\u{202e}bidi", "0zero 1width 2bidi"),
            (&format!("a {long} b"), "0a 2b"),
            (&format!("a {megabyte} b"), "0a 2b"),
        ] {
            let found: Vec<String> = tokens(text)
                .iter()
                .map(|(at, token)| format!("{at}{token}"))
                .collect();
            assert_eq!(found.join(" "), expected, "{:.40}", text);
        }
    }
}
