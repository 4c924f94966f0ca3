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

use super::rules::stack::{Thrown, Verdict};
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
type StackStrategy = for<'e> fn(&'e Event, &Judgement<'_>) -> Option<TwoViews<'e>>;
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

/// What the rules say about the frames of an event.
pub(super) struct Judgement<'r> {
    /// By exception.
    exceptions: Vec<Option<Verdict<'r>>>,
    /// By thread.
    threads: Vec<Option<Verdict<'r>>>,
    loose: Option<Verdict<'r>>,
}

impl<'r> Judgement<'r> {
    fn of(event: &Event, rules: &'r Rules) -> Self {
        let verdict = |stacktrace: &Option<Stacktrace>, thrown| {
            let stacktrace = stacktrace.as_ref()?;
            Some(stack::judged(event, stacktrace, thrown, rules))
        };
        let exceptions = event
            .exception
            .iter()
            .map(|it| verdict(&it.stacktrace, thrown(it)));
        let threads = event
            .threads
            .iter()
            .map(|it| verdict(&it.stacktrace, Thrown::default()));
        Self {
            exceptions: exceptions.collect(),
            threads: threads.collect(),
            loose: verdict(&event.stacktrace, Thrown::default()),
        }
    }

    /// Writes down whether each frame belongs to the program itself.
    fn write(&self, event: &mut Event) {
        let exceptions = event.exception.iter_mut().map(|it| &mut it.stacktrace);
        let threads = event.threads.iter_mut().map(|it| &mut it.stacktrace);
        let stacks = exceptions.chain(threads).chain([&mut event.stacktrace]);
        let verdicts = self.exceptions.iter().chain(&self.threads).chain([&self.loose]);
        for (stacktrace, verdict) in stacks.flatten().zip(verdicts.flatten()) {
            for (frame, judged) in stacktrace.frames.iter_mut().zip(&verdict.frames) {
                client::overrule(frame, judged.in_app == Some(true));
            }
        }
    }

    fn exception(&self, place: usize) -> Option<&Verdict<'r>> {
        self.exceptions.get(place)?.as_ref()
    }

    fn thread(&self, place: usize) -> Option<&Verdict<'r>> {
        self.threads.get(place)?.as_ref()
    }

    fn loose(&self) -> Option<&Verdict<'r>> {
        self.loose.as_ref()
    }
}

/// Says of every frame whether it belongs to the program itself.
pub(super) fn classify(event: &mut Event, rules: &Rules) {
    Judgement::of(event, rules).write(event);
}

/// Groups an event as it is.
pub(super) fn group<'e>(event: &'e Event, rules: &Rules) -> Grouping<'e> {
    grouped(event, rules, &Judgement::of(event, rules))
}

/// Both, with the frames judged once.
pub(super) fn classify_and_group<'e>(event: &'e mut Event, rules: &Rules) -> Grouping<'e> {
    let judgement = Judgement::of(event, rules);
    judgement.write(event);
    grouped(event, rules, &judgement)
}

fn thrown(exception: &Exception) -> Thrown<'_> {
    Thrown {
        ty: exception.ty.as_deref(),
        value: exception.value.as_deref(),
        mechanism: exception.mechanism.as_ref().and_then(|it| it.ty.as_deref()),
    }
}

fn grouped<'e>(event: &'e Event, rules: &Rules, judgement: &Judgement<'_>) -> Grouping<'e> {
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
        Fingerprint::Default => by_strategy(event, judgement),
        Fingerprint::Custom(component) => vec![variant(VariantName::CustomFingerprint, component)],
        Fingerprint::Hybrid { before, after } => {
            let spliced = |found: Variant<'e>| {
                let before = before.iter().cloned();
                let parts = before.chain([found.component]).chain(after.iter().cloned());
                let parts = Component::branch("hybrid-fingerprint", parts.collect());
                variant(found.name, parts)
            };
            by_strategy(event, judgement).into_iter().map(spliced).collect()
        }
    };
    grouping
}

fn by_strategy<'e>(event: &'e Event, judgement: &Judgement<'_>) -> Vec<Variant<'e>> {
    for strategy in STACK_STRATEGIES {
        let found = strategy(event, judgement).map(by_frames).unwrap_or_default();
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
