//! What browsers call one and the same error. Data, not code: add a line to the table.

use std::borrow::Cow;

use crate::protocol::event::{Event, Exception};

use super::frame::Platform;

/// Longest message that is compared.
const MAX_BYTES: usize = 1024;

/// A message as a browser puts it, and as it counts. `{what}` is any text, `{name}` any text of which the
/// last member of a path counts: `e.types.includes` is `includes`.
const TABLE: &[(&str, &str)] = &[
    // V8 new and old, SpiderMonkey, JavaScriptCore, Chakra.
    (
        "Cannot read properties of {what} (reading '{name}')",
        "cannot access {name} of {what}",
    ),
    (
        "Cannot set properties of {what} (setting '{name}')",
        "cannot access {name} of {what}",
    ),
    (
        "Cannot read property '{name}' of {what}",
        "cannot access {name} of {what}",
    ),
    (
        "Cannot set property '{name}' of {what}",
        "cannot access {name} of {what}",
    ),
    (
        "can't access property \"{name}\", {any} is {what}",
        "cannot access {name} of {what}",
    ),
    (
        "can't access property {name}, {any} is {what}",
        "cannot access {name} of {what}",
    ),
    (
        "undefined is not an object (evaluating '{name}')",
        "cannot access {name} of undefined",
    ),
    (
        "null is not an object (evaluating '{name}')",
        "cannot access {name} of null",
    ),
    (
        "Unable to get property '{name}' of undefined or null reference",
        "cannot access {name} of undefined",
    ),
    (
        "Unable to set property '{name}' of undefined or null reference",
        "cannot access {name} of undefined",
    ),
    ("{name} is not a function. (In '{any}", "{name} is not a function"),
    ("{name} is not a function", "{name} is not a function"),
    (
        "Object doesn't support property or method '{name}'",
        "{name} is not a function",
    ),
    (
        "{name} is not a constructor (evaluating '{any}",
        "{name} is not a constructor",
    ),
    ("{name} is not a constructor", "{name} is not a constructor"),
    ("Can't find variable: {name}", "{name} is not defined"),
    ("{name} is not defined", "{name} is not defined"),
    ("{name} is not iterable{any}", "not iterable"),
    ("undefined is not a function (near '{any}", "not iterable"),
    ("Assignment to constant variable.", "assignment to constant"),
    ("invalid assignment to const {any}", "assignment to constant"),
    (
        "Attempted to assign to readonly property.",
        "assignment to constant",
    ),
    (
        "Cannot convert undefined or null to object",
        "cannot convert to object",
    ),
    ("can't convert {any} to object", "cannot convert to object"),
    (
        "Cannot access '{name}' before initialization",
        "{name} used before it is there",
    ),
    (
        "can't access lexical declaration '{name}' before initialization",
        "{name} used before it is there",
    ),
    ("Cannot access uninitialized variable.", "used before it is there"),
    // Endless recursion.
    ("Maximum call stack size exceeded{any}", "too much recursion"),
    ("too much recursion", "too much recursion"),
    ("Out of stack space", "too much recursion"),
    // JSON.
    ("Unexpected end of JSON input", "JSON ends too early"),
    ("JSON.parse: unexpected end of data{any}", "JSON ends too early"),
    ("JSON Parse error: Unexpected EOF", "JSON ends too early"),
    ("Unexpected token {any} JSON{any}", "not JSON"),
    ("JSON.parse: {any}", "not JSON"),
    ("JSON Parse error: {any}", "not JSON"),
    // The network.
    (
        "Failed to fetch dynamically imported module{any}",
        "module failed to load",
    ),
    (
        "error loading dynamically imported module{any}",
        "module failed to load",
    ),
    ("Importing a module script failed.", "module failed to load"),
    ("Failed to fetch{any}", "network failed"),
    (
        "NetworkError when attempting to fetch resource.",
        "network failed",
    ),
    ("Load failed{any}", "network failed"),
    ("Network request failed", "network failed"),
    ("The Internet connection appears to be offline.", "network failed"),
    ("The network connection was lost.", "network failed"),
    ("The user aborted a request.", "aborted"),
    ("The operation was aborted.{any}", "aborted"),
    ("signal is aborted without reason", "aborted"),
    ("Fetch is aborted", "aborted"),
    // The page.
    ("ResizeObserver loop {any}", "ResizeObserver loop"),
    ("{any} exceeded the quota.", "quota exceeded"),
    ("The quota has been exceeded.", "quota exceeded"),
    ("QuotaExceededError{any}", "quota exceeded"),
    (
        "Failed to execute 'removeChild' on 'Node': {any}",
        "no such child",
    ),
    (
        "Failed to execute 'insertBefore' on 'Node': {any}",
        "no such child",
    ),
    ("Node.removeChild: {any}", "no such child"),
    ("Node.insertBefore: {any}", "no such child"),
    ("The object can not be found here.", "no such child"),
];

/// A message in the words that all browsers share. Other messages stay as they are.
pub(super) fn canonical<'e>(event: &Event, value: &'e str) -> Cow<'e, str> {
    let platform = Platform::named(event.platform.as_deref().unwrap_or_default());
    if !platform.is_javascript() || value.len() > MAX_BYTES {
        return Cow::Borrowed(value);
    }
    let text = value.trim();
    // Some put the name of the thing that was thrown in front of it.
    let text = text.strip_prefix("TypeError: ").unwrap_or(text);
    let found = TABLE
        .iter()
        .find_map(|(pattern, form)| Some(filled_in(form, &captured(pattern, text)?)));
    found.map_or(Cow::Borrowed(value), Cow::Owned)
}

/// The type of an exception; endless recursion has one in Firefox, and another one everywhere else.
pub(super) fn ty(exception: &Exception) -> Option<&str> {
    let ty = exception.ty.as_deref().filter(|ty| !ty.is_empty())?;
    match (ty, exception.value.as_deref()) {
        ("InternalError", Some("too much recursion")) => Some("RangeError"),
        _ => Some(ty),
    }
}

/// What stands in the places of a pattern, if it fits the whole text.
fn captured<'p, 't>(pattern: &'p str, text: &'t str) -> Option<Vec<(&'p str, &'t str)>> {
    let mut found = Vec::new();
    let mut text = text;
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        text = text.strip_prefix(before)?;
        let (name, after) = after.split_once('}')?;
        let next = after.split('{').next().unwrap_or(after);
        let end = if next.is_empty() {
            text.len()
        } else {
            text.find(next)?
        };
        found.push((name, &text[..end]));
        text = &text[end..];
        rest = after;
    }
    (text == rest).then_some(found)
}

fn filled_in(form: &str, found: &[(&str, &str)]) -> String {
    found.iter().fold(form.to_owned(), |form, (name, text)| {
        let text = if *name == "name" { last_member(text) } else { text };
        form.replace(&format!("{{{name}}}"), text)
    })
}

/// The last member of `e.types.includes`, `this.cups[0].fill` or `pot.brew()`, or the left side of an
/// assignment to it.
fn last_member(path: &str) -> &str {
    let path = path.split(" = ").next().unwrap_or(path);
    let path = path
        .split('(')
        .next()
        .filter(|head| !head.is_empty())
        .unwrap_or(path);
    let path = path.rsplit(['.', ' ']).next().unwrap_or(path);
    path.trim_matches(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '$')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn in_browser(value: &str) -> String {
        let event = Event::from_value(json!({"platform": "javascript"})).unwrap();
        canonical(&event, value).into_owned()
    }

    #[test]
    fn browsers_mean_the_same() {
        for group in [
            &[
                "Cannot read properties of undefined (reading 'brew')",
                "Cannot read property 'brew' of undefined",
                "can't access property \"brew\", e.pot is undefined",
                "undefined is not an object (evaluating 'e.pot.brew')",
                "Unable to get property 'brew' of undefined or null reference",
            ][..],
            &[
                "e.brew is not a function",
                "t.brew is not a function. (In 't.brew()', 't.brew' is undefined)",
            ],
            &["tea is not defined", "Can't find variable: tea"],
            &[
                "Failed to fetch",
                "Load failed",
                "NetworkError when attempting to fetch resource.",
            ],
            &[
                "Unexpected token '<', \"<!doctype \"... is not valid JSON",
                "Unexpected token < in JSON at position 0",
                "JSON.parse: unexpected character at line 1 column 1 of the JSON data",
                "JSON Parse error: Unrecognized token '<'",
            ],
            &[
                "cups is not iterable",
                "undefined is not a function (near '...e of cups...')",
            ],
            &["Maximum call stack size exceeded", "too much recursion"],
            &[
                "ResizeObserver loop limit exceeded",
                "ResizeObserver loop completed with undelivered notifications.",
            ],
        ] {
            for other in group {
                assert_eq!(in_browser(other), in_browser(group[0]), "{other}");
            }
        }
    }

    #[test]
    fn different_errors_stay_different() {
        let values = [
            "Cannot read properties of undefined (reading 'brew')",
            "Cannot read properties of null (reading 'brew')",
            "Cannot read properties of undefined (reading 'pour')",
            "e.brew is not a function",
            "no tea",
        ];
        for (at, value) in values.iter().enumerate() {
            assert!(
                values[..at]
                    .iter()
                    .all(|other| in_browser(other) != in_browser(value)),
                "{value}"
            );
        }
    }
}
