//! Fingerprints: what the client or a rule wants an event to be grouped by.

use super::{Variant, VariantName, ready_made, variables};
use crate::grouping::rules::fingerprint::Rule;
use crate::grouping::{Component, Hash};
use crate::protocol::event::Event;

/// What a fingerprint asks for.
pub(super) enum Fingerprint<'e> {
    /// Nothing special.
    Default,
    /// These values and nothing else.
    Custom(Component<'e>),
    /// These values around whatever the default is.
    Hybrid {
        /// The values before it.
        before: Vec<Component<'e>>,
        /// The values after it.
        after: Vec<Component<'e>>,
    },
}

/// Reads the fingerprint of a rule, else that of the event.
pub(super) fn read<'e>(event: &'e Event, rule: Option<&Rule>) -> Fingerprint<'e> {
    let entries = rule.map_or(&event.fingerprint, |rule| &rule.values);
    let is_default = |entry: &String| variables::name(entry) == Some("default");
    if entries.iter().all(is_default) {
        return Fingerprint::Default;
    }
    let resolved = |entries: &[String]| -> Vec<Component<'e>> {
        let entries = entries.iter().filter(|entry| !is_default(entry));
        let text = |entry: &String| match rule {
            Some(_) => variables::filled_in(event, entry),
            None => variables::resolved(event, entry),
        };
        entries
            .map(|entry| Component::leaf("fingerprint", text(entry)))
            .collect()
    };
    match entries.iter().position(is_default) {
        None => Fingerprint::Custom(Component::branch("custom-fingerprint", resolved(entries))),
        Some(at) => Fingerprint::Hybrid {
            before: resolved(&entries[..at]),
            after: resolved(&entries[at..]),
        },
    }
}

/// The hash that very old clients make themselves; if it has another form, the hash of it.
pub(super) fn checksum(event: &Event) -> Option<Variant<'_>> {
    let checksum = event
        .checksum
        .as_deref()
        .filter(|checksum| !checksum.is_empty())?;
    let component = Component::leaf("checksum", checksum);
    let mut bytes = [0; 16];
    let hash = match hex::decode_to_slice(checksum, &mut bytes) {
        Ok(()) => Hash(bytes),
        Err(_) => component.hash(),
    };
    Some(ready_made(VariantName::Checksum, hash, component))
}
