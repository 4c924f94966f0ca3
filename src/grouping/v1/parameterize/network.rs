//! Addresses: of pages, people, machines and requests.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::scan::{ends_word, fits, run, word};
use super::{Shape, shape};

/// Longest local part of an e-mail address, and longest label, that is looked for.
const LABEL: usize = 64;
/// Longest name of a machine.
const HOST: usize = 253;

/// Top-level domains that are no endings of files and no parts of programs.
const DOMAINS: &[&str] = &[
    "arpa",
    "biz",
    "cloud",
    "com",
    "corp",
    "edu",
    "eu",
    "example",
    "gov",
    "internal",
    "int",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "mil",
    "net",
    "online",
    "org",
    "site",
    "store",
    "svc",
    "test",
    "xyz",
];

/// Those that may be something else: with them a name needs three labels.
const AMBIGUOUS: &[&str] = &[
    "ai", "app", "at", "au", "be", "br", "ca", "cc", "ch", "cn", "co", "cz", "de", "dev", "dk", "es", "fi",
    "fr", "gg", "hk", "ie", "il", "in", "info", "io", "it", "jp", "kr", "me", "mx", "name", "nl", "no", "nz",
    "pl", "pro", "pt", "ru", "se", "sg", "sh", "shop", "so", "tech", "tr", "tv", "tw", "ua", "uk", "us",
    "za",
];

/// A scheme, `://` and everything up to white space or a quote.
pub(super) fn url(_: &str, rest: &str) -> Option<Shape> {
    let scheme = run(rest, 24, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-')
    });
    let tail = rest[scheme..].strip_prefix("://").filter(|_| scheme >= 2)?;
    let end = tail.find(|letter: char| {
        letter.is_whitespace() || matches!(letter, '"' | '\'' | '`' | '<' | '>' | ')' | ']' | '}' | '|')
    });
    let end = tail[..end.unwrap_or(tail.len())]
        .trim_end_matches(['.', ',', ';', ':', '!', '?'])
        .len();
    shape("url", scheme + 3 + end)
}

/// A local part, `@` and a domain. `com.acme.Foo@1b6d3586` is none.
pub(super) fn email(before: &str, rest: &str) -> Option<Shape> {
    if before.ends_with(['.', '-', '+', '%']) {
        return None;
    }
    let name = run(rest, LABEL, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'-' | b'%')
    });
    let domain = rest[name..].strip_prefix('@')?;
    let length = run(domain, HOST, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')
    });
    let domain = domain[..length].trim_end_matches(['.', '-']);
    let (_, top) = domain.rsplit_once('.')?;
    let is_name = top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_name.then_some(Shape {
        kind: "email",
        length: name + 1 + domain.len(),
    })
}

/// The identifier of a request across machines, as the W3C has it, and as Amazon has it.
pub(super) fn traceparent(_: &str, rest: &str) -> Option<Shape> {
    let w3c = fits(rest, "xx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxx-xx");
    let length = w3c.or_else(|| fits(rest, "d-xxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxx"))?;
    ends_word(rest, length).then_some(Shape {
        kind: "traceparent",
        length,
    })
}

/// The address of a network card.
pub(super) fn mac(_: &str, rest: &str) -> Option<Shape> {
    let length = fits(rest, "xx:xx:xx:xx:xx:xx").or_else(|| fits(rest, "xx-xx-xx-xx-xx-xx"))?;
    let goes_on = rest[length..].starts_with([':', '-']);
    (ends_word(rest, length) && !goes_on).then_some(Shape { kind: "mac", length })
}

/// An address on the internet. `Bee::buzz` is none: one that is abbreviated has to have a digit.
pub(super) fn ip(before: &str, rest: &str) -> Option<Shape> {
    if rest.starts_with(':') && before.ends_with(|letter: char| letter.is_alphanumeric() || letter == ':') {
        return None;
    }
    let length = run(rest, LABEL, |byte| {
        byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':')
    });
    let text = rest[..length].trim_end_matches('.');
    let text = text
        .strip_suffix(':')
        .filter(|text| !text.ends_with(':'))
        .unwrap_or(text);
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    if has_digit && text.contains(':') && text.parse::<Ipv6Addr>().is_ok() && ends_word(rest, text.len()) {
        return shape("ip", text.len());
    }
    let length = run(rest, 16, |byte| byte.is_ascii_digit() || byte == b'.');
    let text = rest[..length].trim_end_matches('.');
    (text.parse::<Ipv4Addr>().is_ok() && ends_word(rest, text.len())).then_some(Shape {
        kind: "ip",
        length: text.len(),
    })
}

/// The name of a machine: labels in small letters or capitals that end in a known domain.
pub(super) fn hostname(before: &str, rest: &str) -> Option<Shape> {
    if before.ends_with(['.', '@', '/', '\\', '-', '$']) {
        return None;
    }
    let length = run(rest, HOST, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')
    });
    let text = rest[..length].trim_end_matches(['.', '-']);
    let (names, top) = text.rsplit_once('.')?;
    let has = |test: fn(&u8) -> bool| text.bytes().any(|byte| test(&byte));
    let is_one_case = !(has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase));
    let top = top.to_ascii_lowercase();
    let is_known =
        DOMAINS.contains(&top.as_str()) || names.contains('.') && AMBIGUOUS.contains(&top.as_str());
    let is_call = rest[text.len()..].starts_with(['(', '_', '$']);
    let has_empty_label = text.contains("..") || word(text).is_empty();
    (is_known && is_one_case && !is_call && !has_empty_label).then_some(Shape {
        kind: "hostname",
        length: text.len(),
    })
}
