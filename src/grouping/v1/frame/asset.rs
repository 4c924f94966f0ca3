//! Bundles: files and modules that are named after their content, without it.

use std::borrow::Cow;

/// `main.7622a1ce.js` and `main-DhX3k9aB.js` are `main.js`, and `9f1c2ab4.js` is `<hash>.js`.
pub(super) fn file(name: &str) -> String {
    let (stem, extension) = name.split_at(name.rfind('.').filter(|at| *at > 0).unwrap_or(name.len()));
    let mut kept = String::with_capacity(name.len());
    for piece in stem.split_inclusive(['.', '-', '_']) {
        let word = piece.trim_end_matches(['.', '-', '_']);
        if !is_hash(word) {
            kept.push_str(piece);
        }
    }
    let kept = kept.trim_end_matches(['.', '-', '_']);
    format!(
        "{}{extension}",
        if kept.is_empty() && !stem.is_empty() {
            "<hash>"
        } else {
            kept
        }
    )
}

/// A module that is named after its bundle: `static/main.7622a1ce` is `static/main`.
pub(super) fn module(module: &str) -> Cow<'_, str> {
    match module.rsplit_once(['.', '-']) {
        Some((rest, hash)) if hash.len() >= 8 && !rest.is_empty() && is_hash(hash) => Cow::Borrowed(rest),
        _ => Cow::Borrowed(module),
    }
}

fn is_hash(word: &str) -> bool {
    let bytes = word.as_bytes();
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    if digits == bytes.len() {
        return digits >= 3;
    }
    let is_hex = bytes.iter().all(u8::is_ascii_hexdigit);
    let humps = bytes
        .windows(2)
        .filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    let switches = bytes
        .windows(2)
        .filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit());
    is_hex && digits > 0 && word.len() >= 6
        || word.len() >= 8
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && (switches.count() >= 2 || digits > 0 && humps.count() >= 1)
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
