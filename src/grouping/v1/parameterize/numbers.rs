//! Numbers, with and without units.

use super::codes;
use super::scan::{decimal, digits, ends_word, fits, letters, run};
use super::{Shape, shape};

/// So many digits are an identifier, and no number.
const IDENTIFIER: usize = 16;
/// Fewest digits of a telephone number.
const PHONE: usize = 8;

/// `12.5MB`, and `12.5 MB`.
pub(super) fn size(_: &str, rest: &str) -> Option<Shape> {
    let number = decimal(rest)?;
    let space = usize::from(rest[number..].starts_with(' '));
    let unit = letters(&rest[number + space..]);
    let is_short = matches!(unit, "B" | "b" | "k" | "K" | "M" | "G");
    let is_unit = matches!(
        unit,
        "kB" | "KB" | "MB" | "GB" | "TB" | "PB" | "KiB" | "MiB" | "GiB" | "TiB" | "kb" | "mb" | "gb" | "tb"
    );
    let length = number + space + unit.len();
    let fits = is_unit || is_short && space == 0 && unit.eq_ignore_ascii_case("b");
    (fits && ends_word(rest, length)).then_some(Shape { kind: "size", length })
}

/// Whole numbers, with or without separators, and fractions, unless they are part of a name or a code
/// that people know.
pub(super) fn number(before: &str, rest: &str) -> Option<Shape> {
    let length = separated(rest)
        .or_else(|| exponential(rest))
        .or_else(|| decimal(rest))?;
    let text = &rest[..length];
    if !ends_word(rest, length) || codes::is_code(before, text, &rest[length..]) {
        return None;
    }
    let kind = match () {
        () if text.contains(['.', 'e', 'E']) => "float",
        () if text.len() >= IDENTIFIER && digits(text) == text.len() => "hex",
        () => "int",
    };
    shape(kind, length)
}

/// A number below zero. The hyphen of `utf-8` and `Thread-17` is no minus.
pub(super) fn negative(before: &str, rest: &str) -> Option<Shape> {
    let positive = rest.strip_prefix('-')?;
    let is_minus = before.is_empty()
        || before.ends_with(|letter: char| letter.is_whitespace() || "([{=,:<>".contains(letter));
    if !is_minus {
        return None;
    }
    let Shape { kind, length } = number(before, positive)?;
    shape(kind, length + 1)
}

/// `+1 (555) 010-9999` and `(555) 010-9999`.
pub(super) fn phone(before: &str, rest: &str) -> Option<Shape> {
    if before.ends_with(char::is_alphanumeric) || !rest.starts_with(['+', '(']) {
        return None;
    }
    let head = run(rest, 24, |byte| {
        byte.is_ascii_digit() || b"+()-. ".contains(&byte)
    });
    let text = rest[..head].trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let count = text.bytes().filter(u8::is_ascii_digit).count();
    let is_grouped = match text.strip_prefix('(') {
        Some(area) => digits(area) == 3 && area[3..].starts_with(')') && count == 10,
        None => text
            .strip_prefix('+')
            .is_some_and(|rest| digits(rest) > 0 && !rest.contains('+')),
    };
    (is_grouped && (PHONE..=15).contains(&count) && ends_word(rest, text.len())).then_some(Shape {
        kind: "phone",
        length: text.len(),
    })
}

/// `555-010-9999`.
pub(super) fn local_phone(before: &str, rest: &str) -> Option<Shape> {
    let length = fits(rest, "ddd-ddd-dddd").or_else(|| fits(rest, "ddd.ddd.dddd"))?;
    let goes_on = before.ends_with(['-', '.']) || rest[length..].starts_with('-');
    (ends_word(rest, length) && !goes_on).then_some(Shape {
        kind: "phone",
        length,
    })
}

/// The length of `4,150,908` or `4'150'908`, with or without a fraction.
fn separated(text: &str) -> Option<usize> {
    let first = digits(text);
    let separator = text[first..]
        .chars()
        .next()
        .filter(|it| matches!(it, ',' | '\''))?;
    if !(1..=3).contains(&first) {
        return None;
    }
    let mut length = first;
    while let Some(group) = text[length..].strip_prefix(separator)
        && digits(group) == 3
    {
        length += 4;
    }
    let fraction = text[length..].strip_prefix('.').map_or(0, digits);
    let length = if fraction > 0 {
        length + 1 + fraction
    } else {
        length
    };
    (length > first).then_some(length)
}

/// The length of `1.5e-7`.
fn exponential(text: &str) -> Option<usize> {
    let mantissa = decimal(text)?;
    let exponent = text[mantissa..].strip_prefix(['e', 'E'])?;
    let sign = usize::from(exponent.starts_with(['+', '-']));
    let power = digits(&exponent[sign..]);
    // Without a sign or a fraction it may be a word of hexadecimal digits.
    let is_number = power > 0 && (sign > 0 || text[..mantissa].contains('.'));
    is_number.then_some(mantissa + 1 + sign + power)
}
