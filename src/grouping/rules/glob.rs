//! Globs: `*`, `**` and `?`, for texts and for paths.

use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

/// Most memory that a compiled set of globs may take.
const MAX_COMPILED: usize = 16 * 1024 * 1024;

const TOO_LARGE: &str = "the patterns are too large";

/// How a glob reads its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Reading {
    /// As it is; `*` stands for anything.
    Text,
    /// Without regard to case.
    Folded,
    /// Without regard to case and the kind of slash; only `**` crosses a slash.
    Path,
}

/// One glob.
#[derive(Debug)]
pub(super) enum Glob {
    /// A text without any wildcards, the commonest kind by far.
    Plain(String, Reading),
    /// Any other.
    Pattern(Regex),
}

impl Glob {
    /// Compiles a glob. Fails if it is too large.
    pub(super) fn new(glob: &str, reading: Reading) -> Result<Self, String> {
        if !glob.contains(['*', '?']) {
            let text = if reading == Reading::Path {
                path(glob)
            } else {
                glob.to_owned()
            };
            return Ok(Self::Plain(text, reading));
        }
        RegexBuilder::new(&pattern(glob, reading))
            .unicode(false)
            .dot_matches_new_line(true)
            .size_limit(MAX_COMPILED)
            .build()
            .map(Self::Pattern)
            .map_err(|_| TOO_LARGE.to_owned())
    }

    /// Whether it matches the whole of a text.
    pub(super) fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Plain(plain, Reading::Folded) => plain.eq_ignore_ascii_case(text),
            Self::Plain(plain, _) => plain == text,
            Self::Pattern(pattern) => pattern.is_match(text.as_bytes()),
        }
    }
}

/// Many globs that are matched at once, in one pass over the text.
#[derive(Debug, Default)]
pub(super) struct Globs {
    set: Option<RegexSet>,
}

impl Globs {
    /// Compiles globs. Fails if they are too large together.
    pub(super) fn new<'a>(globs: impl IntoIterator<Item = (&'a str, Reading)>) -> Result<Self, String> {
        let patterns: Vec<String> = globs
            .into_iter()
            .map(|(glob, reading)| pattern(glob, reading))
            .collect();
        if patterns.is_empty() {
            return Ok(Self::default());
        }
        let set = RegexSetBuilder::new(patterns)
            .unicode(false)
            .dot_matches_new_line(true)
            .size_limit(MAX_COMPILED)
            .build()
            .map_err(|_| TOO_LARGE.to_owned())?;
        Ok(Self { set: Some(set) })
    }

    /// The indexes of the globs that match.
    pub(super) fn matches(&self, text: &str) -> impl Iterator<Item = usize> {
        let found = self.set.as_ref().map(|set| set.matches(text.as_bytes()));
        found.into_iter().flatten()
    }
}

/// A path as [`Reading::Path`] wants it: in small letters, with `/`.
pub(super) fn path(text: &str) -> String {
    let path = text.to_ascii_lowercase();
    if path.contains('\\') {
        path.replace('\\', "/")
    } else {
        path
    }
}

fn pattern(glob: &str, reading: Reading) -> String {
    let glob = if reading == Reading::Path {
        path(glob)
    } else {
        glob.to_owned()
    };
    let (any, one) = match reading {
        Reading::Path => ("[^/]*", "[^/]"),
        Reading::Text | Reading::Folded => (".*", "."),
    };
    let mut pattern = String::from(if reading == Reading::Folded { "(?i)^" } else { "^" });
    let mut rest = glob.as_str();
    while let Some(letter) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("**") {
            pattern.push_str(".*");
            rest = after.trim_start_matches('*');
            continue;
        }
        match letter {
            '*' => pattern.push_str(any),
            '?' => pattern.push_str(one),
            _ => pattern.push_str(&escaped(letter)),
        }
        rest = &rest[letter.len_utf8()..];
    }
    pattern.push('$');
    pattern
}

/// A letter, or its bytes: the sets are matched without Unicode.
fn escaped(letter: char) -> String {
    if letter.is_ascii() {
        return regex::escape(letter.encode_utf8(&mut [0; 4]));
    }
    let mut bytes = [0; 4];
    let bytes = letter.encode_utf8(&mut bytes).bytes();
    bytes.map(|byte| format!(r"\x{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(glob: &str, reading: Reading, text: &str) -> bool {
        let is_match = Glob::new(glob, reading).unwrap().is_match(text);
        let globs = Globs::new([("x", Reading::Text), (glob, reading)]).unwrap();
        assert_eq!(globs.matches(text).any(|number| number == 1), is_match, "{glob}");
        is_match
    }

    #[test]
    fn stars_stand_for_anything() {
        for (glob, text) in [
            ("tea::*", "tea::brew"),
            ("*::{{closure}}", "tea::brew::{{closure}}"),
            ("?A0x*", "fA0x12"),
            ("größe*", "größer\n"),
            ("a+b", "a+b"),
            ("", ""),
        ] {
            assert!(fits(glob, Reading::Text, text), "{glob}");
        }
        assert!(!fits("tea", Reading::Text, "teapot"));
        assert!(!fits("Tea", Reading::Text, "tea"));
        assert!(fits("No TEA*", Reading::Folded, "no tea for 7"));
        assert!(fits("No TEA", Reading::Folded, "no tea"));
    }

    #[test]
    fn only_two_stars_cross_a_slash() {
        assert!(fits(
            "**/Vendor/**",
            Reading::Path,
            &path("C:\\app\\VENDOR\\x.php")
        ));
        assert!(fits("/app/*.py", Reading::Path, "/app/x.py"));
        assert!(fits("Tea\\Pot.js", Reading::Path, &path("tea\\pot.js")));
        assert!(!fits("/app/*.py", Reading::Path, "/app/y/x.py"));
    }
}
