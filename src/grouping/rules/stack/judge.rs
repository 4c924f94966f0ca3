//! Applying rules to the frames of a stack.

use super::rule::{Action, ExceptionField, FrameMatcher, Question, Range, Rule};
use super::{Family, Limits, StackRules};

/// What rules see of a frame.
#[derive(Debug, Clone, Copy)]
pub(in crate::grouping) struct Call<'a> {
    /// The family of its platform.
    pub(in crate::grouping) family: Family,
    /// The function.
    pub(in crate::grouping) function: Option<&'a str>,
    /// The module.
    pub(in crate::grouping) module: Option<&'a str>,
    /// The library.
    pub(in crate::grouping) package: Option<&'a str>,
    /// The file.
    pub(in crate::grouping) path: Option<&'a str>,
    /// What was said about it before.
    pub(in crate::grouping) in_app: Option<bool>,
}

/// What rules see of the exception that a stack belongs to.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::grouping) struct Thrown<'a> {
    /// Its type.
    pub(in crate::grouping) ty: Option<&'a str>,
    /// Its message.
    pub(in crate::grouping) value: Option<&'a str>,
    /// The type of its mechanism.
    pub(in crate::grouping) mechanism: Option<&'a str>,
}

/// What came out about a frame.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::grouping) struct Judged<'r> {
    /// Whether it is the program's own; `None` if nobody said.
    pub(in crate::grouping) in_app: Option<bool>,
    /// Its category.
    pub(in crate::grouping) category: Option<&'r str>,
    /// Whether it counts, if a rule said so.
    pub(in crate::grouping) counts: Option<bool>,
    /// The rule that said whether it counts.
    pub(in crate::grouping) rule: Option<&'r str>,
}

/// What came out about a stack.
#[derive(Debug, Default)]
pub(in crate::grouping) struct Verdict<'r> {
    /// About each of its frames.
    pub(in crate::grouping) frames: Vec<Judged<'r>>,
    /// How many of them count.
    pub(in crate::grouping) limits: Limits,
}

/// Applies lists of rules one after the other to a stack, outermost call first.
pub(in crate::grouping) fn judge<'r>(
    lists: &[&'r StackRules],
    calls: &[Call<'_>],
    thrown: Thrown<'_>,
) -> Verdict<'r> {
    let mut judged: Vec<Judged<'r>> = calls
        .iter()
        .map(|call| Judged {
            in_app: call.in_app,
            ..Judged::default()
        })
        .collect();
    let mut limits = Limits::default();
    let lists = lists.iter().filter(|list| !list.rules.is_empty());
    let rounds: Vec<Round<'_, 'r>> = lists.map(|list| Round::new(list, calls, thrown)).collect();
    for round in &rounds {
        round.play(&mut judged, Action::classifies, &mut limits);
    }
    for round in &rounds {
        round.play(&mut judged, |action| !action.classifies(), &mut limits);
    }
    Verdict {
        frames: judged,
        limits,
    }
}

/// A list of rules in front of a stack.
struct Round<'a, 'r> {
    list: &'r StackRules,
    calls: &'a [Call<'a>],
    /// Numbers of the patterns that match the frames, those of one frame after those of another.
    matches: Vec<usize>,
    /// Where those of each frame end.
    ends: Vec<usize>,
    /// Rules and frames that have to be looked at, in order.
    candidates: Vec<(usize, usize)>,
    thrown: Thrown<'a>,
}

impl<'a, 'r> Round<'a, 'r> {
    fn new(list: &'r StackRules, calls: &'a [Call<'a>], thrown: Thrown<'a>) -> Self {
        let mut matches = Vec::with_capacity(4 * calls.len());
        let mut candidates = Vec::with_capacity(4 * calls.len());
        let mut ends = Vec::with_capacity(calls.len());
        for (at, call) in calls.iter().enumerate() {
            let start = matches.len();
            list.table.matches(call, &mut matches);
            ends.push(matches.len());
            let rules = matches[start..]
                .iter()
                .flat_map(|&number| list.table.anchored(number));
            candidates.extend(rules.map(|&rule| (rule, at)));
        }
        candidates.extend(list.table.open().iter().map(|&rule| (rule, usize::MAX)));
        candidates.sort_unstable();
        candidates.dedup();
        Self {
            list,
            calls,
            matches,
            ends,
            candidates,
            thrown,
        }
    }

    /// Applies those actions of all rules that are wanted, rule by rule.
    fn play(&self, judged: &mut [Judged<'r>], is_wanted: fn(&Action) -> bool, limits: &mut Limits) {
        for candidates in self.candidates.chunk_by(|a, b| a.0 == b.0) {
            let rule = &self.list.rules[candidates[0].0];
            let is_missing = |name| !judged.iter().any(|judged| judged.category == Some(name));
            if !rule.actions.iter().any(is_wanted)
                || rule.category().is_some_and(is_missing)
                || !self.is_thrown(rule)
            {
                continue;
            }
            // All frames are asked before anything is done to one of them.
            let found: Vec<usize> = if candidates[0].1 == usize::MAX {
                (0..self.calls.len())
                    .filter(|&at| self.fits(rule, at, judged))
                    .collect()
            } else {
                let places = candidates.iter().map(|&(_, at)| at);
                places.filter(|&at| self.fits(rule, at, judged)).collect()
            };
            for action in rule.actions.iter().filter(|action| is_wanted(action)) {
                act(rule, action, &found, judged);
                if !found.is_empty() {
                    limits.set(action);
                }
            }
        }
    }

    fn fits(&self, rule: &Rule, at: usize, judged: &[Judged<'_>]) -> bool {
        rule.families & self.calls[at].family.bit() != 0
            && rule
                .category()
                .is_none_or(|name| judged[at].category == Some(name))
            && self.holds(&rule.frame, Some(at), judged)
            && self.holds(&rule.caller, at.checked_sub(1), judged)
            && self.holds(
                &rule.callee,
                Some(at + 1).filter(|&next| next < self.calls.len()),
                judged,
            )
    }

    fn holds(&self, matchers: &[FrameMatcher], at: Option<usize>, judged: &[Judged<'_>]) -> bool {
        matchers.iter().all(|matcher| {
            let Some(at) = at else { return false };
            let answer = match &matcher.question {
                Question::Pattern(number) => self.matches_of(at).contains(number),
                Question::Category(name) => judged[at].category == Some(name.as_str()),
                Question::InApp(wanted) => judged[at].in_app.unwrap_or(false) == *wanted,
            };
            answer != matcher.is_negated
        })
    }

    fn matches_of(&self, at: usize) -> &[usize] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.matches[start..self.ends[at]]
    }

    fn is_thrown(&self, rule: &Rule) -> bool {
        rule.exception.iter().all(|matcher| {
            let text = match matcher.field {
                ExceptionField::Type => self.thrown.ty,
                ExceptionField::Value => self.thrown.value,
                ExceptionField::Mechanism => self.thrown.mechanism,
            };
            text.is_some_and(|text| matcher.glob.is_match(text)) != matcher.is_negated
        })
    }
}

/// Applies an action for all frames that matched. Ranges are laid together first: ten thousand frames
/// that match are not ten thousand ranges.
fn act<'r>(rule: &'r Rule, action: &'r Action, found: &[usize], judged: &mut [Judged<'r>]) {
    let (Some(&first), Some(&last)) = (found.first(), found.last()) else {
        return;
    };
    let mut each = |range: Range, set: &dyn Fn(&mut Judged<'r>)| match range {
        Range::Itself => found.iter().for_each(|&at| set(&mut judged[at])),
        Range::Above => judged[first + 1..].iter_mut().for_each(set),
        Range::Below => judged[..last].iter_mut().for_each(set),
    };
    match action {
        Action::InApp(range, flag) => each(*range, &|judged| judged.in_app = Some(*flag)),
        Action::Group(range, flag) => each(*range, &|judged| {
            judged.counts = Some(*flag);
            judged.rule = Some(&rule.text);
        }),
        Action::Category(name) => each(Range::Itself, &|judged| judged.category = Some(name)),
        Action::MaxFrames(_) | Action::MinFrames(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls<'a>(functions: &[&'a str]) -> Vec<Call<'a>> {
        let call = |function: &&'a str| Call {
            family: Family::Native,
            function: Some(function),
            module: None,
            package: Some("C:\\Windows\\System32\\D3D11.dll"),
            path: Some("src/Tea.cpp"),
            in_app: None,
        };
        functions.iter().map(call).collect()
    }

    /// A letter a frame: `+` counts, `-` does not, `.` nobody said.
    fn counted(rules: &str, functions: &[&str]) -> String {
        let rules = StackRules::parse(rules).unwrap();
        let judged = judge(&[&rules], &calls(functions), Thrown::default()).frames;
        let letter = |judged: &Judged<'_>| judged.counts.map_or('.', |counts| if counts { '+' } else { '-' });
        judged.iter().map(letter).collect()
    }

    #[test]
    fn actions_reach_up_and_down() {
        let stack = ["main", "brew", "panic", "abort"];
        for (rules, expected) in [
            ("function:panic -group", "..-."),
            ("function:panic ^-group -group", "..--"),
            ("function:brew v-group", "-..."),
            ("function:* -group\nfunction:b* +group", "-+--"),
            ("!function:b* -group", "-.--"),
            ("[ function:brew ] | function:panic -group", "..-."),
            ("function:brew | [ function:panic ] -group", ".-.."),
            ("[ function:main ] | function:panic -group", "...."),
            ("package:**/system32/*.dll -group", "----"),
            ("path:tea.cpp -group", "...."),
            ("path:src/tea.cpp -group", "----"),
            ("path:**/src/tea.cpp -group", "----"),
            ("family:javascript -group", "...."),
            (
                "function:brew category=hot\n[ category:hot ] | function:panic -group",
                "..-.",
            ),
            ("app:no function:main -group\nfunction:main +app", "...."),
        ] {
            assert_eq!(counted(rules, &stack), expected, "{rules}");
        }
    }

    #[test]
    fn rules_see_what_earlier_rules_did() {
        let rules = StackRules::parse(
            "function:main +app\nfunction:main app:yes category=own\ncategory:own max-frames=2 min-frames=1",
        )
        .unwrap();
        let Verdict {
            frames: judged,
            limits,
        } = judge(&[&rules], &calls(&["main", "x"]), Thrown::default());
        assert_eq!((judged[0].in_app, judged[0].category), (Some(true), Some("own")));
        assert_eq!(judged[1].in_app, None);
        assert_eq!((limits.most, limits.least), (2, 1));
    }

    #[test]
    fn exceptions_are_asked() {
        let rules = StackRules::parse("type:Tea* value:*cold* !mechanism:x function:* -group").unwrap();
        let asked = |ty, value| {
            let thrown = Thrown {
                ty: Some(ty),
                value: Some(value),
                mechanism: None,
            };
            judge(&[&rules], &calls(&["a"]), thrown).frames[0].counts
        };
        assert_eq!(asked("TeaError", "too COLD today"), Some(false));
        assert_eq!(asked("TeaError", "hot"), None);
        assert_eq!(asked("Error", "cold"), None);
    }
}
