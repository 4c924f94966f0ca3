//! Messages: the template if there is one, else the text without what varies in it.

use super::parameterize::parameterize;
use crate::grouping::Component;
use crate::protocol::event::Event;

/// Lines of a message that count.
const LINES: usize = 2;

/// The message of the event.
pub(super) fn component(event: &Event) -> Option<Component> {
    let message = event.logentry.as_ref()?.template();
    (!message.trim().is_empty()).then(|| Component::leaf("message", normalized(message)))
}

/// The first lines of a text with `<int>` for a number, `<uuid>` for a UUID and so on.
pub(super) fn normalized(text: &str) -> String {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first: Vec<&str> = lines.by_ref().take(LINES).collect();
    let mut normalized = parameterize(&first.join("\n"));
    if lines.next().is_some() {
        normalized.push_str("...");
    }
    normalized
}
