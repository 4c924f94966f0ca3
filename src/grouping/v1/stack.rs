//! Stacks: the frames that contribute.

use super::Frames;
use super::frame::{self, Look, Platform};
use super::repetition;
use super::rules::built_in;
use crate::grouping::rules::stack::{Call, Family, Judged, Limits, Thrown, judge};
use crate::grouping::{Component, Rules};
use crate::protocol::event::{Event, Frame, Stacktrace};

/// A stack whose frames have been looked at.
pub(super) struct Stack<'e> {
    frames: Vec<Seen<'e>>,
    limits: Limits,
}

struct Seen<'e> {
    look: Look<'e>,
    is_in_app: bool,
}

/// What rules say about the frames of a stack.
pub(super) fn judged<'r>(
    event: &Event,
    stacktrace: &Stacktrace,
    thrown: Thrown<'_>,
    rules: &'r Rules,
) -> (Vec<Judged<'r>>, Limits) {
    let calls: Vec<Call<'_>> = stacktrace.frames.iter().map(|frame| call(event, frame)).collect();
    judge(&[built_in(), &rules.stack], &calls, thrown)
}

fn call<'e>(event: &'e Event, frame: &'e Frame) -> Call<'e> {
    let platform = frame.platform.as_deref().or(event.platform.as_deref());
    Call {
        family: Family::of(platform.unwrap_or_default()),
        function: frame.function.as_deref().map(frame::bounded),
        module: frame.module.as_deref().map(frame::bounded),
        package: frame.package.as_deref().map(frame::bounded),
        path: frame
            .abs_path
            .as_deref()
            .or(frame.filename.as_deref())
            .map(frame::bounded),
        in_app: frame.in_app,
    }
}

impl<'e> Stack<'e> {
    /// Looks at all frames of a stack.
    pub(super) fn read(
        event: &'e Event,
        stacktrace: &'e Stacktrace,
        thrown: Thrown<'_>,
        rules: &Rules,
    ) -> Self {
        let (judged, limits) = judged(event, stacktrace, thrown, rules);
        let repeated = repetition::repeated(&stacktrace.frames);
        let is_alone = stacktrace.frames.len() == 1;
        let frames = stacktrace.frames.iter().zip(judged).zip(repeated);
        let frames = frames.map(|((frame, judged), is_repeated)| {
            let platform = Platform::of(event, frame);
            let mut look = frame::look(platform, frame);
            look.component = if is_repeated {
                look.component.ignored("recursion")
            } else if judged.counts == Some(false) {
                look.component.ignored(reason(&judged))
            } else if is_alone && platform.is_javascript() && frame::is_nowhere(frame) {
                look.component.ignored("alone, and neither function nor address")
            } else {
                look.component
            };
            Seen {
                look,
                is_in_app: judged.in_app == Some(true),
            }
        });
        Self {
            frames: frames.collect(),
            limits,
        }
    }

    /// The frames that contribute: all, or only those of the program.
    pub(super) fn component(&self, frames: Frames) -> Component<'e> {
        let mut parts: Vec<Component<'e>> = Vec::with_capacity(self.frames.len());
        let mut bundle: Option<usize> = None;
        for (at, seen) in self.frames.iter().enumerate() {
            let component = seen.look.component.clone();
            let is_out = frames == Frames::InApp && !seen.is_in_app;
            if is_out || !component.contributes {
                parts.push(component.unless(is_out.then_some("not in app")));
                continue;
            }
            // How many functions of a bundle are called in a row is up to the minifier.
            let is_same = bundle.is_some_and(|previous| {
                seen.look.is_minified && self.frames[previous].look.component.says_the_same(&component)
            });
            bundle = seen.look.is_minified.then_some(at);
            parts.push(component.unless(is_same.then_some("same bundle as the frame before")));
        }
        self.limited(parts)
    }

    fn limited(&self, mut parts: Vec<Component<'e>>) -> Component<'e> {
        if self.limits.most > 0 {
            let counted = parts.iter_mut().rev().filter(|part| part.contributes);
            for part in counted.skip(self.limits.most) {
                *part = part.clone().ignored("beyond max-frames");
            }
        }
        let count = parts.iter().filter(|part| part.contributes).count();
        let component = Component::branch("stacktrace", parts);
        component.unless((count < self.limits.least).then_some("fewer than min-frames"))
    }

    /// How many different frames tell the place in the program from others, up to 2: of the frames of
    /// the program, if there are any that count.
    pub(super) fn telling(&self) -> usize {
        let counts = |seen: &&Seen<'_>| seen.look.component.contributes;
        let has_in_app = self.frames.iter().filter(counts).any(|seen| seen.is_in_app);
        let mut telling = self
            .frames
            .iter()
            .filter(counts)
            .filter(|seen| (seen.is_in_app || !has_in_app) && seen.look.is_telling());
        let Some(first) = telling.next() else { return 0 };
        let is_other = |seen: &Seen<'_>| !seen.look.component.says_the_same(&first.look.component);
        1 + usize::from(telling.any(is_other))
    }
}

fn reason(judged: &Judged<'_>) -> String {
    match judged.rule {
        Some(rule) => format!("by the rule: {rule}"),
        None => "by a rule".to_owned(),
    }
}
