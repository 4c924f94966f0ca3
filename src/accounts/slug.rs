//! Names of projects in URLs. Pure.

/// The most bytes of a slug.
const MAX: usize = 50;

/// Whether `text` can be a slug: small letters, digits, dashes and underscores; not digits only, which would be an id.
pub(super) fn is_valid(text: &str) -> bool {
    let is_allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    !text.is_empty() && text.len() <= MAX && text.bytes().all(is_allowed) && !is_number
}

/// The slug that `name` suggests; none when it has no letter that a URL shows plainly.
pub(super) fn suggested_by(name: &str) -> Option<String> {
    let mut slug = String::new();
    for c in name.chars().flat_map(char::to_lowercase).take(MAX) {
        match c {
            'a'..='z' | '0'..='9' | '_' => slug.push(c),
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    let slug = slug.trim_end_matches('-');
    slug.bytes()
        .any(|byte| byte.is_ascii_lowercase())
        .then(|| slug.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_suggests_a_slug() {
        for (name, slug) in [
            ("Shop", Some("shop")),
            ("  The Web-Shop (EU) ", Some("the-web-shop-eu")),
            ("Größe", Some("gr-e")),
            ("2048", None),
            ("商店", None),
            ("", None),
        ] {
            assert_eq!(suggested_by(name).as_deref(), slug, "{name}");
        }
    }

    #[test]
    fn only_slugs_are_slugs() {
        for text in ["shop", "web-shop", "a1", "a_b"] {
            assert!(is_valid(text), "{text}");
        }
        for text in ["", "Shop", "42", "a/b", "a b", &"x".repeat(51)] {
            assert!(!is_valid(text), "{text}");
        }
    }
}
