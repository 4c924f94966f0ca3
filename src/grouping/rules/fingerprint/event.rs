//! Asking an event.

use super::matcher::{Item, Matcher, Text, family_name};
use crate::protocol::event::{Event, Exception, Frame, Stacktrace};

/// Whether an event answers all questions.
pub(super) fn matches(matchers: &[Matcher], event: &Event) -> bool {
    let about = |item: Item| {
        let about: Vec<&Matcher> = matchers
            .iter()
            .filter(|matcher| matcher.text.item() == item)
            .collect();
        about
    };
    let (message, exception, frame) = (about(Item::Message), about(Item::Exception), about(Item::Frame));
    about(Item::Event)
        .iter()
        .all(|matcher| matcher.answers([of_event(event, &matcher.text).as_deref()]))
        && (message.is_empty()
            || messages(event).any(|text| message.iter().all(|matcher| matcher.answers([Some(text)]))))
        && (exception.is_empty()
            || event.exception.iter().any(|it| {
                exception
                    .iter()
                    .all(|matcher| matcher.answers([of_exception(it, &matcher.text)]))
            }))
        && (frame.is_empty()
            || frames(event).any(|it| {
                frame
                    .iter()
                    .all(|matcher| matcher.answers(of_frame(it, &matcher.text)))
            }))
}

fn messages(event: &Event) -> impl Iterator<Item = &str> {
    let entry = event.logentry.iter().map(|entry| entry.text());
    entry.chain(event.exception.iter().filter_map(|it| it.value.as_deref()))
}

fn frames(event: &Event) -> impl Iterator<Item = &Frame> {
    let exceptions = event.exception.iter().filter_map(|it| it.stacktrace.as_ref());
    let threads = event.threads.iter().filter_map(|it| it.stacktrace.as_ref());
    let stacks: Vec<&Stacktrace> = exceptions.chain(&event.stacktrace).collect();
    // Threads speak only where nothing was thrown.
    let threads = threads.filter({
        let is_alone = stacks.is_empty();
        move |_| is_alone
    });
    stacks.into_iter().chain(threads).flat_map(|it| &it.frames)
}

fn of_exception<'a>(exception: &'a Exception, text: &Text) -> Option<&'a str> {
    match text {
        Text::Type => exception.ty.as_deref(),
        _ => exception.value.as_deref(),
    }
}

fn of_frame<'a>(frame: &'a Frame, text: &Text) -> [Option<&'a str>; 2] {
    match text {
        Text::Function => [frame.function.as_deref(), None],
        Text::Module => [frame.module.as_deref(), None],
        Text::Package => [frame.package.as_deref(), None],
        Text::InApp => [Some(if frame.in_app == Some(true) { "yes" } else { "no" }), None],
        _ => [frame.abs_path.as_deref(), frame.filename.as_deref()],
    }
}

fn of_event(event: &Event, text: &Text) -> Option<String> {
    match text {
        Text::Logger => event.logger.clone(),
        Text::Level => event.level.map(|level| level.to_string()),
        Text::Release => event.release.clone(),
        Text::Family => Some(family_name(event.platform.as_deref().unwrap_or_default()).to_owned()),
        Text::Sdk => event.sdk.as_ref().and_then(|sdk| sdk.name.clone()),
        Text::Tag(key) => event.tags.get(key).map(str::to_owned),
        _ => None,
    }
}
