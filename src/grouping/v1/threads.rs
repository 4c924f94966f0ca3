//! Threads: the stack of the one that matters, if it is clear which one that is.

use super::{Frames, stacktrace};
use crate::grouping::Component;
use crate::protocol::event::{Event, Thread};

/// The only crashed thread, else the only current one, else the only one at all; its name does not
/// count.
pub(super) fn component(event: &Event, frames: Frames) -> Option<Component> {
    let with = |wanted: fn(&Thread) -> bool| {
        let mut found = event.threads.iter().filter(|thread| wanted(thread));
        found.next().filter(|_| found.next().is_none())
    };
    let thread = with(|thread| thread.crashed == Some(true))
        .or_else(|| with(|thread| thread.current == Some(true)))
        .or_else(|| with(|_| true))?;
    let stacktrace = stacktrace::component(event, thread.stacktrace.as_ref()?, frames);
    Some(Component::branch("thread", vec![stacktrace]))
}
