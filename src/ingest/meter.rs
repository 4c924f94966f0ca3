//! What was accepted, held against what is allowed.
//!
//! The counts are those of the store: what is recorded and what waits in the journal. An item is counted before it is
//! written, so that no two of them take the last place; who vanishes meanwhile has had it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::Source;
use crate::model::quota::{Rule, Usage};
use crate::model::{Outcome, OutcomeCount};
use crate::protocol::category::DataCategory;
use crate::protocol::envelope::{Envelope, Item, ItemType};
use crate::protocol::ids::{ProjectId, PublicKey};
use crate::protocol::rate_limit::RateLimit;
use crate::store::{self, Journal, Stats};

/// Counts what is accepted.
#[derive(Debug, Default)]
pub struct Meter {
    projects: Mutex<HashMap<ProjectId, Project>>,
}

#[derive(Debug, Default)]
struct Project {
    all: Usage,
    keys: HashMap<PublicKey, Usage>,
    /// How many items it may send in an hour.
    spike: Option<u64>,
}

/// An item that is more than is allowed.
pub(super) struct Limited {
    pub(super) item: Item,
    pub(super) rule: Rule,
}

impl Limited {
    /// How it is counted.
    pub(super) fn outcomes(&self, project: ProjectId, time: Timestamp) -> impl Iterator<Item = OutcomeCount> {
        let reason = self.rule.reason;
        self.item
            .quantities()
            .into_iter()
            .map(move |(category, quantity)| OutcomeCount {
                project,
                time,
                category,
                outcome: Outcome::RateLimited,
                reason: reason.to_owned(),
                quantity,
            })
    }
}

impl Meter {
    /// Goes on where the counts of the store stand: what is recorded, and what waits to be.
    pub async fn open(stats: &dyn Stats, journal: &dyn Journal) -> store::Result<Self> {
        let mut projects = HashMap::<_, Project>::new();
        for (project, key, usage) in stats.usage().await? {
            let project = projects.entry(project).or_default();
            match key {
                Some(key) => drop(project.keys.insert(key, usage)),
                None => project.all = usage,
            }
        }
        for charge in journal.charges() {
            let project = projects.entry(charge.project).or_default();
            project.all.add(charge.time, &charge.amounts);
            let key = project.keys.entry(charge.key).or_default();
            key.add(charge.time, &charge.amounts);
        }
        Ok(Self {
            projects: Mutex::new(projects),
        })
    }

    /// Sets how many items a project may send in an hour.
    pub fn protect(&self, project: ProjectId, spike: Option<u64>) {
        self.lock().entry(project).or_default().spike = spike;
    }

    /// How many items a project may send in an hour.
    pub(super) fn spike(&self, project: ProjectId) -> Option<u64> {
        self.lock().get(&project)?.spike
    }

    /// The limits of which nothing is left.
    pub(super) fn exhausted(&self, source: &Source, now: Timestamp) -> Vec<Rule> {
        let mut projects = self.lock();
        let (key, project) = projects.entry(source.project).or_default().of(source.key);
        source.rules.exhausted(key, project, now).cloned().collect()
    }

    /// Counts the items, and takes those out of which there are too many. An event takes its attachments along.
    pub(super) fn admit(&self, envelope: &mut Envelope, source: &Source, now: Timestamp) -> Vec<Limited> {
        let mut projects = self.lock();
        let (key, project) = projects.entry(source.project).or_default().of(source.key);
        let mut limited = Vec::new();
        let mut of_event = None;
        // The event decides over its attachments, wherever it stands.
        let (events, others) = std::mem::take(&mut envelope.items)
            .into_iter()
            .partition::<Vec<_>, _>(|item| item.ty().is_event_like());
        for item in events.into_iter().chain(others) {
            let amounts = item.quantities();
            let along = of_event
                .as_ref()
                .filter(|_| *item.ty() == ItemType::Attachment)
                .cloned();
            let rule = along.or_else(|| source.rules.forbids(&amounts, key, project, now).cloned());
            match rule {
                Some(rule) => {
                    if item.ty().is_event_like() {
                        of_event = Some(rule.clone());
                    }
                    limited.push(Limited { item, rule });
                }
                None => {
                    key.add(now, &amounts);
                    project.add(now, &amounts);
                    envelope.items.push(item);
                }
            }
        }
        limited
    }

    /// Counts less: what was not accepted after all.
    pub(super) fn take_back(&self, amounts: &[(DataCategory, u64)], source: &Source, now: Timestamp) {
        let mut projects = self.lock();
        let (key, project) = projects.entry(source.project).or_default().of(source.key);
        key.take_back(now, amounts);
        project.take_back(now, amounts);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ProjectId, Project>> {
        // Counts are whole after each statement.
        self.projects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Project {
    fn of(&mut self, key: PublicKey) -> (&mut Usage, &mut Usage) {
        (self.keys.entry(key).or_default(), &mut self.all)
    }
}

/// What a client is told of these rules, each once.
pub(super) fn told(rules: impl IntoIterator<Item = Rule>, now: Timestamp) -> Vec<RateLimit> {
    let mut limits: Vec<RateLimit> = Vec::new();
    for rule in rules {
        let limit = rule.told(now);
        if !limits.contains(&limit) {
            limits.push(limit);
        }
    }
    limits
}
