//! Exceptions: type and frames; type and message, where no frame contributes.

use super::{Frames, message, stacktrace};
use crate::grouping::Component;
use crate::protocol::event::{Event, Exception};

/// The chain of exceptions, oldest cause first: each counts, so that another wrapper is another issue.
pub(super) fn component(event: &Event, frames: Frames) -> Option<Component> {
    match &event.exception[..] {
        [] => None,
        [only] => Some(single(event, only, frames)),
        chain => {
            let parts = chain
                .iter()
                .map(|exception| single(event, exception, frames))
                .collect();
            Some(Component::branch("chained-exception", parts))
        }
    }
}

fn single(event: &Event, exception: &Exception, frames: Frames) -> Component {
    let stacktrace = exception
        .stacktrace
        .as_ref()
        .map(|found| stacktrace::component(event, found, frames));
    let has_frames = stacktrace.as_ref().is_some_and(|found| found.contributes);
    let ty = exception.ty.as_deref().filter(|ty| !ty.is_empty()).map(|ty| {
        let ty = Component::leaf("type", ty);
        if exception.is_synthetic() {
            ty.ignored("made up by the SDK")
        } else {
            ty
        }
    });
    let ns_error = ns_error(exception);
    let value = exception
        .value
        .as_deref()
        .filter(|value| !value.trim().is_empty())
        .map(|value| {
            let value = Component::leaf("value", message::normalized(value));
            if has_frames || ns_error.is_some() {
                value.ignored("the rest is telling enough")
            } else {
                value
            }
        });
    Component::branch(
        "exception",
        [ty, value, ns_error, stacktrace].into_iter().flatten().collect(),
    )
}

/// The domain and code of an error of Apple's systems.
fn ns_error(exception: &Exception) -> Option<Component> {
    let error = exception.mechanism.as_ref()?.meta.get("ns_error")?;
    let part = |id: &'static str| {
        let value = error.get(id)?;
        let text = value
            .as_str()
            .map(str::to_owned)
            .or_else(|| value.as_i64().map(|code| code.to_string()))?;
        Some(Component::leaf(id, text))
    };
    let parts: Vec<Component> = ["domain", "code"].into_iter().filter_map(part).collect();
    (!parts.is_empty()).then(|| Component::branch("ns-error", parts))
}
