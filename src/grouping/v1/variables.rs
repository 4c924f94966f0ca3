//! Variables in fingerprints: an entry that is exactly `{{ name }}`.

use super::message::normalized;
use crate::protocol::event::{Event, Exception, Frame, Stacktrace};

/// The name in `{{ name }}`.
pub(super) fn name(entry: &str) -> Option<&str> {
    Some(entry.trim().strip_prefix("{{")?.strip_suffix("}}")?.trim())
}

/// The text that an entry stands for. A text that is not a variable stands for itself, except that a
/// message of the event stands for its kind: SDK code that puts raw messages into fingerprints would
/// otherwise make an issue of every event.
pub(super) fn resolved(event: &Event, entry: &str) -> String {
    match name(entry) {
        Some(name) => named(event, name),
        None if messages(event).any(|message| message == entry) => normalized(entry),
        None => entry.to_owned(),
    }
}

/// A text with what its variables stand for.
pub(super) fn filled_in(event: &Event, text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else {
            break;
        };
        result.push_str(before);
        result.push_str(&named(event, name.trim()));
        rest = after;
    }
    result.push_str(rest);
    result
}

fn named(event: &Event, name: &str) -> String {
    value(event, name).unwrap_or_else(|| match is_known(name) {
        true => format!("<no-{}>", name.replace('.', "-")),
        false => format!("<unrecognized-variable-{name}>"),
    })
}

fn messages(event: &Event) -> impl Iterator<Item = &str> {
    let entry = event
        .logentry
        .iter()
        .flat_map(|entry| [entry.text(), entry.template()]);
    entry.chain(
        event
            .exception
            .iter()
            .filter_map(|exception| exception.value.as_deref()),
    )
}

fn is_known(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "transaction",
        "message",
        "raw_message",
        "type",
        "error.type",
        "value",
        "error.value",
        "raw_value",
        "error.raw_value",
        "function",
        "stack.function",
        "path",
        "stack.abs_path",
        "filename",
        "stack.filename",
        "module",
        "stack.module",
        "package",
        "stack.package",
        "level",
        "logger",
    ];
    NAMES.contains(&name) || name.starts_with("tags.")
}

fn value(event: &Event, name: &str) -> Option<String> {
    let thrown = |member: fn(&Exception) -> Option<&String>| event.thrown().and_then(member).cloned();
    let message = || {
        event
            .logentry
            .as_ref()
            .map(|entry| entry.text().to_owned())
            .or_else(|| thrown(|it| it.value.as_ref()))
    };
    let frame = |member: fn(&Frame) -> Option<&String>| crash_frame(event).and_then(member).cloned();
    match name {
        "transaction" => event.transaction.clone(),
        "message" => message().map(|message| normalized(&message)),
        "raw_message" => message(),
        "type" | "error.type" => thrown(|it| it.ty.as_ref()),
        "value" | "error.value" => thrown(|it| it.value.as_ref()).map(|value| normalized(&value)),
        "raw_value" | "error.raw_value" => thrown(|it| it.value.as_ref()),
        "function" | "stack.function" => frame(|it| it.function.as_ref()),
        "path" | "stack.abs_path" => frame(|it| it.abs_path.as_ref()),
        "filename" | "stack.filename" => frame(|it| it.filename.as_ref()),
        "module" | "stack.module" => frame(|it| it.module.as_ref()),
        "package" | "stack.package" => frame(|it| it.package.as_ref()).map(|package| base(&package)),
        "level" => event.level.map(|level| level.to_string()),
        "logger" => event.logger.clone(),
        _ => name
            .strip_prefix("tags.")
            .and_then(|key| event.tags.get(key))
            .map(str::to_owned),
    }
}

fn base(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned()
}

fn crash_frame(event: &Event) -> Option<&Frame> {
    let thrown = event.thrown().and_then(|exception| exception.stacktrace.as_ref());
    let thread = || event.threads.iter().find_map(|thread| thread.stacktrace.as_ref());
    thrown
        .or(event.stacktrace.as_ref())
        .or_else(thread)
        .and_then(Stacktrace::crash_frame)
}
