//! Which issues a commit says that it mends: `Fixes SHOP-12, SHOP-15 and WEB-3`. Reads the message only.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::issue::ShortId;

/// The most issues that one commit mends.
const MOST: usize = 50;

/// A keyword, and the names of issues after it.
#[expect(
    clippy::unwrap_used,
    reason = "the pattern is a constant, which the tests compile"
)]
static FIXES: LazyLock<Regex> = LazyLock::new(|| {
    let keyword = r"(?i)\b(?:fix|fixes|fixed|close|closes|closed|resolve|resolves|resolved):?\s+";
    let name = r"#?[a-z0-9_][a-z0-9_-]*-[0-9]{1,10}\b";
    Regex::new(&format!(
        r"{keyword}({name}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s+){name})*)"
    ))
    .unwrap()
});

/// The issues that a message names after one of the words `fix`, `close` and `resolve` in their forms, each once, in
/// the order of the message.
pub fn fixes(message: &str) -> Vec<ShortId> {
    let lists = FIXES.captures_iter(message).filter_map(|found| found.get(1));
    let words = lists.flat_map(|list| {
        list.as_str()
            .split(|c: char| c.is_whitespace() || [',', '&', '#'].contains(&c))
    });
    let mut named: Vec<ShortId> = Vec::new();
    for id in words.filter_map(|word| word.parse().ok()) {
        if !named.contains(&id) && named.len() < MOST {
            named.push(id);
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_what_it_mends() {
        for (message, expected) in [
            ("Fixes SHOP-12", &["SHOP-12"][..]),
            ("fix: shop-12\n\nMore.", &["SHOP-12"]),
            (
                "Cart: fixed SHOP-12, SHOP-13 and WEB-FRONT-1.",
                &["SHOP-12", "SHOP-13", "WEB-FRONT-1"],
            ),
            ("closes #SHOP-1 & resolves: SHOP-2", &["SHOP-1", "SHOP-2"]),
            ("Resolved SHOP-1 SHOP-1, and SHOP-2", &["SHOP-1", "SHOP-2"]),
            ("Close SHOP-3,SHOP-4", &["SHOP-3", "SHOP-4"]),
            ("See SHOP-12", &[]),
            ("prefixes SHOP-12", &[]),
            ("fixes the cart of SHOP-12", &[]),
            ("fixes SHOP-12x", &[]),
            ("fixes SHOP-99999999999", &[]),
            ("fixes #12", &[]),
            ("", &[]),
        ] {
            let named: Vec<_> = fixes(message).iter().map(ToString::to_string).collect();
            assert_eq!(named, expected, "{message}");
        }
    }

    #[test]
    fn a_message_without_end_names_a_few() {
        let message = (0..10_000).fold(String::from("fixes"), |text, number| {
            format!("{text} A-{number},")
        });
        assert_eq!(fixes(&message).len(), MOST);
    }
}
