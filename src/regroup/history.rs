//! Applying rules to history: the events that are stored are counted where their new names lead, a few at a time.
//!
//! A job goes from part to part and keeps how far it is with what it did, so that it goes on there whatever happens.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::task::spawn_blocking;

use super::look::Look;
use super::{Error, Regroup, Result, read};
use crate::grouping::Rules;
use crate::model::{
    EventRecord, GroupingRules, PageRequest, Part, PartId, Project, RegroupEnd, Regrouping, StoredEvent,
    UserId,
};
use crate::store::{CatalogChange, Grouping, Order, Rework};

/// Events that are read, and changed, at once: each may be a megabyte.
const SLICE: usize = 100;
/// Parts that are read at once.
const PAGE: usize = 100;
/// How far it is, is kept after so many events at which there was nothing to do.
const KEPT_AFTER: u64 = 2_000;

impl Regroup {
    /// The job of a project that runs, or its last one.
    pub async fn job(&self, project: &Project) -> Result<Option<Regrouping>> {
        Ok(self.grouping.regrouping(project.id).await?)
    }

    /// Saves rules, and begins to apply them to what a project has.
    pub async fn apply(
        &self,
        project: Project,
        rules: GroupingRules,
        who: Option<UserId>,
        now: Timestamp,
    ) -> Result<Project> {
        let before = match project.grouping == rules {
            false => project.grouping.clone(),
            // They were saved earlier, for what was to come.
            true => self
                .job(&project)
                .await?
                .map(|last| last.rules)
                .unwrap_or_default(),
        };
        let project = self.save(project, rules).await?;
        self.begin(&project, before, who, now).await?;
        Ok(project)
    }

    /// Begins to apply the rules that a project has to its history; `before` is what to go back to.
    async fn begin(
        &self,
        project: &Project,
        before: GroupingRules,
        who: Option<UserId>,
        now: Timestamp,
    ) -> Result<()> {
        let (mut total, mut until) = (0, PartId(0));
        self.each_part(project.id, |part| {
            total += part.seen.kept();
            until = until.max(part.id);
        })
        .await?;
        let job = Regrouping {
            project: project.id,
            started: now,
            who,
            rules: project.grouping.clone(),
            before,
            total,
            looked: 0,
            moved: 0,
            part: None,
            until,
            end: None,
        };
        self.grouping.regroup(job, Vec::new()).await?;
        self.wake.notify_one();
        Ok(())
    }

    /// Takes the last job back: gives the project the rules of before, and applies them to history.
    pub async fn undo(&self, mut project: Project, who: Option<UserId>, now: Timestamp) -> Result<Project> {
        let last = self.job(&project).await?.ok_or(Error::Nothing)?;
        if last.end.is_none() {
            return Err(Error::Busy);
        }
        project.grouping = last.before;
        read(&project.grouping)?;
        let saved = CatalogChange::UpdateProject(project.clone());
        self.catalog.apply(vec![saved]).await?;
        self.begin(&project, last.rules, who, now).await?;
        Ok(project)
    }

    /// Returns when there may be a job.
    pub async fn woken(&self) {
        self.wake.notified().await;
    }

    /// The jobs that are not done.
    pub async fn unfinished(&self) -> Result<Vec<Regrouping>> {
        let mut jobs = Vec::new();
        for project in self.catalog.projects().await? {
            let job = self.job(&project).await?;
            jobs.extend(job.filter(|job| job.end.is_none()));
        }
        Ok(jobs)
    }

    /// Goes on with a job until its last part, or until `is_stopped`.
    pub async fn walk(&self, job: Regrouping, is_stopped: impl Fn() -> bool) -> Result<Walked> {
        let rules = Arc::new(read(&job.rules)?);
        let mut walk = Walk {
            grouping: self.grouping.as_ref(),
            kept: job.looked,
            job,
            rules,
        };
        let mut request = PageRequest::first(PAGE);
        loop {
            let page = self.grouping.parts(walk.job.project, request).await?;
            for part in page.items {
                if Some(part.id) <= walk.job.part || part.id > walk.job.until {
                    continue;
                }
                walk.part(&part, &is_stopped).await?;
                if is_stopped() {
                    return Ok(Walked::UntilStopped);
                }
            }
            let Some(next) = page.next else {
                return Ok(Walked::ToTheEnd(Box::new(walk.job)));
            };
            request = PageRequest {
                cursor: Some(next),
                limit: PAGE,
            };
        }
    }

    /// Keeps that a job ended, and how.
    pub async fn finish(&self, mut job: Regrouping, end: RegroupEnd) -> Result<()> {
        job.end = Some(end);
        Ok(self.grouping.regroup(job, Vec::new()).await?)
    }
}

/// How far a walk went.
#[derive(Debug)]
pub enum Walked {
    /// All parts were dealt with.
    ToTheEnd(Box<Regrouping>),
    /// Somebody stopped it: it goes on another time.
    UntilStopped,
}

/// A walk through the parts of a project.
struct Walk<'a> {
    grouping: &'a dyn Grouping,
    job: Regrouping,
    /// What the job had looked at when it was last kept how far it is.
    kept: u64,
    rules: Arc<Rules>,
}

impl Walk<'_> {
    /// Deals with a part: remakes it, if any of its events changes.
    async fn part(&mut self, part: &Part, is_stopped: &impl Fn() -> bool) -> Result<()> {
        // One in the middle of being remade is gone on with.
        let is_due = part.successor.is_some() || self.changes(part).await?;
        if is_due && !self.remake(part, is_stopped).await? {
            return Ok(());
        }
        self.job.part = Some(part.id);
        if self.job.looked - self.kept >= KEPT_AFTER {
            self.keep(Vec::new()).await?;
        }
        Ok(())
    }

    /// Whether the rules change any event of a part. Those latest first: rules are written for what comes now.
    async fn changes(&mut self, part: &Part) -> Result<bool> {
        let mut request = PageRequest::first(SLICE);
        let mut looked = 0;
        loop {
            let page = self.grouping.events(part.id, Order::Newest, request).await?;
            looked += page.items.len() as u64;
            if self.reworked(page.items).await?.iter().any(|it| it.is_changed) {
                return Ok(true);
            }
            let Some(next) = page.next else { break };
            request = PageRequest {
                cursor: Some(next),
                limit: SLICE,
            };
        }
        self.job.looked += looked;
        Ok(false)
    }

    /// Counts all events of a part anew, oldest first. Answers whether it came to the last one.
    async fn remake(&mut self, part: &Part, is_stopped: &impl Fn() -> bool) -> Result<bool> {
        let mut steps = vec![Rework::Remake(part.id)];
        let mut request = PageRequest::first(SLICE);
        loop {
            if is_stopped() {
                return Ok(false);
            }
            let page = self.grouping.events(part.id, Order::Oldest, request).await?;
            let reworked = self.reworked(page.items).await?;
            self.job.looked += reworked.len() as u64;
            self.job.moved += reworked.iter().filter(|it| it.has_moved).count() as u64;
            steps.extend(reworked.into_iter().map(|it| Rework::Count(Box::new(it.record))));
            self.keep(std::mem::take(&mut steps)).await?;
            // What was counted is not in it any more; whatever is left all the same must not hold up the others.
            let Some(next) = page.next else {
                return Ok(true);
            };
            request = PageRequest {
                cursor: Some(next),
                limit: SLICE,
            };
        }
    }

    async fn reworked(&self, events: Vec<StoredEvent>) -> Result<Vec<Reworked>> {
        let rules = self.rules.clone();
        let rework = move || {
            events
                .into_iter()
                .map(|event| Reworked::new(event, &rules))
                .collect()
        };
        Ok(spawn_blocking(rework).await?)
    }

    async fn keep(&mut self, steps: Vec<Rework>) -> Result<()> {
        self.grouping.regroup(self.job.clone(), steps).await?;
        self.kept = self.job.looked;
        Ok(())
    }
}

/// An event as the rules see it.
struct Reworked {
    record: EventRecord,
    /// Whether it has other names.
    has_moved: bool,
    /// Whether anything about it that people see is otherwise.
    is_changed: bool,
}

impl Reworked {
    /// An event that cannot be read any more stays as it is.
    fn new(event: StoredEvent, rules: &Rules) -> Self {
        let before = event.record.clone();
        let record = Look::new(event, rules).map_or_else(|| before.clone(), |look| look.regrouped(rules));
        Self {
            has_moved: record.hashes != before.hashes,
            is_changed: record.hashes != before.hashes || record.title != before.title,
            record,
        }
    }
}
