//! Bundles: files and modules that are named after their content, without it.

use std::borrow::Cow;

/// What stands between the words of a name.
const BETWEEN: [char; 3] = ['.', '-', '_'];

fn is_between(byte: &u8) -> bool {
    BETWEEN.contains(&char::from(*byte))
}

/// `main.7622a1ce.js` and `main-DhX3k9aB.js` are `main.js`, and `9f1c2ab4.js` is `<hash>.js`.
pub(super) fn file(name: &str) -> Cow<'_, str> {
    let (stem, extension) = name.split_at(name.rfind('.').filter(|at| *at > 0).unwrap_or(name.len()));
    if !stem.ends_with(BETWEEN) && !stem.as_bytes().split(is_between).any(is_hash) {
        return Cow::Borrowed(name);
    }
    let mut kept = String::with_capacity(name.len());
    for piece in stem.split_inclusive(BETWEEN) {
        if !is_hash(piece.trim_end_matches(BETWEEN).as_bytes()) {
            kept.push_str(piece);
        }
    }
    kept.truncate(kept.trim_end_matches(BETWEEN).len());
    if kept.is_empty() && !stem.is_empty() {
        kept.push_str("<hash>");
    }
    kept.push_str(extension);
    Cow::Owned(kept)
}

/// A module that is named after its bundle: `static/main.7622a1ce` is `static/main`.
pub(super) fn module(module: &str) -> Cow<'_, str> {
    match module.rsplit_once(['.', '-']) {
        Some((rest, hash)) if hash.len() >= 8 && !rest.is_empty() && is_hash(hash.as_bytes()) => {
            Cow::Borrowed(rest)
        }
        _ => Cow::Borrowed(module),
    }
}

fn is_hash(word: &[u8]) -> bool {
    let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
    if digits == 0 {
        return false;
    }
    if digits == word.len() {
        return digits >= 3;
    }
    let is_hex = word.iter().all(u8::is_ascii_hexdigit);
    let humps = word
        .windows(2)
        .filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    let switches = word
        .windows(2)
        .filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit());
    is_hex && word.len() >= 6
        || word.len() >= 8
            && word.iter().all(u8::is_ascii_alphanumeric)
            && (switches.count() >= 2 || humps.count() >= 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_lose_their_hash() {
        for (name, expected) in [
            ("main.7622a1ce.js", "main.js"),
            ("main.js", "main.js"),
            ("index-DhX3k9aB.js", "index.js"),
            ("4711.0a1b2c3d.chunk.js", "chunk.js"),
            ("9f1c2ab4.js", "<hash>.js"),
            ("polyfills.es2015.js", "polyfills.es2015.js"),
            ("UserSettings-page.jsx", "UserSettings-page.jsx"),
            ("jquery-3.min.js", "jquery-3.min.js"),
            ("", ""),
        ] {
            assert_eq!(file(name), expected, "{name}");
        }
    }
}
