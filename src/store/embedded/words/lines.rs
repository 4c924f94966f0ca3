//! What an event says, line by line: what is found by full-text search. Pure.

use serde::Deserialize;

use crate::model::NewEvent;
use crate::protocol::json;

/// The most lines of an event. A client may send 25 stacks of 250 frames.
const MOST_LINES: usize = 400;
/// The most bytes of a line.
const MOST_BYTES: usize = 4 << 10;
/// The most bytes of all lines together.
const MOST_IN_ALL: usize = 64 << 10;
/// The most breadcrumbs, the latest: most SDKs keep as many.
const MOST_CRUMBS: usize = 100;

/// Title, culprit, message, exceptions, breadcrumbs, and frames from where it was thrown outwards: what matters most comes
/// first, as the rest may be left out.
pub(super) fn lines(event: &NewEvent) -> Vec<String> {
    let mut lines = Lines::default();
    lines.add([Some(&event.record.title)]);
    lines.add([event.record.culprit.as_ref()]);
    // Whatever else the payload is: it was accepted, and is shown as far as it goes.
    let said: Said = json::strict(&event.payload).unwrap_or_default();
    if let Some(entry) = &said.logentry {
        lines.add([entry.message.as_ref()]);
        lines.add([entry.formatted.as_ref()]);
    }
    for exception in said.exception.values.iter().rev() {
        let kind = exception
            .kind
            .iter()
            .chain(&exception.value)
            .cloned()
            .collect::<Vec<_>>();
        lines.add([Some(&kind.join(": "))]);
        lines.add([exception.module.as_ref()]);
    }
    for crumb in said.breadcrumbs.values.iter().rev().take(MOST_CRUMBS) {
        lines.add([crumb.message.as_ref()]);
    }
    let thrown = said.exception.values.iter().rev().map(|it| &it.stacktrace);
    let threads = said.threads.values.iter().map(|it| &it.stacktrace);
    let stacks = thrown.chain([&said.stacktrace]).chain(threads).flatten();
    for frame in stacks.flat_map(|stack| stack.frames.iter().rev()) {
        lines.add([
            frame.function.as_ref(),
            frame.module.as_ref(),
            frame.filename.as_ref(),
        ]);
    }
    lines.lines
}

#[derive(Default)]
struct Lines {
    lines: Vec<String>,
    bytes: usize,
}

impl Lines {
    fn add<const N: usize>(&mut self, parts: [Option<&String>; N]) {
        let mut line = String::new();
        for part in parts.into_iter().flatten() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(cut(part));
        }
        let line = cut(&line);
        if line.is_empty() || self.lines.len() == MOST_LINES || self.bytes + line.len() > MOST_IN_ALL {
            return;
        }
        self.bytes += line.len();
        self.lines.push(line.to_owned());
    }
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MOST_BYTES)]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Said {
    logentry: Option<Message>,
    exception: List<Exception>,
    breadcrumbs: List<Message>,
    threads: List<Thread>,
    stacktrace: Option<Stack>,
}

#[derive(Deserialize)]
struct List<T> {
    #[serde(default = "Vec::new")]
    values: Vec<T>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { values: Vec::new() }
    }
}

#[derive(Deserialize)]
struct Message {
    message: Option<String>,
    formatted: Option<String>,
}

#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "type")]
    kind: Option<String>,
    value: Option<String>,
    module: Option<String>,
    stacktrace: Option<Stack>,
}

#[derive(Deserialize)]
struct Thread {
    stacktrace: Option<Stack>,
}

#[derive(Deserialize)]
struct Stack {
    #[serde(default)]
    frames: Vec<Frame>,
}

#[derive(Deserialize)]
struct Frame {
    function: Option<String>,
    module: Option<String>,
    filename: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract;

    fn said(payload: &str) -> Vec<String> {
        let mut event = contract::event(1);
        event.payload = payload.to_owned().into();
        lines(&event)
    }

    #[test]
    fn everything_that_is_searched_is_said() {
        let payload = r#"{
            "logentry": {"message": "no %s", "formatted": "no tea"},
            "exception": {"values": [
                {"type": "Cause", "value": "dry", "stacktrace": {"frames": [{"function": "fill"}]}},
                {"type": "Thrown", "module": "tea.errors", "stacktrace": {"frames": [
                    {"function": "main", "vars": {"secret": "hunter2"}},
                    {"function": "brew", "module": "tea.pot", "filename": "tea/pot.py", "lineno": 7}]}}]},
            "breadcrumbs": {"values": [{"message": "kettle on"}, {"category": "http"}, {"message": "cup out"}]},
            "threads": {"values": [{"id": "1", "stacktrace": {"frames": [{"function": "wait"}]}}, {"id": "2"}]}}"#;
        assert_eq!(
            said(payload),
            [
                "ValueError: 1",
                "checkout",
                "no %s",
                "no tea",
                "Thrown",
                "tea.errors",
                "Cause: dry",
                "cup out",
                "kettle on",
                "brew tea.pot tea/pot.py",
                "main",
                "fill",
                "wait"
            ]
        );
    }

    #[test]
    fn hostile_payloads_are_bounded() {
        let long = "é".repeat(1 << 20);
        let frames = format!(r#"{{"function": "{}"}},"#, "f".repeat(100)).repeat(10_000);
        for payload in [
            format!(r#"{{"logentry": {{"formatted": "{long}"}}}}"#),
            format!(
                r#"{{"stacktrace": {{"frames": [{}]}}}}"#,
                frames.trim_end_matches(',')
            ),
            "no JSON".into(),
            r#"{"exception": 7}"#.into(),
        ] {
            let lines = said(&payload);
            assert!(lines.len() >= 2 && lines.len() <= MOST_LINES);
            assert!(lines.iter().all(|line| line.len() <= MOST_BYTES));
            assert!(lines.iter().map(String::len).sum::<usize>() <= MOST_IN_ALL);
        }
    }
}
