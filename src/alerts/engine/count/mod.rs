//! Counts over periods that end with the last minute: what was received is added once, and leaves when it is too old.
//!
//! Knows only how many; whether a rule fires for that is judged elsewhere.

mod series;

use std::collections::{BTreeMap, BTreeSet};

use self::series::{Issues, Sessions, Silence};
use super::memory::Memory;
use super::memory::key::Key;
use super::rules::{Rule, Rules, period};
use crate::model::IssueId;
use crate::model::alert::{Minute, Pulse, RuleId, When};
use crate::protocol::ids::{EventId, ProjectId};

/// The most issues that a trigger asks about in a minute: what they are has to be read.
const MAX_ASKED: usize = 1_000;

/// The most minutes of issues that are held, all rules together: what comes on top of that is not counted.
const MAX_HELD: usize = 2_000_000;

/// What was counted so far: a counter for each trigger that counts, and project.
#[derive(Debug, Default)]
pub struct Counts {
    counters: BTreeMap<(RuleId, usize, ProjectId), Counter>,
    /// Minutes of issues that are held, all counters together.
    held: usize,
}

#[derive(Debug)]
enum Counter {
    Events(Issues),
    Users(Issues),
    Sessions(Sessions),
    Silence(Silence),
}

/// A count that is over what a rule allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Over {
    pub(super) rule: RuleId,
    /// Which trigger of the rule.
    pub(super) when: usize,
    /// Where.
    pub project: ProjectId,
    /// Of which issue; none for the project as a whole.
    pub issue: Option<IssueId>,
    /// See `Reason::Counted`.
    pub observed: u64,
    /// See `Reason::Counted`.
    pub of: Option<u64>,
    /// The issue's latest event in the period.
    pub event: Option<EventId>,
}

/// What is over after a minute.
#[derive(Debug, Default)]
pub struct Counted {
    /// What a rule may fire for: somebody has to say what is known of the issues.
    pub over: Vec<Over>,
    /// All that is over, or may still be, of what is remembered.
    pub(super) still: BTreeSet<Key>,
}

impl Counts {
    /// Adds what was received of a project in a minute. Minutes come in order.
    pub fn add(&mut self, rules: &Rules, project: ProjectId, pulses: &[Pulse]) {
        for rule in rules.of(project).filter(|rule| rules.counts(rule.said.id)) {
            for (index, when) in rule.said.when.iter().enumerate() {
                if period(when).is_none() {
                    continue;
                }
                let means = |pulse: &&Pulse| rule.conditions.mean(pulse.environment.as_deref());
                for pulse in pulses.iter().filter(means) {
                    let counter = self.counters.entry((rule.said.id, index, project));
                    let counter = counter.or_insert_with(|| Counter::new(when));
                    if self.held < MAX_HELD || !counter.is_large() {
                        counter.add(pulse);
                        self.held += 1;
                    }
                }
            }
        }
    }

    /// Forgets the projects that are gone.
    pub fn only(&mut self, projects: &BTreeSet<ProjectId>) {
        self.counters
            .retain(|(.., project), _| projects.contains(project));
    }

    /// Takes a minute for one in which there was something, though nobody can know: nothing is silent for that.
    pub fn excuse(&mut self, minute: Minute) {
        for counter in self.counters.values_mut() {
            if let Counter::Silence(silence) = counter {
                silence.excuse(minute);
            }
        }
    }

    /// Takes over what was counted for rules that are new or changed.
    pub fn replace(&mut self, rules: &BTreeSet<RuleId>, anew: Self) {
        self.counters.retain(|(rule, ..), _| !rules.contains(rule));
        self.counters.extend(anew.counters);
        self.held = self.counters.values().map(Counter::held).sum();
    }

    /// Ends a minute: forgets what is too old, and says what is over.
    pub fn end(&mut self, rules: &Rules, memory: &Memory, minute: Minute) -> Counted {
        let (mut counted, mut held) = (Counted::default(), 0);
        self.counters.retain(|&(id, when, project), counter| {
            let Some(rule) = rules.get(id).filter(|_| rules.counts(id)) else {
                return false;
            };
            let mut due = Vec::new();
            for found in counter.over(rule, when, minute) {
                let over = Over {
                    rule: id,
                    when,
                    project,
                    issue: found.issue,
                    observed: found.observed,
                    of: found.of,
                    event: found.event,
                };
                if over.is_state(rule) {
                    counted.still.insert(over.key());
                }
                if over.may_fire(rule, memory, minute.end()) {
                    due.push(over);
                }
            }
            counted.over.extend(asked(due, minute));
            held += counter.held();
            !counter.is_empty()
        });
        self.held = held;
        self.unknown(rules, memory, minute, &mut counted);
        counted
    }

    /// What was over and of which nothing can be known now stays so: with too few sessions nothing is well again, and of a
    /// project that was silent already before anything was counted only the memory knows.
    fn unknown(&self, rules: &Rules, memory: &Memory, minute: Minute, counted: &mut Counted) {
        for key in memory.overs() {
            let Key::Over(rule, number, project, None) = key else {
                continue;
            };
            let number = usize::try_from(number).unwrap_or(usize::MAX);
            let said = rules.get(rule).filter(|_| rules.counts(rule));
            let Some((said, when)) = said.and_then(|said| Some((said, said.said.when.get(number)?))) else {
                continue;
            };
            let counter = self.counters.get(&(rule, number, project));
            if !is_of_project(when) || counter.is_some_and(|counter| counter.knows(when, minute)) {
                continue;
            }
            counted.still.insert(key);
            let over = Over {
                rule,
                when: number,
                project,
                issue: None,
                observed: 0,
                of: None,
                event: None,
            };
            let is_silent = matches!(when, When::Silence { .. }) && !counter.is_some_and(Counter::is_heard);
            if is_silent && over.may_fire(said, memory, minute.end()) {
                counted.over.push(over);
            }
        }
    }
}

/// Whether it counts what is of a project as a whole.
fn is_of_project(when: &When) -> bool {
    matches!(
        when,
        When::CrashFree { .. } | When::ErrorRate { .. } | When::Silence { .. }
    )
}

/// Those of `due` that are asked about in `minute`. Of more than can be, the largest always; the others in turns, so that each
/// has its turn before long, whatever the rule's conditions say of the largest. It follows from counts and minute alone.
fn asked(mut due: Vec<Over>, minute: Minute) -> Vec<Over> {
    due.sort_by_key(|over| std::cmp::Reverse(over.observed));
    if due.len() <= MAX_ASKED {
        return due;
    }
    let mut others = due.split_off(MAX_ASKED / 2);
    others.sort_by_key(|over| over.issue);
    let turns = others.len().div_ceil(MAX_ASKED / 2);
    let turn = usize::try_from(minute.0).unwrap_or(0) % turns;
    let of_turn = others.into_iter().skip(turn * (MAX_ASKED / 2));
    due.extend(of_turn.take(MAX_ASKED / 2));
    due
}

/// The first minute of the period that ends with `minute`.
fn first(when: &When, minute: Minute) -> Minute {
    Minute(minute.0 + 1 - i64::from(period(when).unwrap_or(1)))
}

/// What a counter found.
struct Found {
    issue: Option<IssueId>,
    observed: u64,
    of: Option<u64>,
    event: Option<EventId>,
}

impl Counter {
    fn new(when: &When) -> Self {
        match when {
            When::CrashFree { .. } | When::ErrorRate { .. } => Self::Sessions(Sessions::default()),
            When::Silence { .. } => Self::Silence(Silence::default()),
            When::Users { .. } => Self::Users(Issues::default()),
            _ => Self::Events(Issues::default()),
        }
    }

    fn add(&mut self, pulse: &Pulse) {
        match self {
            Self::Events(issues) => issues.add(pulse, &[]),
            Self::Users(issues) => issues.add(pulse, &pulse.users),
            Self::Sessions(sessions) => sessions.add(pulse),
            Self::Silence(silence) => silence.add(pulse),
        }
    }

    /// Whether it grows with the number of issues.
    fn is_large(&self) -> bool {
        matches!(self, Self::Events(_) | Self::Users(_))
    }

    /// How much it holds of what grows so.
    fn held(&self) -> usize {
        match self {
            Self::Events(issues) | Self::Users(issues) => issues.held(),
            Self::Sessions(_) | Self::Silence(_) => 0,
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Events(issues) | Self::Users(issues) => issues.is_empty(),
            Self::Sessions(sessions) => sessions.is_empty(),
            Self::Silence(_) => false,
        }
    }

    /// Whether an event was ever heard of, where it matters.
    fn is_heard(&self) -> bool {
        matches!(self, Self::Silence(silence) if silence.is_heard())
    }

    /// Whether it can be known after a minute if what is counted of a project is over.
    fn knows(&self, when: &When, minute: Minute) -> bool {
        match (self, when) {
            (
                Self::Sessions(counted),
                When::CrashFree { sessions, .. } | When::ErrorRate { sessions, .. },
            ) => counted.are_enough(*sessions),
            (Self::Silence(silence), When::Silence { .. }) => silence.is_known(first(when, minute)),
            _ => false,
        }
    }

    fn over(&mut self, rule: &Rule, when: usize, minute: Minute) -> Vec<Found> {
        let Some(when) = rule.said.when.get(when) else {
            return Vec::new();
        };
        let first = first(when, minute);
        match (self, when) {
            (Self::Events(issues), When::Events { count, .. }) => {
                issues.forget(first);
                issues.with_events(*count)
            }
            (Self::Users(issues), When::Users { count, .. }) => {
                issues.forget(first);
                issues.with_users(*count)
            }
            (
                Self::Sessions(sessions),
                When::CrashFree {
                    below,
                    sessions: least,
                    ..
                },
            ) => {
                sessions.forget(first);
                sessions.crash_free_below(*below, *least).into_iter().collect()
            }
            (
                Self::Sessions(sessions),
                When::ErrorRate {
                    above,
                    sessions: least,
                    ..
                },
            ) => {
                sessions.forget(first);
                sessions.errors_above(*above, *least).into_iter().collect()
            }
            (Self::Silence(silence), When::Silence { .. }) => silence.since(first).into_iter().collect(),
            // A rule that was changed counts anew.
            _ => Vec::new(),
        }
    }
}
