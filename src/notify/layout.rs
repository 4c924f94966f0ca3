//! What the channels lay out alike: which causes have room, and the lines below them. Escapes nothing.

use super::message::{Message, Told};

/// The first causes, as many as `most`, and what is said of the others.
pub(super) fn chosen(message: &Message, most: usize) -> (&[Told], Option<String>) {
    let told = &message.causes[..message.causes.len().min(most)];
    (told, message.more(told.len()))
}

/// What stands below everything else: which other rules matched, what was released before, why it comes late.
pub(super) fn footer(message: &Message) -> Vec<String> {
    let released = message.released.as_ref().map(|it| format!("Shortly after {it}"));
    let said = message.also_said().into_iter().chain(released);
    said.chain(message.held_said()).collect()
}
