//! The first version of the rules: strategies in order, the first that has something to say wins.
//!
//! A checksum beats a fingerprint, that beats exceptions, those beat threads, and so on down to the
//! message; an event that says nothing is one with all others of its project that say nothing.

mod exception;
mod fingerprint;
mod frame;
mod function;
mod message;
mod parameterize;
mod security;
mod stacktrace;
#[cfg(test)]
mod tests;
mod threads;
mod variables;

use super::{Component, Hash, Variant, VariantName};
use crate::protocol::event::Event;

/// Which frames a component is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frames {
    /// Those of the program itself.
    InApp,
    /// All of them.
    All,
}

/// A strategy that looks at stack traces.
type StackStrategy = fn(&Event, Frames) -> Option<Component>;
/// A strategy that looks at anything else.
type PlainStrategy = fn(&Event) -> Option<Component>;

const STACK_STRATEGIES: &[StackStrategy] = &[exception::component, threads::component, stacktrace::loose];
const PLAIN_STRATEGIES: &[PlainStrategy] = &[
    security::template,
    security::csp,
    security::about_host,
    message::component,
];

/// The variants of an event, the most telling first; never empty.
pub(super) fn variants(event: &Event) -> Vec<Variant> {
    if let Some(checksum) = fingerprint::checksum(event) {
        return vec![checksum];
    }
    match fingerprint::read(event) {
        fingerprint::Fingerprint::Default => by_strategy(event),
        fingerprint::Fingerprint::Custom(component) => {
            vec![variant(VariantName::CustomFingerprint, component)]
        }
        fingerprint::Fingerprint::Hybrid { before, after } => {
            let spliced = |found: Variant| {
                let parts = before
                    .iter()
                    .cloned()
                    .chain([found.component])
                    .chain(after.iter().cloned())
                    .collect();
                variant(found.name, Component::branch("hybrid-fingerprint", parts))
            };
            by_strategy(event).into_iter().map(spliced).collect()
        }
    }
}

fn by_strategy(event: &Event) -> Vec<Variant> {
    let stack = STACK_STRATEGIES
        .iter()
        .map(|strategy| with_frames(event, *strategy));
    if let Some(found) = stack.into_iter().find(|variants| !variants.is_empty()) {
        return found;
    }
    let plain = PLAIN_STRATEGIES.iter().filter_map(|strategy| strategy(event));
    let found = plain.into_iter().find(|component| component.contributes);
    match found {
        Some(component) => vec![variant(VariantName::Default, component)],
        None => vec![variant(
            VariantName::Fallback,
            Component::branch("fallback", Vec::new()),
        )],
    }
}

/// The variants `app` and `system` of a strategy: one of them, if the other has no frames or is the
/// same, and none, if neither contributes.
fn with_frames(event: &Event, strategy: StackStrategy) -> Vec<Variant> {
    let named = [
        (VariantName::App, Frames::InApp),
        (VariantName::System, Frames::All),
    ];
    let mut found: Vec<Variant> = named
        .into_iter()
        .filter_map(|(name, frames)| Some((name, strategy(event, frames)?)))
        .filter(|(_, component)| component.contributes)
        .map(|(name, component)| variant(name, component))
        .collect();
    if found.iter().any(|variant| variant.component.has("frame")) {
        found.retain(|variant| variant.component.has("frame"));
    }
    found.dedup_by_key(|variant| variant.hash);
    found
}

fn variant(name: VariantName, component: Component) -> Variant {
    Variant {
        name,
        hash: component.hash(),
        component,
    }
}

/// The variant of a hash that the client made itself.
fn ready_made(name: VariantName, hash: Hash, component: Component) -> Variant {
    Variant {
        name,
        hash,
        component,
    }
}
