//! Names that clients give to what they run: releases and environments.
//!
//! One rule for events, sessions and the API. Says what a name may be; does not take a version apart.

/// Longest name of a release, in bytes.
pub const MAX_RELEASE: usize = 200;
/// Longest name of an environment, in bytes.
pub const MAX_ENVIRONMENT: usize = 64;

/// What was given cannot be such a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid name")]
pub struct Error;

/// A version: at most 200 bytes, none of the names that stand for something else, no slashes. None when it is empty.
pub fn release(text: &str) -> Result<Option<&str>, Error> {
    let reserved = |text: &str| matches!(text, "." | "..") || text.eq_ignore_ascii_case("latest");
    name(text, MAX_RELEASE, reserved)
}

/// An environment: at most 64 bytes, as for a release. None when it is empty.
pub fn environment(text: &str) -> Result<Option<&str>, Error> {
    let reserved = |text: &str| matches!(text, "." | "..") || text.eq_ignore_ascii_case("none");
    name(text, MAX_ENVIRONMENT, reserved)
}

fn name(text: &str, bytes: usize, reserved: impl Fn(&str) -> bool) -> Result<Option<&str>, Error> {
    let text = text.trim();
    let forbidden = |character: char| matches!(character, '/' | '\\') || character.is_control();
    if text.len() > bytes || reserved(text) || text.contains(forbidden) {
        return Err(Error);
    }
    Ok((!text.is_empty()).then_some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_those_that_mean_something_else_are_refused() {
        for (text, expected) in [
            ("shop@1.2.3+7", Ok(Some("shop@1.2.3+7"))),
            (" 1.0 ", Ok(Some("1.0"))),
            ("  ", Ok(None)),
            ("none", Ok(Some("none"))),
            ("Latest", Err(Error)),
            ("..", Err(Error)),
            ("a/b", Err(Error)),
            ("a\\b", Err(Error)),
            ("a\nb", Err(Error)),
        ] {
            assert_eq!(release(text), expected, "{text:?}");
        }
        assert_eq!(release(&"x".repeat(201)), Err(Error));
        assert_eq!(environment("None"), Err(Error));
        assert_eq!(environment("latest"), Ok(Some("latest")));
        assert_eq!(environment(&"x".repeat(65)), Err(Error));
    }
}
