//! What a rule would have done: the steps of the engine over what the store has of the past, with an empty memory.
//!
//! Nothing is kept and nobody is told. Three things are not as they were then but as they are now: whose an issue is
//! when something is counted, its title, and when it was first seen.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{Timestamp, ToSpan};
use tokio::sync::Semaphore;

use super::engine::{self, Counts, Judged, Memory, People, Rules};
use super::received::Received;
use super::subject::subjects;
use crate::model::TimeRange;
use crate::model::alert::{AlertRule, Firing, Happening, Minute};
use crate::protocol::ids::ProjectId;
use crate::store::{Result, Store};

/// The most days that a rule is tried on.
pub const MAX_DAYS: i64 = 14;
/// The most happenings of a project that are judged.
const MAX_HAPPENINGS: usize = 20_000;
/// The most minutes of issues that are counted, all projects together.
const MAX_PULSES: usize = 2_000_000;
/// The most firings that are told one by one.
const MAX_FIRINGS: usize = 500;
/// How many read pulses it costs to look up an issue and its latest event.
const LOOK_UP: usize = 10;
/// How long a rule is tried: somebody waits for the answer, and others for their turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// After so many minutes of the past the thread has a look at other work.
const STRETCH: i64 = 60;
/// How many rules are tried at once.
const AT_ONCE: usize = 2;

/// Tries rules on the past.
#[derive(Clone)]
pub struct Backtest {
    store: Store,
    turns: Arc<Semaphore>,
}

/// What a rule would have done.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tried {
    /// How often it would have fired.
    pub fired: u64,
    /// For what: oldest first, at most 500.
    pub firings: Vec<Firing>,
    /// There was so much, or it took so long, that in some project it was tried only up to then.
    pub until: Option<Timestamp>,
}

impl Backtest {
    /// Reads what the store has.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Tries a rule on the last `days`, at most [`MAX_DAYS`], as if it had not been muted or switched off.
    pub async fn run(&self, mut rule: AlertRule, days: i64, now: Timestamp) -> Result<Tried> {
        rule.enabled = true;
        rule.muted_until = None;
        let hours = 24 * days.clamp(1, MAX_DAYS);
        let start = now.checked_sub(hours.hours()).unwrap_or(Timestamp::MIN);
        self.over(rule, TimeRange { start, end: now }, Some(PATIENCE))
            .await
    }

    /// Tries a rule on a span of time, as it is, for so long.
    pub(super) async fn over(
        &self,
        rule: AlertRule,
        range: TimeRange,
        patience: Option<Duration>,
    ) -> Result<Tried> {
        // The semaphore is never closed.
        let _turn = self.turns.acquire().await;
        let projects = self.store.catalog.projects().await?;
        let watched = projects
            .into_iter()
            .map(|project| project.id)
            .filter(|id| rule.project.is_none_or(|only| only == *id));
        let watched: Vec<ProjectId> = watched.collect();
        let rules = Rules::new([rule], People::default());
        let mut tried = Tried::default();
        let mut budget = Budget {
            pulses: MAX_PULSES,
            end: patience.and_then(|patience| Instant::now().checked_add(patience)),
        };
        for project in watched {
            let mut walk = Walk::new(&self.store, &rules, project, range);
            walk.over(&mut budget).await?;
            if walk.range.end < range.end {
                tried.until = Some(tried.until.map_or(walk.range.end, |it| it.min(walk.range.end)));
            }
            tried.firings.extend(walk.judged.firings);
        }
        tried.fired = tried.firings.len() as u64;
        tried.firings.sort_by_key(|firing| firing.time);
        tried.firings.truncate(MAX_FIRINGS);
        Ok(tried)
    }
}

/// What may be spent on one rule.
struct Budget {
    pulses: usize,
    end: Option<Instant>,
}

impl Budget {
    fn spend(&mut self, pulses: usize) {
        self.pulses = self.pulses.saturating_sub(pulses);
    }

    fn is_spent(&self) -> bool {
        self.pulses == 0 || self.end.is_some_and(|end| Instant::now() >= end)
    }
}

/// A walk over the past of one project.
struct Walk<'a> {
    store: &'a Store,
    rules: &'a Rules,
    project: ProjectId,
    range: TimeRange,
    memory: Memory,
    counts: Counts,
    received: Received,
    /// The next minute to be judged.
    next: Minute,
    judged: Judged,
}

impl<'a> Walk<'a> {
    fn new(store: &'a Store, rules: &'a Rules, project: ProjectId, range: TimeRange) -> Self {
        Self {
            store,
            rules,
            project,
            range,
            memory: Memory::default(),
            counts: Counts::default(),
            received: Received::new(project),
            next: Minute::of(range.start),
            judged: Judged::default(),
        }
    }

    /// Judges all that happened and was counted; ends earlier when the budget is spent.
    async fn over(&mut self, budget: &mut Budget) -> Result<()> {
        let happened = self.happened().await?;
        let horizon = self.rules.horizon();
        if horizon > 0 {
            self.count_before(horizon, budget).await?;
        }
        for happening in happened {
            if horizon > 0 {
                self.minutes(happening.time, budget).await?;
            }
            if happening.time >= self.range.end {
                break;
            }
            let judged = engine::judge_happening(self.rules, &mut self.memory, &happening);
            self.judged.join(judged);
        }
        if horizon > 0 {
            self.minutes(self.range.end, budget).await?;
        }
        let judged = engine::advance(self.rules, &mut self.memory, self.range.end);
        self.judged.join(judged);
        Ok(())
    }

    /// What happened, in the order in which it is judged: minute by minute, and as it was found out.
    async fn happened(&mut self) -> Result<Vec<Happening>> {
        let TimeRange { start, end } = self.range;
        let alerts = &self.store.alerts;
        let mut happened = alerts.happened(self.project, start, end, MAX_HAPPENINGS).await?;
        if happened.len() == MAX_HAPPENINGS
            && let Some(last) = happened.last()
        {
            self.range.end = last.time;
        }
        happened.sort_by_key(|happening| (Minute::of(happening.time), happening.id));
        Ok(happened)
    }

    /// Counts what was received before the first minute.
    async fn count_before(&mut self, horizon: u32, budget: &mut Budget) -> Result<()> {
        let first = self.next;
        for minute in first.0 - i64::from(horizon)..first.0 {
            self.count(Minute(minute), budget).await?;
        }
        Ok(())
    }

    /// Judges the minutes that ended at or before `until`.
    async fn minutes(&mut self, until: Timestamp, budget: &mut Budget) -> Result<()> {
        while self.next.end() <= until.min(self.range.end) {
            let minute = self.next;
            self.count(minute, budget).await?;
            let counted = self.counts.end(self.rules, &self.memory, minute);
            let looked_up = counted.over.len();
            let subjects = subjects(self.store.issues.as_ref(), &counted.over).await?;
            let judged = engine::judge_minute(self.rules, &mut self.memory, minute, counted, subjects);
            self.judged.join(judged);
            self.next = Minute(minute.0 + 1);
            budget.spend(looked_up * LOOK_UP);
            if budget.is_spent() {
                self.range.end = minute.end();
            }
            if minute.0 % STRETCH == 0 {
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    }

    async fn count(&mut self, minute: Minute, budget: &mut Budget) -> Result<()> {
        let last = Minute(Minute::of(self.range.end).0 - 1);
        let pulses = self
            .received
            .minute(self.store.alerts.as_ref(), minute, last)
            .await?;
        budget.spend(pulses.len());
        self.counts.add(self.rules, self.project, &pulses);
        Ok(())
    }
}
