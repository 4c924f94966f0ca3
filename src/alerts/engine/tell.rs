//! When what fired is told: at once, or together with more of the same.
//!
//! ```text
//! fired → quiet hours?              → held until they end
//!       → enough was told lately?   → held: first until the minute is over, then ten minutes at a time
//!       → settling, for a second    → more than three things: one message; else one for each
//! ```
//!
//! What is about a project as a whole is never held because much was told: it is what sums that up, and takes along
//! what is held. For what is urgent, enough is much more. All of it follows from the times at which things happened.

use jiff::{SignedDuration, Timestamp};

use super::memory::key::{Key, Pile};
use super::memory::{Lane, Memory, Row, Went};
use super::post::{self, Judged, Letter};
use super::rules::{Rule, Rules};
use crate::model::alert::firing::Cause;
use crate::model::alert::{Firing, Happened, Held, HeldBy, Minute, Reason, RuleId, Subject, When};
use crate::protocol::ids::ProjectId;
use crate::protocol::level::Level;

/// So many messages of a rule about a project are sent one by one …
const SINGLES: usize = HeldBy::MESSAGES;
/// … so many when they are urgent, for whoever sends us events must not be able to send mail without end …
const URGENT: usize = 30;
/// … in this time. Then they come together, this often.
const LATELY: SignedDuration = SignedDuration::from_mins(HeldBy::MINUTES);
/// What is held for the first time is told so long after the minute: its spikes are found just behind its end.
const AFTER_MINUTE: SignedDuration = SignedDuration::from_secs(2);

/// A cause, and when it happened.
pub(super) type Timed = (Timestamp, Cause);

/// Until when something waits, and why, if it is held.
type Until = (Timestamp, Option<HeldBy>);

/// Something that made a rule fire, and when.
pub(super) struct Fired {
    pub(super) project: ProjectId,
    pub(super) cause: Cause,
    pub(super) now: Timestamp,
    /// Until when it settles.
    pub(super) settled: Timestamp,
}

/// Puts what made a rule fire where it waits to be told.
pub(super) fn wait(memory: &mut Memory, rule: &Rule, fired: Fired) {
    let Fired {
        project,
        cause,
        now,
        settled,
    } = fired;
    let id = rule.said.id;
    let lane = lane(memory, project, id);
    let quiet = rule.quiet(now).filter(|_| rule.muted(now).is_none());
    let enough = if is_urgent(&cause) { URGENT } else { SINGLES };
    let may_wait = cause.issue.is_some() && !cause.is_end();
    let (pile, due, by) = match quiet {
        Some(end) => (Pile::Held, end, Some(HeldBy::QuietHours)),
        None if may_wait && lane.lately(now) >= enough => (Pile::Held, lane.next(now), Some(HeldBy::Enough)),
        None => (Pile::Settling, settled, None),
    };
    add(memory, Key::Pile(project, pile, id), (due, by), (now, cause));
}

/// Takes the rules as they are from now on: what their quiet hours held, and hold no longer, is told next.
pub fn let_go(rules: &Rules, memory: &mut Memory, now: Timestamp) {
    let held: Vec<_> = memory
        .piles()
        .filter(|(.., pile, _)| *pile == Pile::Held)
        .collect();
    for (due, project, pile, id) in held {
        let key = Key::Pile(project, pile, id);
        let until = rules.get(id).map(|rule| rule.quiet(now).unwrap_or(now));
        if let (Some(until), Some(Row::Pile { total, by, .. })) = (until, memory.get(&key))
            && (*by, until < due) == (Some(HeldBy::QuietHours), true)
        {
            let (due, total, by) = (until, *total, *by);
            memory.put(key, Row::Pile { due, total, by });
        }
    }
}

/// Whether it is told though others of its kind wait: what was thought to be over, what grows, and what ends programs.
fn is_urgent(cause: &Cause) -> bool {
    let is_fatal = cause.subject.level == Some(Level::Fatal);
    let happened = |what: &Happened| matches!(what, Happened::Regressed(_) | Happened::Spiking(_));
    is_fatal || matches!(&cause.reason, Reason::Happened { what, .. } if happened(what))
}

/// Tells all that was to wait until `now` or earlier.
pub fn advance(rules: &Rules, memory: &mut Memory, now: Timestamp) -> Judged {
    let mut judged = Judged::default();
    while let Some((due, project)) = next(memory).filter(|(due, _)| *due <= now) {
        let piles = memory.piles().filter(|it| (it.0, it.1) == (due, project));
        let piles: Vec<_> = piles.map(|(.., pile, rule)| (pile, rule)).collect();
        let letters = piles
            .into_iter()
            .flat_map(|(pile, rule)| open(rules, memory, project, pile, rule, due))
            .collect();
        judged.join(post::address(rules, letters, due));
    }
    judged
}

/// Until when the first thing waits.
pub fn waiting(memory: &Memory) -> Option<Timestamp> {
    next(memory).map(|(due, _)| due)
}

fn next(memory: &Memory) -> Option<(Timestamp, ProjectId)> {
    memory.piles().map(|(due, project, ..)| (due, project)).min()
}

/// Takes a pile, if it is to be told now.
fn open(
    rules: &Rules,
    memory: &mut Memory,
    project: ProjectId,
    pile: Pile,
    id: RuleId,
    due: Timestamp,
) -> Vec<Letter> {
    let key = Key::Pile(project, pile, id);
    let mut waited = memory.held(project, id).filter(|_| pile == Pile::Held);
    let mut taken = take(memory, key);
    let Some(rule) = rules.get(id) else {
        return Vec::new();
    };
    let silent = rule.muted(due).map(|until| format!("muted until {until:.0}"));
    if let Some(end) = rule.quiet(due).filter(|_| silent.is_none()) {
        let quiet = (end, Some(HeldBy::QuietHours));
        hold(memory, Key::Pile(project, Pile::Held, id), quiet, taken);
        return Vec::new();
    }
    if pile == Pile::Settling && taken.1.iter().any(|(_, cause)| cause.issue.is_none()) {
        waited = memory.held(project, id);
        let (total, held) = take(memory, Key::Pile(project, Pile::Held, id));
        taken.0 += total;
        taken.1.extend(held);
    }
    if taken.0 == 0 {
        return Vec::new();
    }
    let opened = Opened {
        rule,
        project,
        pile,
        due,
    };
    let firsts = taken.1.iter().map(|(time, _)| *time);
    let held = waited.zip(firsts.min()).map(|((_, by), since)| Held {
        since,
        until: due,
        by,
    });
    let mut letters = opened.letters(taken, memory);
    for letter in &mut letters {
        letter.firing.silent.clone_from(&silent);
        letter.firing.held = held.filter(|_| silent.is_none());
    }
    if silent.is_none() {
        opened.note(held, memory);
    }
    letters
}

/// A pile that is told now.
struct Opened<'a> {
    rule: &'a Rule,
    project: ProjectId,
    pile: Pile,
    due: Timestamp,
}

impl Opened<'_> {
    /// The messages about what was in it. That something is over is told apart: what is told together with problems ends
    /// nothing.
    fn letters(&self, (total, causes): (u64, Vec<Timed>), memory: &Memory) -> Vec<Letter> {
        let (ends, begins): (Vec<_>, Vec<_>) = causes.into_iter().partition(|(_, cause)| cause.is_end());
        let over = ends.len() as u64;
        let mut letters = Vec::new();
        for (total, causes) in [(total - over, begins), (over, ends)] {
            if total > 0 {
                letters.extend(self.one_or_each((total, causes), memory));
            }
        }
        letters
    }

    /// Makes one message, or one for each thing.
    fn one_or_each(&self, (total, mut causes): (u64, Vec<Timed>), memory: &Memory) -> Vec<Letter> {
        let is_wide = causes.iter().any(|(_, cause)| cause.issue.is_none());
        let room = SINGLES.saturating_sub(lane(memory, self.project, self.rule.said.id).lately(self.due));
        let is_whole = total == causes.len() as u64;
        if self.pile == Pile::Settling && !is_wide && causes.len() <= room && is_whole {
            let each = causes.into_iter();
            return each.map(|timed| self.letter(vec![timed], 1, memory)).collect();
        }
        causes.sort_by_key(|(_, cause)| cause.issue.is_some());
        causes.truncate(Firing::MAX_CAUSES);
        vec![self.letter(causes, total, memory)]
    }

    fn letter(&self, causes: Vec<Timed>, total: u64, memory: &Memory) -> Letter {
        let released = || released(memory, self.project, &causes);
        Letter {
            caused: causes.iter().map(received).min().unwrap_or(self.due),
            firing: Firing {
                id: Default::default(),
                rule: self.rule.said.id,
                rule_name: self.rule.said.name.clone(),
                time: causes.iter().map(|(time, _)| *time).max().unwrap_or(self.due),
                project: self.project,
                released: (total > 1).then(released).flatten(),
                causes: causes.into_iter().map(|(_, cause)| cause).collect(),
                total,
                silent: None,
                held: None,
            },
        }
    }

    /// Remembers that it was told.
    fn note(&self, held: Option<Held>, memory: &mut Memory) {
        let id = self.rule.said.id;
        let mut lane = lane(memory, self.project, id);
        let is_sum = held.is_some_and(|held| held.by == HeldBy::Enough);
        lane.tell(if is_sum { SINGLES } else { 1 }, self.due);
        if self.pile == Pile::Held {
            lane.summed = Some(self.due);
        }
        memory.put(Key::Lane(self.project, id), Row::Lane(lane));
    }
}

/// When that was received which made it so, at the earliest: a minute is judged when it is over.
fn received((time, cause): &Timed) -> Timestamp {
    match (&cause.reason, &cause.when) {
        (Reason::Counted { .. }, When::Silence { .. }) | (Reason::Happened { .. }, _) => *time,
        (Reason::Counted { .. } | Reason::Ended { .. }, _) => *time - SignedDuration::from_mins(1),
    }
}

/// The release that most of it comes from, if it went out shortly before the first of it, where it comes from.
fn released(memory: &Memory, project: ProjectId, causes: &[Timed]) -> Option<(String, Option<String>)> {
    let Some(Row::Released(went)) = memory.get(&Key::Released(project)) else {
        return None;
    };
    let first = causes.iter().map(|(time, _)| *time).min()?;
    let is_before = |it: &&Went| it.time <= first && first.duration_since(it.time) < super::memory::LATELY;
    let comes_from = |went: &Went,
                      Subject {
                          release, environment, ..
                      }: &Subject| {
        let is_there = went.environment.is_none() || *environment == went.environment;
        is_there && release.as_deref() == Some(&went.version)
    };
    // What is about the project as a whole comes from no release.
    let issues: Vec<_> = causes.iter().filter(|(_, cause)| cause.issue.is_some()).collect();
    let is_most = |it: &&Went| {
        let of_it = issues.iter().filter(|(_, cause)| comes_from(it, &cause.subject));
        2 * of_it.count() > issues.len()
    };
    let likeliest = went.iter().filter(is_before).rfind(is_most)?;
    Some((likeliest.version.clone(), likeliest.environment.clone()))
}

impl Lane {
    /// How many messages there were lately.
    fn lately(&self, now: Timestamp) -> usize {
        self.told
            .iter()
            .filter(|time| now.duration_since(**time) < LATELY)
            .count()
    }

    /// When what is held back now is to be told.
    fn next(&self, now: Timestamp) -> Timestamp {
        match self.summed.map(|last| last + LATELY) {
            Some(next) if next > now => next,
            _ => Minute::of(now).end() + AFTER_MINUTE,
        }
    }

    fn tell(&mut self, messages: usize, now: Timestamp) {
        self.told.retain(|time| now.duration_since(*time) < LATELY);
        self.told.extend(std::iter::repeat_n(now, messages));
        let excess = self.told.len().saturating_sub(URGENT);
        self.told.drain(..excess);
    }
}

fn lane(memory: &Memory, project: ProjectId, rule: RuleId) -> Lane {
    match memory.get(&Key::Lane(project, rule)) {
        Some(Row::Lane(lane)) => lane.clone(),
        _ => Lane::default(),
    }
}

/// Adds a thing to a pile; of many, the first ones and what is about the whole project are kept, all are counted.
fn add(memory: &mut Memory, key: Key, (due, by): Until, (time, cause): Timed) {
    let (due, total, by) = match memory.get(&key) {
        Some(Row::Pile { due, total, by }) => (*due, *total, *by),
        _ => (due, 0, by),
    };
    let last = Firing::MAX_CAUSES as u64 - 1;
    if let Key::Pile(project, pile, rule) = key
        && (total <= last || cause.issue.is_none())
    {
        let key = Key::Cause(project, pile, rule, total.min(last));
        memory.put(key, Row::Cause(time, Box::new(cause)));
    }
    memory.put(
        key,
        Row::Pile {
            due,
            total: total + 1,
            by,
        },
    );
}

/// Adds what was taken from a pile to another one.
fn hold(memory: &mut Memory, key: Key, until: Until, (total, causes): (u64, Vec<Timed>)) {
    let kept = causes.len() as u64;
    causes
        .into_iter()
        .for_each(|timed| add(memory, key, until, timed));
    if let Some(Row::Pile {
        due,
        total: there,
        by,
    }) = memory.get(&key)
    {
        let (due, total, by) = (*due, *there + total.saturating_sub(kept), *by);
        memory.put(key, Row::Pile { due, total, by });
    }
}

/// Takes a pile: how many things are in it, and those that were kept.
fn take(memory: &mut Memory, key: Key) -> (u64, Vec<Timed>) {
    let (Some(Row::Pile { total, .. }), Key::Pile(project, pile, rule)) = (memory.remove(&key), key) else {
        return (0, Vec::new());
    };
    let kept = (0..total.min(Firing::MAX_CAUSES as u64))
        .filter_map(|n| match memory.remove(&Key::Cause(project, pile, rule, n)) {
            Some(Row::Cause(time, cause)) => Some((time, *cause)),
            _ => None,
        })
        .collect();
    (total, kept)
}
