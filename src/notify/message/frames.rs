//! The few lines of a stack trace that a message has room for. Chooses among what the event says; looks at no source.

use super::text::line;
use crate::protocol::event::{Event, Frame, Stacktrace};

/// The most frames of a message.
const MOST: usize = 5;
/// Longest frame, in characters.
const LONGEST: usize = 160;

/// The frames nearest to the failure, that one first: those of the program itself, else whatever there is. `payload`
/// is a stored event; none for one that has no stack trace or cannot be read.
pub fn top_frames(payload: &[u8]) -> Vec<String> {
    let Ok(event) = Event::parse(payload) else {
        return Vec::new();
    };
    let thrown = event.thrown().and_then(|exception| exception.stacktrace.as_ref());
    let threads = || {
        event
            .threads
            .iter()
            .filter_map(|thread| thread.stacktrace.as_ref())
            .next()
    };
    let trace: Option<&Stacktrace> = thrown.or(event.stacktrace.as_ref()).or_else(threads);
    let frames = trace.map_or(&[][..], |trace| &trace.frames);
    let own: Vec<_> = frames.iter().filter(|frame| frame.in_app == Some(true)).collect();
    let chosen = if own.is_empty() {
        frames.iter().collect()
    } else {
        own
    };
    chosen
        .into_iter()
        .rev()
        .take(MOST)
        .map(said)
        .filter(|frame| !frame.is_empty())
        .collect()
}

/// `tea/pot.py:7 in brew`.
fn said(frame: &Frame) -> String {
    let place = frame
        .filename
        .as_deref()
        .or(frame.module.as_deref())
        .or(frame.package.as_deref());
    let place = place.map(|place| match frame.lineno {
        Some(number) => format!("{place}:{number}"),
        None => place.to_owned(),
    });
    let function = frame.function.as_deref();
    match (place, function) {
        (Some(place), Some(function)) => line(&format!("{place} in {function}"), LONGEST),
        (Some(only), None) => line(&only, LONGEST),
        (None, Some(only)) => line(only, LONGEST),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_own_frames_come_first_and_the_one_that_failed_before_the_others() {
        let frame = |file: &str, own: bool| serde_json::json!({"filename": file, "lineno": 7, "function": "brew", "in_app": own});
        let event = |frames: Vec<serde_json::Value>| {
            let event = serde_json::json!({"exception": {"values": [{"type": "E", "stacktrace": {"frames": frames}}]}});
            top_frames(event.to_string().as_bytes())
        };
        assert_eq!(
            event(vec![
                frame("main.py", true),
                frame("lib.py", false),
                frame("pot.py", true)
            ]),
            ["pot.py:7 in brew", "main.py:7 in brew"]
        );
        assert_eq!(event(vec![frame("lib.py", false)]), ["lib.py:7 in brew"]);
        assert_eq!(event((0..40).map(|_| frame("a.py", true)).collect()).len(), MOST);
        assert!(top_frames(b"{}").is_empty());
        assert!(top_frames(b"no event").is_empty());
    }
}
