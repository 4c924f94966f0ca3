//! When what fired is told: at once, or together with more of the same.
//!
//! ```text
//! fired → quiet hours?              → held until they end
//!       → enough was told lately?   → held: first until the minute is over, then ten minutes at a time
//!       → settling, for a second    → more than three things: one message; else one for each
//! ```
//!
//! What is about a project as a whole is never held because much was told: it is what sums that up, and takes along
//! what is held. All of it follows from the times at which things happened.

use jiff::{SignedDuration, Timestamp};

use super::memory::key::{Key, Pile};
use super::memory::{Lane, Memory, Row, Went};
use super::post::{self, Judged, Letter};
use super::rules::{Rule, Rules};
use crate::model::alert::firing::Cause;
use crate::model::alert::{Firing, Minute, Reason, RuleId, Subject};
use crate::protocol::ids::ProjectId;

/// So many messages of a rule about a project are sent one by one …
const SINGLES: usize = 3;
/// … in this time. Then they come together, this often.
const LATELY: SignedDuration = SignedDuration::from_mins(10);
/// What is held for the first time is told so long after the minute: its spikes are found just behind its end.
const AFTER_MINUTE: SignedDuration = SignedDuration::from_secs(2);

/// A cause, and when it happened.
pub(super) type Timed = (Timestamp, Cause);

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
    let (pile, due) = match quiet {
        Some(end) => (Pile::Held, end),
        None if cause.issue.is_some() && !is_end(&cause) && lane.is_busy(now) => (Pile::Held, lane.next(now)),
        None => (Pile::Settling, settled),
    };
    add(memory, Key::Pile(project, pile, id), due, (now, cause));
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
    let mut taken = take(memory, key);
    let Some(rule) = rules.get(id) else {
        return Vec::new();
    };
    let silent = rule.muted(due).map(|until| format!("muted until {until:.0}"));
    if let Some(end) = rule.quiet(due).filter(|_| silent.is_none()) {
        hold(memory, Key::Pile(project, Pile::Held, id), end, taken);
        return Vec::new();
    }
    if pile == Pile::Settling && taken.1.iter().any(|(_, cause)| cause.issue.is_none()) {
        let (total, held) = take(memory, Key::Pile(project, Pile::Held, id));
        taken.0 += total;
        taken.1.extend(held);
    }
    if taken.0 == 0 {
        return Vec::new();
    }
    let mut lane = lane(memory, project, id);
    // That something is over is told apart: what is told together with problems ends nothing.
    let (ends, begins): (Vec<_>, Vec<_>) = taken.1.into_iter().partition(|(_, cause)| is_end(cause));
    let over = ends.len() as u64;
    let mut letters = Vec::new();
    for (total, causes) in [(taken.0 - over, begins), (over, ends)] {
        if total > 0 {
            letters.extend(sort(rule, project, &lane, pile, (total, causes), due, memory));
        }
    }
    if silent.is_none() {
        lane.tell(letters.len(), letters.iter().any(|it| it.firing.total > 1), due);
        if pile == Pile::Held {
            lane.summed = Some(due);
        }
        memory.put(Key::Lane(project, id), Row::Lane(lane));
    }
    letters
        .into_iter()
        .map(|mut letter| {
            letter.firing.silent.clone_from(&silent);
            letter
        })
        .collect()
}

/// Whether it is that something is over.
fn is_end(cause: &Cause) -> bool {
    let Reason::Happened { what, .. } = &cause.reason else {
        return false;
    };
    what.is_end()
}

/// Makes one message of what was in a pile, or one for each thing.
fn sort(
    rule: &Rule,
    project: ProjectId,
    lane: &Lane,
    pile: Pile,
    (total, mut causes): (u64, Vec<Timed>),
    due: Timestamp,
    memory: &Memory,
) -> Vec<Letter> {
    let is_wide = causes.iter().any(|(_, cause)| cause.issue.is_none());
    let room = SINGLES.saturating_sub(lane.lately(due));
    let letter = |causes: Vec<Timed>, total: u64| {
        let time = causes.iter().map(|(time, _)| *time).max().unwrap_or(due);
        let first = causes.iter().map(|(time, _)| *time).min().unwrap_or(due);
        Letter {
            // What was held was held on purpose.
            caused: if pile == Pile::Settling { first } else { due },
            firing: Firing {
                id: Default::default(),
                rule: rule.said.id,
                rule_name: rule.said.name.clone(),
                time,
                project,
                released: (total > 1).then(|| released(memory, project, &causes)).flatten(),
                causes: causes.into_iter().map(|(_, cause)| cause).collect(),
                total,
                silent: None,
            },
        }
    };
    if pile == Pile::Settling && !is_wide && causes.len() <= room && total == causes.len() as u64 {
        return causes.into_iter().map(|timed| letter(vec![timed], 1)).collect();
    }
    causes.sort_by_key(|(_, cause)| cause.issue.is_some());
    causes.truncate(Firing::MAX_CAUSES);
    vec![letter(causes, total)]
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
    let likeliest = went.iter().filter(is_before).filter(is_most).next_back()?;
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

    /// Whether enough was told lately.
    fn is_busy(&self, now: Timestamp) -> bool {
        self.lately(now) >= SINGLES
    }

    /// When what is held back now is to be told.
    fn next(&self, now: Timestamp) -> Timestamp {
        match self.summed.map(|last| last + LATELY) {
            Some(next) if next > now => next,
            _ => Minute::of(now).end() + AFTER_MINUTE,
        }
    }

    fn tell(&mut self, messages: usize, is_sum: bool, now: Timestamp) {
        self.told.retain(|time| now.duration_since(*time) < LATELY);
        let counted = if is_sum { SINGLES } else { messages };
        self.told.extend(std::iter::repeat_n(now, counted));
        let excess = self.told.len().saturating_sub(SINGLES);
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
fn add(memory: &mut Memory, key: Key, due: Timestamp, (time, cause): Timed) {
    let (due, total) = match memory.get(&key) {
        Some(Row::Pile { due, total }) => (*due, *total),
        _ => (due, 0),
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
        },
    );
}

/// Adds what was taken from a pile to another one.
fn hold(memory: &mut Memory, key: Key, due: Timestamp, (total, causes): (u64, Vec<Timed>)) {
    let kept = causes.len() as u64;
    causes.into_iter().for_each(|timed| add(memory, key, due, timed));
    if let Some(Row::Pile { due, total: there }) = memory.get(&key) {
        let (due, total) = (*due, *there + total.saturating_sub(kept));
        memory.put(key, Row::Pile { due, total });
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
