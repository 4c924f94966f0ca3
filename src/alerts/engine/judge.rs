//! Whether a rule fires: for what happened, and for what was counted in a minute that is over.

use std::mem::discriminant;

use jiff::Timestamp;

use super::count::{Counted, Over};
use super::memory::key::Key;
use super::memory::{LATELY, Memory, Row, Went};
use super::post::Judged;
use super::rules::{Rule, Rules};
use super::tell::{Fired, advance, wait};
use crate::model::alert::firing::Cause;
use crate::model::alert::{Happened, Happening, Minute, Reason, RuleId, Subject, When};
use crate::protocol::ids::ProjectId;

/// The most releases of a project that are remembered to have gone out lately.
const MAX_RELEASED: usize = 8;

/// Judges what happened, and tells before that what was to be told by then.
pub fn judge_happening(rules: &Rules, memory: &mut Memory, happening: &Happening) -> Judged {
    let Happening { project, issue, .. } = *happening;
    let (now, settled) = memory.tick(project, happening.time);
    let judged = advance(rules, memory, now);
    if let Happened::Released { version, environment } = &happening.what {
        remember(memory, project, version, environment.as_deref(), now);
    }
    for rule in rules.of(project) {
        let Some((number, when)) = rule.pulled_by(happening) else {
            continue;
        };
        let spiking = Key::Spiking(rule.said.id, project, issue);
        let fires = match happening.what {
            // Who heard of the spike hears of its end.
            Happened::Recovered(_) | Happened::Unwatched { .. } => memory.remove(&spiking).is_some(),
            // It is found once in an environment.
            Happened::BadRelease { .. } => holds(rule, &happening.subject, now),
            _ => {
                let slot = Key::Fired(rule.said.id, number as u64, project, issue);
                holds(rule, &happening.subject, now) && fire(memory, rule, slot, now)
            }
        };
        if !fires {
            continue;
        }
        if let Happened::Spiking(_) = happening.what {
            memory.put(spiking, Row::Time(now));
        }
        let cause = Cause {
            when: when.clone(),
            issue,
            subject: happening.subject.clone(),
            reason: Reason::Happened {
                id: happening.id,
                what: happening.what.clone(),
            },
        };
        let fired = Fired {
            project,
            cause,
            now,
            settled,
        };
        wait(memory, rule, fired);
    }
    judged
}

/// Judges what was counted up to the end of a minute. `subjects` says of each count that `counted` asks about what is
/// known of the issue; none for one that is gone.
pub fn judge_minute(
    rules: &Rules,
    memory: &mut Memory,
    minute: Minute,
    counted: Counted,
    subjects: Vec<Option<Subject>>,
) -> Judged {
    let now = minute.end();
    let judged = advance(rules, memory, now);
    for key in memory.overs() {
        let counts = |id: RuleId| rules.get(id).is_none() || rules.counts(id);
        if matches!(key, Key::Over(id, ..) if counts(id)) && !counted.still.contains(&key) {
            end(rules, memory, key, now);
        }
    }
    // A pause or a restart may come between the moment at which a project falls silent and that at which it is said.
    for key in counted
        .still
        .iter()
        .filter(|key| matches!(key, Key::Over(.., None)))
    {
        if memory.get(key).is_none() {
            memory.put(*key, Row::Unsaid);
        }
    }
    for (over, subject) in counted.over.into_iter().zip(subjects) {
        let rule = rules.get(over.rule);
        if let (Some(rule), Some(subject)) = (rule, subject) {
            exceed(memory, rule, over, subject, now);
        }
    }
    memory.prune(rules, now);
    judged
}

/// Fires for a count that is over, unless that was said.
fn exceed(memory: &mut Memory, rule: &Rule, over: Over, subject: Subject, now: Timestamp) {
    let Some(when) = rule.said.when.get(over.when) else {
        return;
    };
    let (project, issue) = (over.project, over.issue);
    if !over.may_fire(rule, memory, now) || !rule.conditions.hold(&subject, now) {
        return;
    }
    fire(memory, rule, over.slot(), now);
    let reason = Reason::Counted {
        observed: over.observed,
        of: over.of,
    };
    let cause = Cause {
        when: when.clone(),
        issue,
        subject,
        reason,
    };
    if over.is_state(rule) && !is_said(memory, &over.key()) {
        let row = match issue {
            None => Row::Cause(now, Box::new(cause.clone())),
            Some(_) => Row::Time(now),
        };
        memory.put(over.key(), row);
    }
    settle(memory, rule, project, cause, now);
}

/// Forgets a count that is over no more. Of a project, whoever heard that it was over hears that, unless the rule asks
/// for something else by now; an issue has its own end, which people give it.
fn end(rules: &Rules, memory: &mut Memory, key: Key, now: Timestamp) {
    let (Some(Row::Cause(since, cause)), Key::Over(id, number, project, _)) = (memory.remove(&key), key)
    else {
        return;
    };
    let is_kind = |when: &&When| discriminant(*when) == discriminant(&cause.when);
    let rule = rules.get(id);
    let when = rule.and_then(|rule| rule.said.when.get(usize::try_from(number).ok()?));
    if let (Some(rule), Some(when)) = (rule, when.filter(is_kind)) {
        let (when, reason) = (when.clone(), Reason::Ended { since });
        let cause = Cause {
            when,
            reason,
            ..*cause
        };
        settle(memory, rule, project, cause, now);
    }
}

/// Has what was counted wait for what else may happen in the second.
fn settle(memory: &mut Memory, rule: &Rule, project: ProjectId, cause: Cause, now: Timestamp) {
    let settled = memory.settled(project, now);
    let fired = Fired {
        project,
        cause,
        now,
        settled,
    };
    wait(memory, rule, fired);
}

/// Whether the rule fired for a count since it got over.
fn is_said(memory: &Memory, key: &Key) -> bool {
    matches!(memory.get(key), Some(Row::Cause(..) | Row::Time(_)))
}

impl Over {
    /// Whether the rule would fire, as far as that does not depend on the issue.
    pub(super) fn may_fire(&self, rule: &Rule, memory: &Memory, now: Timestamp) -> bool {
        let is_said = self.is_said_once(rule) && is_said(memory, &self.key());
        !is_said && !is_paused(memory, rule, &self.slot(), now)
    }

    /// Whether it is remembered that the count is over: that is said only once, or so is its end.
    pub(super) fn is_state(&self, rule: &Rule) -> bool {
        self.issue.is_none() || self.is_said_once(rule)
    }

    /// Whether it is said only when the count gets over, and not again while it stays there.
    fn is_said_once(&self, rule: &Rule) -> bool {
        let is_silence = matches!(rule.said.when.get(self.when), Some(When::Silence { .. }));
        is_silence || rule.pause().is_none()
    }

    /// Where it stands when it last fired.
    fn slot(&self) -> Key {
        Key::Fired(self.rule, self.when as u64, self.project, self.issue)
    }

    pub(super) fn key(&self) -> Key {
        Key::Over(self.rule, self.when as u64, self.project, self.issue)
    }
}

fn holds(rule: &Rule, subject: &Subject, now: Timestamp) -> bool {
    rule.conditions.mean(subject.environment.as_deref()) && rule.conditions.hold(subject, now)
}

/// Remembers that a trigger fires, unless it is silent about that issue.
fn fire(memory: &mut Memory, rule: &Rule, slot: Key, now: Timestamp) -> bool {
    let may = !is_paused(memory, rule, &slot, now);
    if may && rule.pause().is_some() {
        memory.put(slot, Row::Time(now));
    }
    may
}

fn is_paused(memory: &Memory, rule: &Rule, slot: &Key, now: Timestamp) -> bool {
    let since = memory.time(slot).map(|last| now.duration_since(last));
    since
        .zip(rule.pause())
        .is_some_and(|(since, pause)| since < pause)
}

fn remember(
    memory: &mut Memory,
    project: ProjectId,
    version: &str,
    environment: Option<&str>,
    now: Timestamp,
) {
    let key = Key::Released(project);
    let mut went = match memory.remove(&key) {
        Some(Row::Released(went)) => went,
        _ => Vec::new(),
    };
    went.retain(|it| now.duration_since(it.time) < LATELY);
    if went.len() == MAX_RELEASED {
        went.remove(0);
    }
    went.push(Went {
        time: now,
        version: version.to_owned(),
        environment: environment.map(str::to_owned),
    });
    memory.put(key, Row::Released(went));
}
