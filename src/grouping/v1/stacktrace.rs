//! Stacks: the frames that contribute.

use super::{Frames, frame};
use crate::grouping::Component;
use crate::protocol::event::{Event, Frame, Stacktrace};

/// A stack trace that belongs to no exception and no thread.
pub(super) fn loose(event: &Event, frames: Frames) -> Option<Component> {
    event
        .stacktrace
        .as_ref()
        .map(|stacktrace| component(event, stacktrace, frames))
}

/// The frames of a stack. Direct recursion counts once, and so do only frames of the program in
/// [`Frames::InApp`].
pub(super) fn component(event: &Event, stacktrace: &Stacktrace, frames: Frames) -> Component {
    let mut parts: Vec<Component> = Vec::with_capacity(stacktrace.frames.len());
    let mut previous: Option<&Frame> = None;
    for frame in &stacktrace.frames {
        let part = frame::component(event, frame);
        let part = if frames == Frames::InApp && frame.in_app != Some(true) {
            part.ignored("not in app")
        } else if previous.is_some_and(|previous| is_same_call(previous, frame)) {
            part.ignored("recursion")
        } else {
            part
        };
        parts.push(part);
        previous = Some(frame);
    }
    Component::branch("stacktrace", parts)
}

fn is_same_call(a: &Frame, b: &Frame) -> bool {
    (
        &a.abs_path,
        &a.package,
        &a.module,
        &a.filename,
        &a.function,
        a.lineno,
        a.colno,
    ) == (
        &b.abs_path,
        &b.package,
        &b.module,
        &b.filename,
        &b.function,
        b.lineno,
        b.colno,
    )
}
