//! What the engine remembers from one step to the next: a map whose rows the store keeps as texts, in the commit of
//! what they led to.
//!
//! Everything in it ends: with its rule, with its project, or when it cannot matter any more.

pub(in crate::alerts) mod key;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use self::key::{Key, Pile};
use super::rules::Rules;
use crate::alerts::spike::Ongoing;
use crate::model::IssueId;
use crate::model::alert::firing::Cause;
use crate::model::alert::{Happening, HeldBy, Minute, Notice, RuleId};
use crate::protocol::ids::ProjectId;

/// For how long a release counts as having gone out lately.
pub(super) const LATELY: SignedDuration = SignedDuration::from_hours(1);
/// What happens within this time of a project's first thing is told together.
const SETTLING: SignedDuration = SignedDuration::from_secs(1);
/// Nothing waits for longer: quiet hours are shorter than a day, but for the day on which clocks go back.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(25);
/// What was fired for a spike that does not go on any more and of whose end nothing was heard is forgotten after so long.
const LONGEST_SPIKE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The engine's memory.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    rows: BTreeMap<Key, Row>,
    changed: BTreeSet<Key>,
    /// Rows of the store that this version cannot read: to be removed.
    unread: BTreeSet<String>,
}

/// What is remembered under a key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::alerts) enum Row {
    /// When.
    Time(Timestamp),
    /// When the last thing happened that was judged, and until when what happens is told together.
    Clock {
        now: Timestamp,
        settled: Timestamp,
    },
    /// What waits, until when, and why, if it is held.
    Pile {
        due: Timestamp,
        total: u64,
        #[serde(default)]
        by: Option<HeldBy>,
    },
    /// One thing of it, and when it happened.
    Cause(Timestamp, Box<Cause>),
    /// It is over, and that is still to be said.
    Unsaid,
    Lane(Lane),
    Released(Vec<Went>),
    Spell(Ongoing),
}

/// What a rule told of a project lately.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::alerts) struct Lane {
    /// When its last messages went out; what was told of one second is one, and what was held counts for as many as are
    /// told one by one.
    pub(super) told: Vec<Timestamp>,
    /// When it last told what had been held back.
    pub(super) summed: Option<Timestamp>,
}

/// That a release went out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::alerts) struct Went {
    pub(super) time: Timestamp,
    pub(super) version: String,
    pub(super) environment: Option<String>,
}

impl Memory {
    /// Reads what the store kept.
    pub fn read(kept: BTreeMap<String, String>) -> Self {
        let mut memory = Self::default();
        for (key, row) in kept {
            match (key.parse(), serde_json::from_str(&row)) {
                (Ok(key), Ok(row)) => {
                    memory.rows.insert(key, row);
                }
                _ => {
                    memory.unread.insert(key);
                }
            }
        }
        memory
    }

    /// What changed since this was last asked, for the store.
    pub fn changes(&mut self) -> BTreeMap<String, Option<String>> {
        let changed = std::mem::take(&mut self.changed).into_iter();
        let texts = changed.map(|key| {
            let row = self
                .rows
                .get(&key)
                .and_then(|row| serde_json::to_string(row).ok());
            (key.to_string(), row)
        });
        let unread = std::mem::take(&mut self.unread).into_iter();
        texts.chain(unread.map(|key| (key, None))).collect()
    }

    pub(in crate::alerts) fn get(&self, key: &Key) -> Option<&Row> {
        self.rows.get(key)
    }

    pub(in crate::alerts) fn put(&mut self, key: Key, row: Row) {
        self.changed.insert(key);
        self.rows.insert(key, row);
    }

    pub(in crate::alerts) fn remove(&mut self, key: &Key) -> Option<Row> {
        let removed = self.rows.remove(key);
        if removed.is_some() {
            self.changed.insert(*key);
        }
        removed
    }

    pub(super) fn time(&self, key: &Key) -> Option<Timestamp> {
        match self.rows.get(key) {
            Some(Row::Time(time)) => Some(*time),
            _ => None,
        }
    }

    /// The moment as which something counts in a project that is told to have happened at `time`: nothing is before
    /// what was judged already. And until when it settles: with the first thing a second begins, whether or not a rule
    /// is about it, so that no rule is told sooner or later for the sake of another one.
    pub(super) fn tick(&mut self, project: ProjectId, time: Timestamp) -> (Timestamp, Timestamp) {
        let known = self.clock(project);
        let now = known.map_or(time, |(now, _)| now.max(time));
        let settled = self.settled(project, now);
        if known != Some((now, settled)) {
            self.put(Key::Clock(project), Row::Clock { now, settled });
        }
        (now, settled)
    }

    /// Until when what happens in a project at `now` settles. The end of a minute begins a second, too.
    pub(super) fn settled(&self, project: ProjectId, now: Timestamp) -> Timestamp {
        let last = self.clock(project).map_or(Timestamp::MIN, |(_, settled)| settled);
        let minute = Minute(Minute::of(now).0 - 1).end();
        if now < last {
            last
        } else if minute >= last && now < minute + SETTLING {
            minute + SETTLING
        } else {
            now + SETTLING
        }
    }

    fn clock(&self, project: ProjectId) -> Option<(Timestamp, Timestamp)> {
        match self.rows.get(&Key::Clock(project)) {
            Some(Row::Clock { now, settled }) => Some((*now, *settled)),
            _ => None,
        }
    }

    /// All that waits to be told: until when, and what.
    pub(super) fn piles(&self) -> impl Iterator<Item = (Timestamp, ProjectId, Pile, RuleId)> {
        let first = Key::Pile(ProjectId(0), Pile::Settling, RuleId(0));
        self.rows.range(first..).map_while(|(key, row)| match (key, row) {
            (Key::Pile(project, pile, rule), Row::Pile { due, .. }) => Some((*due, *project, *pile, *rule)),
            _ => None,
        })
    }

    /// What is held of a rule about a project: until when, and why.
    pub(super) fn held(&self, project: ProjectId, rule: RuleId) -> Option<(Timestamp, HeldBy)> {
        match self.rows.get(&Key::Pile(project, Pile::Held, rule)) {
            Some(Row::Pile { due, by, .. }) => Some((*due, by.unwrap_or(HeldBy::Enough))),
            _ => None,
        }
    }

    /// How much of that there is.
    pub(super) fn waiting(&self, project: ProjectId, rule: RuleId) -> u64 {
        match self.rows.get(&Key::Pile(project, Pile::Held, rule)) {
            Some(Row::Pile { total, .. }) => *total,
            _ => 0,
        }
    }

    /// The keys of counts that were over when last looked at.
    pub(super) fn overs(&self) -> Vec<Key> {
        let first = Key::Over(RuleId(0), 0, ProjectId(0), None);
        let keys = self.rows.range(first..).map(|(key, _)| *key);
        keys.take_while(|key| matches!(key, Key::Over(..))).collect()
    }

    /// Remembers that a happening was judged before others that came first.
    pub(in crate::alerts) fn go_ahead(&mut self, happening: &Happening) {
        let key = Key::Ahead(happening.project, happening.id);
        if !self.rows.contains_key(&key) {
            self.put(key, Row::Time(happening.time));
        }
    }

    /// Whether it was judged so; no need to know that any longer, but for as long as others wait.
    pub(in crate::alerts) fn was_ahead(&mut self, happening: &Happening) -> bool {
        self.remove(&Key::Ahead(happening.project, happening.id))
            .is_some()
    }

    /// The spikes that go on.
    pub(in crate::alerts) fn spells(&self) -> impl Iterator<Item = ((ProjectId, Option<IssueId>), Ongoing)> {
        let first = Key::Spell(ProjectId(0), None);
        self.rows.range(first..).map_while(|(key, row)| match (key, row) {
            (Key::Spell(project, issue), Row::Spell(ongoing)) => Some(((*project, *issue), *ongoing)),
            _ => None,
        })
    }

    /// Sets right what was remembered by a clock that was ahead: as of `now`, nothing happened later, and nothing waits
    /// for longer than quiet hours last.
    pub(in crate::alerts) fn set_back(&mut self, now: Timestamp) {
        let latest = now + LONGEST_WAIT;
        for (key, row) in self.rows.clone() {
            match (&key, row) {
                (Key::Clock(_), Row::Clock { now: time, .. })
                | (Key::Fired(..) | Key::Noticed(..), Row::Time(time))
                    if time > now =>
                {
                    self.remove(&key);
                }
                (Key::Lane(..), Row::Lane(lane)) if lane.told.iter().any(|time| *time > now) => {
                    self.remove(&key);
                }
                (Key::Released(_), Row::Released(went)) if went.iter().any(|it| it.time > now) => {
                    self.remove(&key);
                }
                (Key::Pile(..), Row::Pile { due, total, by }) if due > latest => {
                    self.put(key, Row::Pile { due: now, total, by });
                }
                _ => {}
            }
        }
    }

    /// Forgets projects that are gone.
    pub fn only(&mut self, projects: &BTreeSet<ProjectId>) {
        let is_gone = |key: &&Key| key.project().is_some_and(|it| !projects.contains(&it));
        let gone = self.rows.keys().filter(is_gone);
        let gone: Vec<Key> = gone.copied().collect();
        for key in gone {
            self.remove(&key);
        }
    }

    /// Forgets what cannot matter any more.
    pub(super) fn prune(&mut self, rules: &Rules, now: Timestamp) {
        let is_lately = |time: &Timestamp, long: SignedDuration| now.duration_since(*time) < long;
        let matters = |key: &Key, row: &Row| match (key, row) {
            (Key::Fired(rule, ..), Row::Time(time)) => rules
                .get(*rule)
                .and_then(|rule| rule.pause())
                .is_some_and(|pause| is_lately(time, pause)),
            (Key::Spiking(rule, project, issue), Row::Time(time)) => {
                let goes_on = self.rows.contains_key(&Key::Spell(*project, *issue));
                rules.get(*rule).is_some() && (goes_on || is_lately(time, LONGEST_SPIKE))
            }
            (Key::Lane(_, rule), Row::Lane(lane)) => {
                rules.get(*rule).is_some() && lane.told.iter().any(|time| is_lately(time, LATELY))
            }
            (Key::Clock(_), Row::Clock { now, .. }) => is_lately(now, LATELY),
            (Key::Over(rule, ..), _) => rules.get(*rule).is_some(),
            (Key::Released(_), Row::Released(went)) => went.iter().any(|it| is_lately(&it.time, LATELY)),
            (Key::Noticed(..), Row::Time(time)) => is_lately(time, Notice::LONGEST_PAUSE),
            _ => true,
        };
        let gone = self.rows.iter().filter(|(key, row)| !matters(key, row));
        let gone: Vec<Key> = gone.map(|(key, _)| *key).collect();
        for key in gone {
            self.remove(&key);
        }
    }
}
