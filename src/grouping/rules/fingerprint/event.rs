//! Asking an event.

use std::borrow::Cow;

use super::matcher::{Item, Matcher, Text, family_name};
use crate::protocol::event::{Event, Exception, Frame, Stacktrace};

/// Whether an event answers all questions, which stand in the order of their items.
pub(super) fn matches(matchers: &[Matcher], event: &Event) -> bool {
    let mut items = matchers.chunk_by(|a, b| a.text.item() == b.text.item());
    items.all(|about| match about[0].text.item() {
        Item::Event => about
            .iter()
            .all(|it| it.answers([of_event(event, &it.text).as_deref()])),
        Item::Message => messages(event).any(|text| about.iter().all(|it| it.answers([Some(text)]))),
        Item::Exception => event.exception.iter().any(|exception| {
            about
                .iter()
                .all(|it| it.answers([of_exception(exception, &it.text)]))
        }),
        Item::Frame => {
            frames(event).any(|frame| about.iter().all(|it| it.answers(of_frame(frame, &it.text))))
        }
    })
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

fn of_event<'a>(event: &'a Event, text: &Text) -> Option<Cow<'a, str>> {
    match text {
        Text::Logger => event.logger.as_deref().map(Cow::Borrowed),
        Text::Level => event.level.map(|level| Cow::Owned(level.to_string())),
        Text::Release => event.release.as_deref().map(Cow::Borrowed),
        Text::Family => Some(Cow::Borrowed(family_name(
            event.platform.as_deref().unwrap_or_default(),
        ))),
        Text::Sdk => event
            .sdk
            .as_ref()
            .and_then(|sdk| sdk.name.as_deref())
            .map(Cow::Borrowed),
        Text::Tag(key) => event.tags.get(key).map(Cow::Borrowed),
        _ => None,
    }
}
