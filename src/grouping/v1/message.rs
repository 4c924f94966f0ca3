//! Messages: the template if there is one, else the text without what varies in it.

use super::parameterize::parameterize;
use super::wording;
use crate::grouping::Component;
use crate::protocol::event::Event;

/// Longest quotation, in bytes.
const LONGEST: usize = 1024;
/// Lines of a message that count.
const LINES: usize = 2;

/// The message of the event.
pub(super) fn component(event: &Event) -> Option<Component<'_>> {
    let message = event.logentry.as_ref()?.template();
    (!message.trim().is_empty()).then(|| Component::leaf("message", normalized(message)))
}

/// What the event says in the form in which it counts: the message, else that of the thrown exception.
pub(in crate::grouping) fn of(event: &Event) -> Option<String> {
    let entry = event.logentry.as_ref().map(|entry| normalized(entry.template()));
    let thrown = || {
        event
            .thrown()?
            .value
            .as_deref()
            .map(|value| normalized(&wording::canonical(event, value)))
    };
    entry.filter(|message| !message.is_empty()).or_else(thrown)
}

/// The first lines of a text with `<int>` for a number, `<uuid>` for a UUID and so on.
pub(super) fn normalized(text: &str) -> String {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first: Vec<&str> = lines.by_ref().take(LINES).collect();
    let mut normalized = parameterize(&first.join("\n"));
    if lines.next().is_some() {
        normalized.push_str("...");
    }
    normalized
}

/// A text with `<str>` for whatever stands in quotes.
pub(super) fn without_quotes(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\'', '`', '“', '‘', '«']) {
        let (before, quoted) = rest.split_at(at);
        result.push_str(before);
        let length = if is_in_word(before) {
            None
        } else {
            quotation(quoted)
        };
        match length {
            Some(length) => {
                result.push_str("<str>");
                rest = &quoted[length..];
            }
            None => {
                let quote = quoted.chars().next().map_or(1, char::len_utf8);
                result.push_str(&quoted[..quote]);
                rest = &quoted[quote..];
            }
        }
    }
    result.push_str(rest);
    result
}

/// Whether a quote after this text is an apostrophe.
fn is_in_word(before: &str) -> bool {
    before.ends_with(char::is_alphanumeric)
}

/// The length of what a text starts with, from quote to quote; the second is not within a word.
fn quotation(text: &str) -> Option<usize> {
    let open = text.chars().next()?;
    let close = match open {
        '“' => '”',
        '‘' => '’',
        '«' => '»',
        same => same,
    };
    let start = open.len_utf8();
    let head = &text[..text.floor_char_boundary(LONGEST)];
    let mut ends = head.get(start..)?.match_indices(close).take(8);
    let end = ends.find(|(at, _)| {
        let after = &text[start + at + close.len_utf8()..];
        !after.starts_with(char::is_alphanumeric)
    });
    end.map(|(at, _)| start + at + close.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lines_count() {
        assert_eq!(normalized("a 1\n\n  b 2  \nc"), "a <int>\nb <int>...");
        assert_eq!(normalized("  a\n"), "a");
        assert_eq!(normalized(""), "");
    }

    #[test]
    fn quotations_are_data() {
        for (text, expected) in [
            ("invalid literal: 'abc'", "invalid literal: <str>"),
            ("No \"tea\" in 'the pot'.", "No <str> in <str>."),
            ("can't brew 'Ann's tea'", "can't brew <str>"),
            ("can't brew", "can't brew"),
            ("“tea”", "<str>"),
            ("'open", "'open"),
        ] {
            assert_eq!(without_quotes(text), expected, "{text}");
        }
        without_quotes(&" '".repeat(50_000));
    }
}
