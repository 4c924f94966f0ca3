//! Stacks that belong to no exception: that of the thread that matters, and one that stands alone.

use super::stack::Stack;
use super::{Component, Judgement, TwoViews};
use crate::protocol::event::{Event, Thread};

/// The only crashed thread, else the only current one, else the only one at all; its name does not
/// count.
pub(super) fn views<'e>(event: &'e Event, judgement: &Judgement<'_>) -> Option<TwoViews<'e>> {
    let with = |wanted: fn(&Thread) -> bool| {
        let mut found = event
            .threads
            .iter()
            .enumerate()
            .filter(|(_, thread)| wanted(thread));
        found.next().filter(|_| found.next().is_none())
    };
    let (place, thread) = with(|thread| thread.crashed == Some(true))
        .or_else(|| with(|thread| thread.current == Some(true)))
        .or_else(|| with(|_| true))?;
    let stack = Stack::read(event, thread.stacktrace.as_ref()?, judgement.thread(place)?);
    let found = stack.views();
    let in_thread = |stack| Component::branch("threads", vec![stack]).at(place);
    Some(TwoViews {
        app: in_thread(found.app),
        system: in_thread(found.system),
    })
}

/// A stack trace that belongs to no exception and no thread.
pub(super) fn loose<'e>(event: &'e Event, judgement: &Judgement<'_>) -> Option<TwoViews<'e>> {
    let stack = Stack::read(event, event.stacktrace.as_ref()?, judgement.loose()?);
    Some(stack.views())
}
