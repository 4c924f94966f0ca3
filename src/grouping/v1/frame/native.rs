//! Names of native functions without parameters, template arguments, return types and what compilers add.

use std::borrow::Cow;

/// Deepest nesting of Rust's `<A as B>` at the start of a name that is looked into.
const MAX_DEPTH: u32 = 8;

/// Longest parameters of a lambda, in bytes.
const MAX_LAMBDA: usize = 256;

/// What brackets must not be looked for in, and the letters that stand for it meanwhile: they are from
/// the private area of Unicode.
const PROTECTED: &[(&str, &str)] = &[
    ("operator<=>", "\u{f0000}"),
    ("operator<<", "\u{f0001}"),
    ("operator>>", "\u{f0002}"),
    ("operator<=", "\u{f0003}"),
    ("operator>=", "\u{f0004}"),
    ("operator->", "\u{f0005}"),
    ("operator<", "\u{f0006}"),
    ("operator>", "\u{f0007}"),
    ("operator()", "\u{f0008}"),
    (" -> ", "\u{f0009}"),
    ("`anonymous namespace'", "\u{f000a}"),
    ("(anonymous namespace)", "\u{f000b}"),
    ("(operator)", "\u{f000c}"),
    ("<lambda>", "\u{f000d}"),
];

/// The arrow before Swift's result type.
const ARROW: char = '\u{f0009}';

/// The name as it counts.
pub(super) fn trimmed(name: &str) -> Cow<'_, str> {
    let is_selector = name.starts_with('[') || name.contains("+[") || name.contains("-[");
    let is_plain = !name.contains(['(', '<', ' ', '@', '$', '`', '&', '?', '\''])
        && !name.contains("::h")
        && !name.contains("lambda");
    if is_plain || is_selector || matches!(name, "<redacted>" | "<unknown>") {
        return Cow::Borrowed(name);
    }
    let mut name = lambdas(without_qualifiers(name));
    for (text, stand_in) in PROTECTED {
        if name.contains(text) {
            name = name.replace(text, stand_in);
        }
    }
    let name = without_arguments(&without_parameters(&name), 0);
    let mut name = undecorated(last_word(&name)).to_owned();
    for (text, stand_in) in PROTECTED {
        if name.contains(stand_in) {
            name = name.replace(stand_in, text);
        }
    }
    Cow::Owned(name)
}

fn without_qualifiers(name: &str) -> &str {
    let mut rest = name.trim();
    loop {
        let bare = rest.strip_suffix('&').or_else(|| rest.strip_suffix(" const"));
        let bare = bare.or_else(|| {
            rest.strip_suffix(")const")
                .map(|_| &rest[..rest.len() - "const".len()])
        });
        match bare {
            Some(bare) => rest = bare.trim_end(),
            None => return rest,
        }
    }
}

/// The names that compilers give to lambdas and to anonymous namespaces, in one form each.
fn lambdas(name: &str) -> String {
    let mut result = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(letter) = rest.chars().next() {
        let (length, text) = gcc_lambda(rest)
            .or_else(|| numbered(rest, "lambda_", 32, "lambda"))
            .or_else(|| numbered(rest, "'lambda", 0, "lambda"))
            .or_else(|| numbered(rest, "$_", 0, "lambda"))
            .or_else(|| numbered(rest, "?A0x", 8, "`anonymous namespace'"))
            .unwrap_or((letter.len_utf8(), &rest[..letter.len_utf8()]));
        result.push_str(text);
        rest = &rest[length..];
    }
    result
}

/// `{lambda(int)#1}`.
fn gcc_lambda(rest: &str) -> Option<(usize, &'static str)> {
    let inner = rest.strip_prefix("{lambda(")?;
    let end = inner[..inner.floor_char_boundary(MAX_LAMBDA)].find('}')?;
    Some(("{lambda(".len() + end + 1, "lambda"))
}

/// A prefix with a number of so many hexadecimal digits after it, or of any length if that is 0.
fn numbered(rest: &str, prefix: &str, digits: usize, text: &'static str) -> Option<(usize, &'static str)> {
    let number = rest.strip_prefix(prefix)?;
    let is_digit = |byte: &u8| {
        if digits == 0 {
            byte.is_ascii_digit()
        } else {
            byte.is_ascii_hexdigit()
        }
    };
    let found = number.bytes().take_while(is_digit).count();
    let quote = usize::from(prefix.starts_with('\'') && number[found..].starts_with('\''));
    let is_whole = if digits == 0 {
        found > 0 || quote > 0
    } else {
        found == digits
    };
    is_whole.then_some((prefix.len() + found + quote, text))
}

/// Without every outermost `(…)`.
fn without_parameters(name: &str) -> String {
    let mut depth = 0_u32;
    let is_outside = |letter: &char| {
        match letter {
            '(' => depth += 1,
            ')' if depth > 0 => {
                depth -= 1;
                return false;
            }
            _ => {}
        }
        depth == 0
    };
    name.chars().filter(is_outside).collect()
}

/// `<T>` for every outermost `<…>`, except at the start, where Rust has `<A as B>`: that is `A`.
fn without_arguments(name: &str, depth: u32) -> String {
    let mut result = String::with_capacity(name.len());
    let mut open = 0_u32;
    let mut start = 0;
    for (at, letter) in name.char_indices() {
        match letter {
            '<' => {
                open += 1;
                if open == 1 {
                    start = at + 1;
                }
            }
            '>' if open > 0 => {
                open -= 1;
                if open == 0 && start == 1 && depth < MAX_DEPTH {
                    result.push_str(&implementer(&name[start..at], depth));
                } else if open == 0 {
                    result.push_str("<T>");
                }
            }
            _ if open == 0 => result.push(letter),
            _ => {}
        }
    }
    result
}

/// Who implements a trait: `A` of `A as B`, and of `T as A as B`.
fn implementer(inner: &str, depth: u32) -> String {
    let inner = match inner.split_once(" as ") {
        Some((letter, rest)) if letter.len() == 1 && rest.contains(" as ") => rest,
        _ => inner,
    };
    let inner = without_arguments(inner, depth + 1);
    inner.split(" as ").next().unwrap_or_default().to_owned()
}

/// The name itself among return types and the like: the word before Swift's arrow, else the last.
fn last_word(name: &str) -> &str {
    let name = name.split(ARROW).next().unwrap_or(name).trim();
    match name.rsplit_once(' ') {
        // Template arguments may stand apart.
        Some((before, "<T>")) => &name[before.rfind(' ').map_or(0, |at| at + 1)..],
        Some((_, last)) => last,
        None => name,
    }
}

/// Without Rust's hash and without the decorations of calling conventions on Windows.
fn undecorated(name: &str) -> &str {
    let is_hash = |hash: &str| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let name = name
        .rsplit_once("::h")
        .filter(|(_, hash)| is_hash(hash))
        .map_or(name, |(rest, _)| rest);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let name = name
        .rsplit_once('@')
        .filter(|(rest, number)| !rest.is_empty() && is_number(number))
        .map_or(name, |(rest, _)| rest);
    name.strip_prefix('@')
        .filter(|rest| !rest.is_empty())
        .unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_changes() {
        for (name, short) in [
            ("tea::brew::h0123456789abcdef", "tea::brew"),
            ("tea::brew::{{closure}}", "tea::brew::{{closure}}"),
            ("void tea::pour(int, char const*) const", "tea::pour"),
            ("tea::pour(int) const &", "tea::pour"),
            (
                "std::vector<int, std::allocator<int>>::at(unsigned long)",
                "std::vector<T>::at",
            ),
            ("<tea::Pot as core::fmt::Debug>::fmt", "tea::Pot::fmt"),
            (
                "<tea::Pot<A, B> as core::fmt::Debug>::fmt::h0123456789abcdef",
                "tea::Pot<T>::fmt",
            ),
            ("-[Tea brew:]", "-[Tea brew:]"),
            ("__12-[Tea brew:]_block_invoke", "__12-[Tea brew:]_block_invoke"),
            ("main", "main"),
            ("<redacted>", "<redacted>"),
            ("tea::Pot::operator()(int)", "tea::Pot::operator()"),
            (
                "std::ostream& operator<< <char>(std::ostream&, char)",
                "operator<< <T>",
            ),
            (
                "<lambda_5db80dab47756d3e72c2dcd38b80b1dd>::operator()",
                "<lambda>::operator()",
            ),
            (
                "tea::brew(int)::{lambda(int)#1}::operator()(int) const",
                "tea::brew::lambda::operator()",
            ),
            (
                "tea::brew()::$_0::operator()() const",
                "tea::brew::lambda::operator()",
            ),
            ("?A0xc3a0617d::crash", "`anonymous namespace'::crash"),
            (
                "(anonymous namespace)::crash(int)",
                "(anonymous namespace)::crash",
            ),
            ("Tea.Pot.brew(cup: Swift.Int) -> Swift.String", "Tea.Pot.brew"),
            ("closure #1 in Tea.Pot.brew() -> ()", "Tea.Pot.brew"),
            ("_NtWaitForSingleObject@12", "_NtWaitForSingleObject"),
            ("@tea@8", "tea"),
            ("unclosed<a(b", "unclosed"),
        ] {
            assert_eq!(trimmed(name), short, "{name}");
        }
    }

    #[test]
    fn deep_templates_are_survived() {
        for piece in [
            "Foo<",
            "<",
            "<A as ",
            "(",
            "{lambda(",
            ">",
            "$_",
            "operator<",
            " as ",
        ] {
            let name = piece.repeat(20_000 / piece.len());
            assert!(trimmed(&name).len() <= 3 * name.len());
        }
    }
}
