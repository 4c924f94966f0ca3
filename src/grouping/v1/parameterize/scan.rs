//! Looking at the start of a text.

/// Whether a letter is a part of words.
pub(super) fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The letters, digits and underscores at the start of a text.
pub(super) fn word(text: &str) -> &str {
    &text[..text.find(|letter| !is_word(letter)).unwrap_or(text.len())]
}

/// How many bytes at the start of a text, of at most so many, pass a test.
pub(super) fn run(text: &str, most: usize, test: impl Fn(u8) -> bool) -> usize {
    text.bytes().take(most).take_while(|byte| test(*byte)).count()
}

/// How many digits a text starts with.
pub(super) fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// The length of a number with or without a fraction.
pub(super) fn decimal(text: &str) -> Option<usize> {
    let whole = digits(text);
    if whole == 0 {
        return None;
    }
    let fraction = text[whole..].strip_prefix('.').map_or(0, digits);
    Some(if fraction > 0 { whole + 1 + fraction } else { whole })
}

/// The letters at the start of a text.
pub(super) fn letters(text: &str) -> &str {
    &text[..text
        .find(|letter: char| !letter.is_alphabetic())
        .unwrap_or(text.len())]
}

/// Whether no word goes on after this many bytes.
pub(super) fn ends_word(text: &str, length: usize) -> bool {
    !text[length..].chars().next().is_some_and(is_word)
}

/// The end of what stands before, of at most so many bytes.
pub(super) fn end(before: &str, most: usize) -> &str {
    &before[before.ceil_char_boundary(before.len().saturating_sub(most))..]
}

/// The length of a pattern at the start of a text: `d` is a digit, `x` a hexadecimal one, `A` three
/// letters of a name such as `Mon` or `Feb`, everything else itself.
pub(super) fn fits(text: &str, pattern: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    for form in pattern.bytes() {
        let length = if form == b'A' { 3 } else { 1 };
        let part = bytes.get(at..at + length)?;
        let is_fit = match form {
            b'd' => part[0].is_ascii_digit(),
            b'x' => part[0].is_ascii_hexdigit(),
            b'A' => part[0].is_ascii_uppercase() && part[1..].iter().all(u8::is_ascii_lowercase),
            _ => part[0] == form,
        };
        if !is_fit {
            return None;
        }
        at += length;
    }
    Some(at)
}
