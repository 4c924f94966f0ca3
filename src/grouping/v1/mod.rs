//! The first version of the algorithm: strategies in order, the first that has something to say wins.
//!
//! A checksum beats a fingerprint, that beats exceptions, those beat threads, and so on down to the
//! message; an event that says nothing is one with all others of its project that say nothing.

mod client;
mod exception;
mod exception_group;
mod fingerprint;
mod frame;
pub(super) mod message;
mod parameterize;
mod repetition;
mod rules;
mod security;
mod stack;
#[cfg(test)]
mod tests;
mod threads;
mod variables;
mod wording;

use super::rules::stack::Thrown;
use super::{Component, Config, Grouping, Hash, Rules, Variant, VariantName};
use crate::protocol::event::{Event, Exception, Stacktrace};
use fingerprint::Fingerprint;

/// Which frames a component is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frames {
    /// Those of the program itself.
    InApp,
    /// All of them.
    All,
}

/// What a strategy makes of the frames of the program, and of all frames.
struct TwoViews<'e> {
    app: Component<'e>,
    system: Component<'e>,
}

/// A strategy that looks at stack traces.
type StackStrategy = for<'e> fn(&'e Event, &Rules) -> Option<TwoViews<'e>>;
/// A strategy that looks at anything else.
type PlainStrategy = for<'e> fn(&'e Event) -> Option<Component<'e>>;

const STACK_STRATEGIES: &[StackStrategy] = &[exception::views, threads::views, threads::loose];
const PLAIN_STRATEGIES: &[PlainStrategy] = &[
    security::template,
    security::csp,
    security::hpkp,
    security::expect_staple,
    security::expect_ct,
    message::component,
];

/// Says of every frame whether it belongs to the program itself.
pub(super) fn classify(event: &mut Event, rules: &Rules) {
    stacktraces(event)
        .flat_map(|it| &mut it.frames)
        .for_each(client::restore);
    let said: Vec<Vec<bool>> = stacks(event)
        .map(|(stacktrace, thrown)| {
            let (judged, _) = stack::judged(event, stacktrace, thrown, rules);
            judged.iter().map(|judged| judged.in_app == Some(true)).collect()
        })
        .collect();
    for (stacktrace, said) in stacktraces(event).zip(said) {
        for (frame, is_in_app) in stacktrace.frames.iter_mut().zip(said) {
            client::overrule(frame, is_in_app);
        }
    }
}

fn stacktraces(event: &mut Event) -> impl Iterator<Item = &mut Stacktrace> {
    let exceptions = event.exception.iter_mut().map(|it| &mut it.stacktrace);
    let threads = event.threads.iter_mut().map(|it| &mut it.stacktrace);
    exceptions.chain(threads).chain([&mut event.stacktrace]).flatten()
}

fn stacks(event: &Event) -> impl Iterator<Item = (&Stacktrace, Thrown<'_>)> {
    let exceptions = event.exception.iter();
    let exceptions = exceptions.filter_map(|it| Some((it.stacktrace.as_ref()?, thrown(it))));
    let threads = event.threads.iter().filter_map(|it| it.stacktrace.as_ref());
    exceptions.chain(threads.chain(&event.stacktrace).map(|it| (it, Thrown::default())))
}

fn thrown(exception: &Exception) -> Thrown<'_> {
    Thrown {
        ty: exception.ty.as_deref(),
        value: exception.value.as_deref(),
        mechanism: exception.mechanism.as_ref().and_then(|it| it.ty.as_deref()),
    }
}

/// Groups an event.
pub(super) fn group<'e>(event: &'e Event, rules: &Rules) -> Grouping<'e> {
    let mut grouping = Grouping {
        config: Config::V1,
        variants: Vec::new(),
        rule: None,
        title: None,
    };
    if let Some(checksum) = fingerprint::checksum(event) {
        grouping.variants.push(checksum);
        return grouping;
    }
    let rule = rules
        .fingerprint
        .find(event)
        .or_else(|| rules::built_in_fingerprints().find(event));
    if let Some(rule) = rule {
        grouping.rule = Some(rule.text.clone());
        grouping.title = rule
            .title
            .as_deref()
            .map(|title| variables::filled_in(event, title));
    }
    grouping.variants = match fingerprint::read(event, rule) {
        Fingerprint::Default => by_strategy(event, rules),
        Fingerprint::Custom(component) => vec![variant(VariantName::CustomFingerprint, component)],
        Fingerprint::Hybrid { before, after } => {
            let spliced = |found: Variant<'e>| {
                let before = before.iter().cloned();
                let parts = before.chain([found.component]).chain(after.iter().cloned());
                let parts = Component::branch("hybrid-fingerprint", parts.collect());
                variant(found.name, parts)
            };
            by_strategy(event, rules).into_iter().map(spliced).collect()
        }
    };
    grouping
}

fn by_strategy<'e>(event: &'e Event, rules: &Rules) -> Vec<Variant<'e>> {
    for strategy in STACK_STRATEGIES {
        let found = strategy(event, rules).map(by_frames).unwrap_or_default();
        if !found.is_empty() {
            return found;
        }
    }
    let mut plain = PLAIN_STRATEGIES.iter().filter_map(|strategy| strategy(event));
    match plain.find(|component| component.contributes) {
        Some(component) => vec![variant(VariantName::Default, component)],
        None => vec![variant(
            VariantName::Fallback,
            Component::branch("fallback", Vec::new()),
        )],
    }
}

/// The variants `app` and `system`: one of them, if the other has no frames or is the same; only `app`
/// without any frames at all; and none, if neither contributes.
fn by_frames(views: TwoViews<'_>) -> Vec<Variant<'_>> {
    let named = [(VariantName::App, views.app), (VariantName::System, views.system)];
    let mut found: Vec<Variant<'_>> = named
        .into_iter()
        .filter(|(_, component)| component.contributes)
        .map(|(name, component)| variant(name, component))
        .collect();
    if found.iter().any(|variant| variant.component.has("frame")) {
        found.retain(|variant| variant.component.has("frame"));
    } else {
        found.truncate(1);
    }
    found.dedup_by_key(|variant| variant.hash);
    found
}

fn variant(name: VariantName, component: Component<'_>) -> Variant<'_> {
    Variant {
        name,
        hash: component.hash(),
        component,
    }
}

/// The variant of a hash that the client made itself.
fn ready_made(name: VariantName, hash: Hash, component: Component<'_>) -> Variant<'_> {
    Variant {
        name,
        hash,
        component,
    }
}
