//! Title and culprit: what people read first. They never decide about grouping.

use super::issue::Metadata;
use crate::protocol::event::{Event, Exception, Frame, Stacktrace};

/// Longest title and culprit, in characters.
const TITLE_CHARS: usize = 200;
/// Longest value beside a title, in characters.
const VALUE_CHARS: usize = 300;

/// One line: type and first line of the value, or the first line of the message.
pub fn title(event: &Event) -> String {
    let line = |text: &str| {
        text.lines()
            .map(str::trim)
            .find(|line| !line.is_empty())
            .unwrap_or_default()
            .to_owned()
    };
    let title = match event.thrown() {
        Some(exception) => {
            let value = line(exception.value.as_deref().unwrap_or_default());
            match (kind(exception), value.as_str()) {
                (Some(kind), "") => kind.to_owned(),
                (Some(kind), value) => format!("{kind}: {value}"),
                (None, "") => function(event).unwrap_or("<unknown>").to_owned(),
                (None, value) => value.to_owned(),
            }
        }
        None => line(event.logentry.as_ref().map_or("", |message| message.text())),
    };
    if title.is_empty() {
        "<unlabeled event>".to_owned()
    } else {
        cut(&title, TITLE_CHARS)
    }
}

/// The parts of the title.
pub fn metadata(event: &Event) -> Metadata {
    let frame = crash_frame(event);
    let value = match event.thrown() {
        Some(exception) => exception.value.as_deref(),
        None => event.logentry.as_ref().map(|message| message.text()),
    };
    Metadata {
        kind: event.thrown().and_then(kind).map(str::to_owned),
        value: value
            .filter(|value| !value.is_empty())
            .map(|value| cut(value, VALUE_CHARS)),
        filename: frame.and_then(|frame| frame.filename.clone()),
        function: frame.and_then(|frame| frame.function.clone()),
    }
}

/// Where: the transaction, else what the client says, else the frame that failed.
pub fn culprit(event: &Event) -> Option<String> {
    let said = event
        .transaction
        .as_deref()
        .or(event.culprit.as_deref())
        .filter(|text| !text.is_empty());
    if let Some(said) = said {
        return Some(said.to_owned());
    }
    let frame = crash_frame(event)?;
    let place = frame
        .module
        .as_deref()
        .filter(|module| !module.is_empty())
        .or(frame.filename.as_deref());
    match (place, frame.function.as_deref()) {
        (Some(place), Some(function)) => Some(cut(&format!("{place} in {function}"), TITLE_CHARS)),
        (place, function) => place.or(function).map(|text| cut(text, TITLE_CHARS)),
    }
}

fn kind(exception: &Exception) -> Option<&str> {
    exception.ty.as_deref().filter(|ty| !ty.is_empty())
}

fn function(event: &Event) -> Option<&str> {
    crash_frame(event)?.function.as_deref()
}

/// The frame that failed: of the thrown exception, else of the thread that crashed, else of the only
/// stack there is.
fn crash_frame(event: &Event) -> Option<&Frame> {
    let thrown = event.thrown().and_then(|exception| exception.stacktrace.as_ref());
    let crashed = event
        .threads
        .iter()
        .find(|thread| thread.crashed == Some(true))
        .and_then(|thread| thread.stacktrace.as_ref());
    thrown
        .or(crashed)
        .or(event.stacktrace.as_ref())
        .and_then(Stacktrace::crash_frame)
}

fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some(_) => text.chars().take(limit - 3).chain("...".chars()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn titles_are_one_line() {
        let frames = json!([{"function": "brew", "filename": "tea/pot.py"}]);
        for (event, expected) in [
            (
                json!({"exception": {"type": "TeaError", "value": "\nno tea\nat all"}}),
                "TeaError: no tea",
            ),
            (
                json!({"exception": {"type": "TeaError"}, "message": "x"}),
                "TeaError",
            ),
            (json!({"exception": {"value": "no tea"}}), "no tea"),
            (json!({"exception": {"value": "", "stacktrace": frames}}), "brew"),
            (
                json!({"exception": [{"type": "Cause"}, {"type": "Thrown"}]}),
                "Thrown",
            ),
            (json!({"message": "hello\nworld"}), "hello"),
            (
                json!({"logentry": {"message": "hello %s", "params": ["you"]}}),
                "hello you",
            ),
            (json!({}), "<unlabeled event>"),
        ] {
            assert_eq!(
                title(&Event::from_value(event.clone()).unwrap()),
                expected,
                "{event}"
            );
        }
        let long = Event::from_value(json!({"message": "é".repeat(500)})).unwrap();
        assert_eq!(title(&long).chars().count(), TITLE_CHARS);
    }

    #[test]
    fn culprits_say_where() {
        let stack = |frame: serde_json::Value| json!({"exception": {"type": "E", "stacktrace": [{"function": "main"}, frame]}});
        for (event, expected) in [
            (json!({"transaction": "/tea", "culprit": "x"}), Some("/tea")),
            (json!({"culprit": "x"}), Some("x")),
            (
                stack(json!({"module": "tea.pot", "filename": "pot.py", "function": "brew"})),
                Some("tea.pot in brew"),
            ),
            (
                stack(json!({"filename": "pot.py", "function": "brew"})),
                Some("pot.py in brew"),
            ),
            (stack(json!({"function": "brew"})), Some("brew")),
            (stack(json!({"filename": "pot.py"})), Some("pot.py")),
            (json!({"message": "x"}), None),
        ] {
            assert_eq!(
                culprit(&Event::from_value(event.clone()).unwrap()).as_deref(),
                expected,
                "{event}"
            );
        }
    }
}
