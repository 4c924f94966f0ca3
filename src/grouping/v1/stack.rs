//! Stacks: the frames that contribute.

use std::sync::Arc;

use super::frame::{self, Platform};
use super::rules::built_in;
use super::{TwoViews, client, repetition};
use crate::grouping::frames::{Frames, Look};
use crate::grouping::rules::stack::{Call, Family, Judged, Limits, Thrown, Verdict, judge};
use crate::grouping::{Component, Rules};
use crate::protocol::event::{Event, Frame, Stacktrace};

/// A stack whose frames have been looked at.
pub(super) struct Stack<'e> {
    looks: Arc<[Look<'e>]>,
    limits: Limits,
}

/// What rules say about the frames of a stack.
pub(super) fn judged<'r>(
    event: &Event,
    stacktrace: &Stacktrace,
    thrown: Thrown<'_>,
    rules: &'r Rules,
) -> Verdict<'r> {
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
        in_app: client::said(frame),
    }
}

impl<'e> Stack<'e> {
    /// Looks at all frames of a stack, about which rules have spoken.
    pub(super) fn read(event: &'e Event, stacktrace: &'e Stacktrace, verdict: &Verdict<'_>) -> Self {
        let repeated = repetition::repeated(&stacktrace.frames);
        let is_alone = stacktrace.frames.len() == 1;
        let frames = stacktrace.frames.iter().zip(&verdict.frames).zip(repeated);
        let looks = frames.map(|((frame, judged), is_repeated)| {
            let platform = Platform::of(event, frame);
            let mut look = frame::look(platform, frame);
            look.is_in_app = judged.in_app == Some(true);
            if is_repeated {
                look.left_out = Some("recursion".into());
            } else if judged.counts == Some(false) {
                look.left_out = Some(reason(judged).into());
            } else if is_alone && platform.is_javascript() && frame::is_nowhere(frame) {
                look.left_out = Some("alone, and neither function nor address".into());
            }
            look
        });
        Self {
            looks: looks.collect(),
            limits: verdict.limits,
        }
    }

    /// Those frames of the program that contribute, and all that do.
    pub(super) fn views(self) -> TwoViews<'e> {
        TwoViews {
            app: self.component(|look| (!look.is_in_app).then_some("not in app")),
            system: self.component(|_| None),
        }
    }

    /// The frames, but for those that there is a reason to leave out.
    fn component(&self, reason: impl Fn(&Look<'e>) -> Option<&'static str>) -> Component<'e> {
        let mut left_out: Vec<Option<&'static str>> = self.looks.iter().map(reason).collect();
        let mut counted: Vec<usize> = Vec::with_capacity(self.looks.len());
        let mut bundle: Option<&Look<'e>> = None;
        for (at, look) in self.looks.iter().enumerate() {
            if left_out[at].is_some() || !look.contributes() {
                continue;
            }
            // How many functions of a bundle are called in a row is up to the minifier.
            if look.is_minified && bundle.is_some_and(|before| before.says_the_same(look)) {
                left_out[at] = Some("same bundle as the frame before");
            } else {
                counted.push(at);
            }
            bundle = look.is_minified.then_some(look);
        }
        let Limits { most, least } = self.limits;
        if most > 0 {
            let beyond = counted.len().saturating_sub(most);
            counted
                .drain(..beyond)
                .for_each(|at| left_out[at] = Some("beyond max-frames"));
        }
        let component = Component::stacktrace(Frames::new(self.looks.clone(), left_out));
        component.unless((counted.len() < least).then_some("fewer than min-frames"))
    }

    /// How many different frames tell the place in the program from others, up to 2: of the frames of
    /// the program, if there are any that count.
    pub(super) fn telling(&self) -> usize {
        let counted = || self.looks.iter().filter(|look| look.contributes());
        let has_in_app = counted().any(|look| look.is_in_app);
        let mut telling = counted().filter(|look| (look.is_in_app || !has_in_app) && frame::is_telling(look));
        let Some(first) = telling.next() else { return 0 };
        1 + usize::from(telling.any(|look| !look.says_the_same(first)))
    }
}

fn reason(judged: &Judged<'_>) -> String {
    match judged.rule {
        Some(rule) => format!("by the rule: {rule}"),
        None => "by a rule".to_owned(),
    }
}
