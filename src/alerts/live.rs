//! The engine at work: what the store says happened goes in, in order, and what comes of it is kept with how far that is.
//!
//! Whatever is interrupted goes on where the store says it was. What time it is, is said by whoever steps.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::engine::{self, Counts, Judged, Memory, People, Rules};
use super::notices;
use super::recap;
use super::received::Received;
use super::recount::Recount;
use super::subject::{spikes, subjects};
use super::watch::{self, Watch};
use crate::model::alert::{AlertRule, Minute, Notice, RuleId};
use crate::protocol::ids::ProjectId;
use crate::store::{AlertStep, NewHappening, Progress, Result, Store};

/// A minute is judged so long after its end: a request that is on its way through the server still counts.
const MINUTE_LAG: SignedDuration = SignedDuration::from_secs(1);
/// What waits for the sake of what else may come is told so long after that could have come.
const TELL_LAG: SignedDuration = SignedDuration::from_millis(250);
/// How many minutes are made up for at most after the server was away. What happened before them is not told.
const MOST_MINUTES: i64 = 24 * 60;
/// More minutes than these between the last one that was judged and the time: a clock was wrong, or the server away.
const AHEAD: i64 = 2;
/// How many happenings are judged at once.
const AT_ONCE: usize = 500;
/// Minutes in which nothing comes of anything are kept so many at once.
const QUIET_MINUTES: i64 = 60;

/// The engine at work.
pub struct Live {
    store: Store,
    rules: Rules,
    memory: Memory,
    counts: Counts,
    watch: Watch,
    progress: Progress,
    /// What rules that are new or changed have counted so far, until they are as far as the others.
    recount: Option<Recount>,
    /// What is read of the projects while minutes are made up for.
    received: BTreeMap<ProjectId, Received>,
    /// The last minute in which the server was away: that nothing was received then says nothing.
    away: Option<Minute>,
    /// What ails the installation.
    troubles: Vec<Notice>,
}

/// Whether there is more to do at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum More {
    Yes,
    No,
}

impl Live {
    /// Goes on where the store says that it was; the first time with what happens from `now` on.
    pub async fn open(store: Store, now: Timestamp) -> Result<Self> {
        let (mut progress, memory) = store.alerts.progress().await?;
        let last = Minute(Minute::of(now).0 - 1);
        let known = progress.minute;
        let judged = known.unwrap_or(last);
        let is_ahead = judged > Minute(last.0 + AHEAD);
        progress.minute = Some(match is_ahead {
            true => last,
            false => judged.max(Minute(last.0 - MOST_MINUTES)),
        });
        let mut memory = Memory::read(memory);
        if is_ahead {
            memory.set_back(now);
        }
        let mut live = Self {
            store,
            rules: Rules::default(),
            memory,
            counts: Counts::default(),
            watch: Watch::default(),
            progress,
            recount: None,
            received: BTreeMap::new(),
            away: Some(last).filter(|last| last.0 - judged.0 > AHEAD),
            troubles: Vec::new(),
        };
        live.look_back().await?;
        live.refresh(now).await?;
        while live.count_anew().await? == More::Yes {}
        if known.is_none() {
            live.pass_over(now).await?;
        }
        if known.is_none() || is_ahead {
            live.keep(Judged::default(), Vec::new(), now).await?;
        }
        Ok(live)
    }

    /// What ails the installation now: owners are told with the next minute.
    pub fn find(&mut self, troubles: Vec<Notice>) {
        self.troubles = troubles;
    }

    /// Judges and keeps all that can be judged at `now`, and says when there is something to do again even if nothing
    /// happens. `found` says what else was found out by the end of a minute: it happened then.
    pub async fn step(
        &mut self,
        now: Timestamp,
        found: impl Fn(Minute) -> Vec<NewHappening> + Sync,
    ) -> Result<Timestamp> {
        if self.next().0 > Minute::of(now).0 + AHEAD {
            *self = Self::open(self.store.clone(), now).await?;
        }
        // Before happenings are read: what was received until then has been recorded, and is among them.
        let oldest = self.store.journal.backlog().oldest;
        let until = |lag: SignedDuration| oldest.map_or(now - lag, |oldest| oldest.min(now - lag));
        let (over, told) = (until(MINUTE_LAG), until(TELL_LAG));
        loop {
            let more = self.happenings(now).await?;
            if more == More::No {
                if self.next().end() > over {
                    break;
                }
                let last = Minute(Minute::of(over).0 - 1);
                self.minute(now, last, &found).await?;
            }
        }
        self.tell(told.min(self.next().end()), now).await?;
        // A little at a time: what happens meanwhile is judged in between.
        if self.count_anew().await? == More::Yes {
            return Ok(now);
        }
        let minute = self.next().end() + MINUTE_LAG;
        let waiting = engine::waiting(&self.memory).map(|due| due + TELL_LAG);
        Ok(waiting.map_or(minute, |waiting| waiting.min(minute)))
    }

    /// The next minute to be judged.
    fn next(&self) -> Minute {
        Minute(self.progress.minute.map_or(0, |last| last.0 + 1))
    }

    /// Passes over what happened before `now`.
    async fn pass_over(&mut self, now: Timestamp) -> Result<()> {
        loop {
            let happened = self
                .store
                .alerts
                .happenings(self.progress.happening, AT_ONCE)
                .await?;
            let before = happened.iter().take_while(|it| it.time < now);
            match before.last() {
                Some(last) => self.progress.happening = last.id,
                None => return Ok(()),
            }
        }
    }

    /// Judges what happened before the end of the next minute. What happened later waits; what was found out about a
    /// minute that is made up for comes behind it, and goes ahead.
    async fn happenings(&mut self, now: Timestamp) -> Result<More> {
        let after = self.progress.happening;
        let happened = self.store.alerts.happenings(after, AT_ONCE).await?;
        if happened.is_empty() {
            return Ok(More::No);
        }
        self.refresh(now).await?;
        let (mut judged, end) = (Judged::default(), self.next().end());
        let (mut count, mut waits) = (0, 0);
        let oldest = now - SignedDuration::from_mins(MOST_MINUTES);
        for mut happening in happened {
            // What is said to happen only later must not hold up all else.
            happening.time = happening.time.min(now);
            if happening.time >= end {
                waits += 1;
                continue;
            }
            count += 1;
            let was_ahead = self.memory.was_ahead(&happening);
            // Old news, as after a long halt or from an index that was made again, helps nobody.
            if !was_ahead && happening.time >= oldest {
                judged.join(engine::judge_happening(&self.rules, &mut self.memory, &happening));
            }
            if waits == 0 {
                self.progress.happening = happening.id;
            } else {
                self.memory.go_ahead(&happening);
            }
        }
        let is_new = waits == 0 || judged != Judged::default() || self.progress.happening != after;
        if is_new {
            self.keep(judged, Vec::new(), now).await?;
        }
        Ok(if count < AT_ONCE { More::No } else { More::Yes })
    }

    /// Judges the next minute; those up to `last` are over, too.
    async fn minute(
        &mut self,
        now: Timestamp,
        last: Minute,
        other: &(impl Fn(Minute) -> Vec<NewHappening> + Sync),
    ) -> Result<()> {
        self.refresh(now).await?;
        let minute = self.next();
        let projects = self.store.catalog.projects().await?;
        let projects: BTreeSet<ProjectId> = projects.into_iter().map(|project| project.id).collect();
        self.counts.only(&projects);
        self.memory.only(&projects);
        self.received.retain(|project, _| projects.contains(project));
        for project in projects {
            let received = self.received.entry(project);
            let received = received.or_insert_with(|| Received::new(project));
            let pulses = received.minute(self.store.alerts.as_ref(), minute, last).await?;
            self.counts.add(&self.rules, project, &pulses);
            self.watch.add(project, minute, &pulses);
        }
        if self.away >= Some(minute) {
            self.counts.excuse(minute);
        }
        let counted = self.counts.end(&self.rules, &self.memory, minute);
        let subjects = subjects(self.store.issues.as_ref(), &counted.over).await?;
        let mut judged = engine::judge_minute(&self.rules, &mut self.memory, minute, counted, subjects);
        let recaps = recap::recaps(self.store.alerting.as_ref(), &self.rules.people.members, minute).await?;
        judged.outbox.extend(recaps);
        let owners = &self.rules.people.owners;
        let told = notices::due(&mut self.memory, owners, &self.troubles, minute.end());
        judged.outbox.extend(told);
        let found = self
            .watch
            .judge(&self.store, &mut self.memory, minute, self.away)
            .await?;
        let mut found = spikes(self.store.issues.as_ref(), found, minute.end()).await?;
        found.extend(other(minute));
        self.progress.minute = Some(minute);
        let is_quiet = judged == Judged::default() && found.is_empty();
        if is_quiet && minute < last && minute.0 % QUIET_MINUTES != 0 {
            return Ok(());
        }
        self.keep(judged, found, now).await
    }

    /// Tells what waited until `until`.
    async fn tell(&mut self, until: Timestamp, now: Timestamp) -> Result<()> {
        if engine::waiting(&self.memory).is_none_or(|due| due > until) {
            return Ok(());
        }
        self.refresh(now).await?;
        let judged = engine::advance(&self.rules, &mut self.memory, until);
        self.keep(judged, Vec::new(), now).await
    }

    async fn keep(
        &mut self,
        mut judged: Judged,
        happenings: Vec<NewHappening>,
        now: Timestamp,
    ) -> Result<()> {
        judged
            .outbox
            .iter_mut()
            .for_each(|delivery| delivery.created = now);
        self.progress.steps += 1;
        let step = AlertStep {
            progress: self.progress.clone(),
            memory: self.memory.changes(),
            happenings,
            firings: judged.firings,
            outbox: judged.outbox,
        };
        self.store.alerts.keep(step).await
    }

    /// Takes the rules and members as they are now; rules that count something else than before begin to count anew.
    async fn refresh(&mut self, now: Timestamp) -> Result<()> {
        let said = self.store.alerting.rules().await?;
        let said: Vec<_> = said.into_iter().filter(|rule| rule.enabled).collect();
        let people = People::of(&self.store.catalog.users().await?);
        if self.rules.people == people && self.rules.said().eq(&said) {
            return Ok(());
        }
        let is_known = |rule: &&AlertRule| self.rules.said().any(|known| counts_alike(known, rule));
        let mut changed: BTreeSet<RuleId> = said
            .iter()
            .filter(|rule| !is_known(rule))
            .map(|rule| rule.id)
            .collect();
        // What was being counted anew is not as far as the others: once more, with what it says now.
        changed.extend(self.recount.take().into_iter().flat_map(|recount| recount.ids()));
        let of_them = said.iter().filter(|rule| changed.contains(&rule.id)).cloned();
        let anew = Rules::new(of_them, People::default());
        self.rules = Rules::new(said, people);
        engine::let_go(&self.rules, &mut self.memory, now);
        self.counts.replace(&changed, Counts::default());
        if anew.horizon() > 0 {
            self.rules.set_aside(anew.said().map(|rule| rule.id));
            let projects = self.store.catalog.projects().await?;
            let first = Minute(self.next().0 - i64::from(anew.horizon()));
            let projects = projects.into_iter().map(|project| project.id);
            self.recount = Some(Recount::new(anew, projects, first));
        }
        Ok(())
    }

    /// Reads a little of what rules that are new or changed count; when they are as far as the others, they count with them.
    async fn count_anew(&mut self) -> Result<More> {
        let last = Minute(self.next().0 - 1);
        let Some(recount) = &mut self.recount else {
            return Ok(More::No);
        };
        if recount.slice(self.store.alerts.as_ref(), last).await? == More::Yes {
            return Ok(More::Yes);
        }
        if let Some(done) = self.recount.take() {
            self.counts.replace(&done.ids(), done.counts);
            self.rules.set_aside([]);
        }
        Ok(More::No)
    }

    /// Reads what was received in the minutes before.
    async fn look_back(&mut self) -> Result<()> {
        let last = Minute(self.next().0 - 1);
        for project in self.store.catalog.projects().await? {
            let mut received = Received::new(project.id);
            for minute in last.0 - watch::MINUTES + 1..=last.0 {
                let minute = Minute(minute);
                let pulses = received.minute(self.store.alerts.as_ref(), minute, last).await?;
                self.watch.add(project.id, minute, &pulses);
            }
        }
        Ok(())
    }
}

fn counts_alike(one: &AlertRule, other: &AlertRule) -> bool {
    let what = |rule: &AlertRule| (rule.id, rule.project);
    what(one) == what(other) && one.when == other.when && one.conditions == other.conditions
}
