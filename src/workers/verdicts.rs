//! Looks every five minutes whether a release that went out lately is worse than the one before it.
//!
//! What worse is, `rollout` says; that it was found, becomes something that happened with the next minute.

use std::cmp::Reverse;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::Stop;
use crate::model::alert::{Happened, Minute, Subject};
use crate::model::comparison::{Limits, Verdict};
use crate::model::{Project, Release};
use crate::rollout::{Ask, Compared, Error, Rollout};
use crate::store::{Clock, NewHappening, Store};

/// How often is looked.
const PERIOD: SignedDuration = SignedDuration::from_mins(5);
/// How often is looked at the clock for that.
const TICK: Duration = Duration::from_secs(1);
/// A release is young for so long after it was first seen.
const YOUNG: SignedDuration = SignedDuration::from_hours(24);
/// The most releases that are looked at, each with its environments, the youngest first.
const MOST_RELEASES: usize = 20;
/// The most environments of a release that are looked at.
const MOST_ENVIRONMENTS: usize = 5;
/// What happened in so many things is looked through for what was found before.
const MOST_BEFORE: usize = 50_000;
/// The most reasons that are told.
const MOST_REASONS: usize = 5;
/// The most characters of a reason.
const LONGEST_REASON: usize = 300;

/// What was found and did not happen yet.
#[derive(Clone, Default)]
pub struct Finds(Arc<Mutex<Vec<NewHappening>>>);

impl Finds {
    /// Takes what was found: it happened at the end of `minute`.
    pub(super) fn take(&self, minute: Minute) -> Vec<NewHappening> {
        let mut found = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        found.iter_mut().for_each(|it| it.time = minute.end());
        found
    }

    fn put(&self, found: NewHappening) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !all
            .iter()
            .any(|it| it.what == found.what && it.project == found.project)
        {
            all.push(found);
        }
    }
}

/// Looks at young releases until it is asked to stop.
pub async fn verdicts_loop(
    store: Store,
    rollout: Rollout,
    finds: Finds,
    clock: Clock,
    mut stop: Stop,
) -> anyhow::Result<()> {
    let mut next = clock();
    let mut ticks = tokio::time::interval(TICK);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = stop.asked() => return Ok(()),
        }
        let now = clock();
        if now >= next {
            look(&store, &rollout, &finds, now).await?;
            next = now + PERIOD;
        }
    }
}

/// Looks at all young releases once.
async fn look(store: &Store, rollout: &Rollout, finds: &Finds, now: Timestamp) -> anyhow::Result<()> {
    let is_young = |release: &Release| {
        release
            .first_seen
            .is_some_and(|first| now.duration_since(first) < YOUNG)
    };
    let mut young: Vec<(Project, Release)> = Vec::new();
    for project in store.catalog.projects().await? {
        let releases = store.releases.all(project.id).await?.into_iter();
        young.extend(
            releases
                .filter(is_young)
                .map(|release| (project.clone(), release)),
        );
    }
    young.sort_by_key(|(_, release)| Reverse(release.first_seen));
    for (project, release) in young.into_iter().take(MOST_RELEASES) {
        for environment in environments(&release) {
            let ask = Ask {
                project: project.id,
                version: release.version.clone(),
                baseline: None,
                environment,
                limits: Limits::default(),
            };
            let compared = match rollout.compare(&ask).await {
                Ok(compared) => compared,
                Err(Error::Store(error)) => return Err(error.into()),
                // It is gone meanwhile.
                Err(_) => continue,
            };
            if let Some(found) = bad(&ask, compared, now)
                && !was_found(store, &found, now).await?
            {
                finds.put(found);
            }
        }
    }
    Ok(())
}

/// Where a release is looked at: its busiest environments; as a whole when events name none.
fn environments(release: &Release) -> Vec<Option<String>> {
    let mut named: Vec<_> = release
        .seen
        .0
        .iter()
        .filter(|it| it.environment.is_some())
        .collect();
    named.sort_by_key(|sighting| Reverse(sighting.count));
    let named: Vec<_> = named
        .into_iter()
        .map(|it| it.environment.clone())
        .take(MOST_ENVIRONMENTS)
        .collect();
    if named.is_empty() { vec![None] } else { named }
}

/// What happened, if the release is worse.
fn bad(ask: &Ask, compared: Compared, now: Timestamp) -> Option<NewHappening> {
    let baseline = compared.baseline?;
    let comparison = compared.comparison;
    let reason = |reason: &dyn ToString| reason.to_string().chars().take(LONGEST_REASON).collect();
    (comparison.verdict == Verdict::Bad).then(|| NewHappening {
        time: now,
        project: ask.project,
        issue: None,
        what: Happened::BadRelease {
            version: ask.version.clone(),
            environment: ask.environment.clone(),
            baseline: baseline.version,
            reasons: comparison
                .reasons
                .iter()
                .take(MOST_REASONS)
                .map(|it| reason(it))
                .collect(),
        },
        subject: Subject {
            release: Some(ask.version.clone()),
            environment: ask.environment.clone(),
            ..Subject::default()
        },
    })
}

/// Whether it was found before: a release is said to be worse once in an environment.
async fn was_found(store: &Store, found: &NewHappening, now: Timestamp) -> anyhow::Result<bool> {
    let same = |what: &Happened| match (what, &found.what) {
        (
            Happened::BadRelease {
                version, environment, ..
            },
            Happened::BadRelease {
                version: found,
                environment: there,
                ..
            },
        ) => version == found && environment == there,
        _ => false,
    };
    let start = now - YOUNG - PERIOD;
    let before = store
        .alerts
        .happened(found.project, start, now + PERIOD, MOST_BEFORE)
        .await?;
    Ok(before.iter().any(|it| same(&it.what)))
}
