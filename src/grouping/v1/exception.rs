//! Exceptions: type and frames; the message too, where frames say too little.

use std::borrow::Cow;

use super::stack::Stack;
use super::{Frames, Judgement, TwoViews, exception_group, message, wording};
use crate::grouping::Component;
use crate::protocol::event::{Event, Exception};

/// So many frames that tell one place from another are enough without the message.
const ENOUGH: usize = 2;

/// What was sent of an exception of the chain, as far as it counts.
struct Link<'e> {
    exception: &'e Exception,
    /// What it says.
    value: Option<&'e str>,
    /// How many frames of all stacks of the chain tell the place from others, up to two a stack.
    telling: usize,
}

/// The chain of exceptions, oldest cause first: each counts, so that another wrapper is another issue.
pub(super) fn views<'e>(event: &'e Event, judgement: &Judgement<'_>) -> Option<TwoViews<'e>> {
    if event.exception.is_empty() {
        return None;
    }
    let stack = |(place, exception): (usize, &'e Exception)| {
        Some(Stack::read(
            event,
            exception.stacktrace.as_ref()?,
            judgement.exception(place)?,
        ))
    };
    let stacks: Vec<Option<Stack<'e>>> = event.exception.iter().enumerate().map(stack).collect();
    let telling = stacks.iter().flatten().map(Stack::telling).sum();
    let chain = event.exception.iter().zip(stacks).enumerate();
    let (app, system) = chain
        .map(|(place, (exception, stack))| {
            let value = exception
                .value
                .as_deref()
                .filter(|value| !value.trim().is_empty());
            let link = Link {
                exception,
                value,
                telling,
            };
            let (app, system) = stack.map(Stack::views).map(|it| (it.app, it.system)).unzip();
            (
                component(event, &link, Frames::InApp, app).at(place),
                component(event, &link, Frames::All, system).at(place),
            )
        })
        .unzip();
    Some(TwoViews {
        app: chained(event, app),
        system: chained(event, system),
    })
}

fn chained<'e>(event: &Event, components: Vec<Component<'e>>) -> Component<'e> {
    let mut kept = exception_group::filtered(event, components);
    match kept.len() {
        1 => kept.remove(0),
        _ => Component::branch("chained-exception", kept),
    }
}

fn component<'e>(
    event: &Event,
    link: &Link<'e>,
    frames: Frames,
    stacktrace: Option<Component<'e>>,
) -> Component<'e> {
    let exception = link.exception;
    let has_frames = stacktrace.as_ref().is_some_and(|stack| stack.contributes);
    let ty = wording::ty(exception).map(|ty| {
        let reason = exception.is_synthetic().then_some("made up by the SDK");
        Component::leaf("type", ty).unless(reason)
    });
    let ns_error = ns_error(exception);
    let has_code = ns_error.is_some();
    let value = value(event, link, frames, has_frames).map(|value| match value.contributes && has_code {
        true => value.ignored("the code says it"),
        false => value,
    });
    let parts = [ty, value, ns_error, stacktrace];
    Component::branch("exception", parts.into_iter().flatten().collect())
}

/// The message. With frames it counts only where they hardly tell one place from another; what is quoted
/// in it then is data, unless there is nothing else to go by.
fn value<'e>(event: &Event, link: &Link<'e>, frames: Frames, has_frames: bool) -> Option<Component<'e>> {
    let raw = link.value?;
    let leaf = |text: String| Component::leaf("value", text);
    let normalized = || message::normalized(&wording::canonical(event, raw));
    if has_frames {
        return Some(match link.telling {
            _ if is_redundant(link.exception) => Component::leaf("value", raw).ignored("the type says it"),
            0 => leaf(normalized()).noted("the frames have no names"),
            1..ENOUGH => {
                leaf(message::without_quotes(&normalized())).noted("there is only one telling frame")
            }
            _ => Component::leaf("value", raw).ignored("the frames say it"),
        });
    }
    // In the system variant an exception without frames goes by its type: so another cause is another
    // issue, and another message of it is not.
    let is_bare = frames == Frames::All && link.exception.ty.is_some();
    Some(leaf(normalized()).unless(is_bare.then_some("without frames, the type counts")))
}

/// Whether a message made up by the SDK only repeats the type, as those of signals do.
fn is_redundant(exception: &Exception) -> bool {
    let ty = exception.ty.as_deref().unwrap_or_default();
    let value = exception.value.as_deref().unwrap_or_default();
    exception.is_synthetic() && (value.starts_with("Fatal Error") || !ty.is_empty() && value.ends_with(ty))
}

/// The domain and code of an error of Apple's systems.
fn ns_error(exception: &Exception) -> Option<Component<'_>> {
    let error = exception.mechanism.as_ref()?.meta.get("ns_error")?;
    let part = |id: &'static str| {
        let value = error.get(id)?;
        let text = match value.as_str() {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(value.as_i64()?.to_string()),
        };
        Some(Component::leaf(id, text))
    };
    let parts: Vec<Component<'_>> = ["domain", "code"].into_iter().filter_map(part).collect();
    (!parts.is_empty()).then(|| Component::branch("ns-error", parts))
}
