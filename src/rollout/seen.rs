//! What was seen of two releases, as the comparison wants it.

use std::cmp::Reverse;
use std::collections::HashMap;

use jiff::Timestamp;

use super::{Ask, Result, Rollout, is_older};
use crate::model::comparison::{Observed, Past, Sessions, Side, Tally};
use crate::model::lifecycle::decision::Decision;
use crate::model::release::order::ReleaseDates;
use crate::model::release::{Sighting, Sightings};
use crate::model::session::{Apart, HealthQuery, SessionCounts, UserCounts};
use crate::model::{Deed, IssueId, PageRequest, Release, Status, TimeRange};

/// The most issues that are compared: those with the most events.
const MOST_ISSUES: usize = 1_000;

/// How far back the story of an issue is read for that it came back.
const MOST_ENTRIES: usize = 100;

/// Two releases in an environment.
pub(super) struct Seen {
    pub(super) release: Side,
    pub(super) baseline: Option<Side>,
    pub(super) issues: Vec<Observed>,
}

/// An issue in both releases.
#[derive(Default)]
struct Both {
    release: Tally,
    baseline: Tally,
    /// When it was seen in the release: first and last.
    times: Option<(Timestamp, Timestamp)>,
}

impl Seen {
    pub(super) async fn of(
        rollout: &Rollout,
        ask: &Ask,
        release: &Release,
        baseline: Option<&str>,
        known: &[Release],
    ) -> Result<Self> {
        let mut both: HashMap<IssueId, Both> = HashMap::new();
        for (issue, tally, times) in rollout.tallies(ask, &release.version).await? {
            let entry = both.entry(issue).or_default();
            (entry.release, entry.times) = (tally, times);
        }
        if let Some(baseline) = baseline {
            for (issue, tally, _) in rollout.tallies(ask, baseline).await? {
                both.entry(issue).or_default().baseline = tally;
            }
        }
        let mut both: Vec<_> = both.into_iter().collect();
        both.sort_by_key(|(id, it)| (Reverse(it.release.events.max(it.baseline.events)), *id));
        both.truncate(MOST_ISSUES);

        let dates: HashMap<&str, ReleaseDates> = known
            .iter()
            .map(|it| (it.version.as_str(), ReleaseDates::from(it)))
            .collect();
        let mut issues = Vec::new();
        for (id, it) in both {
            if let Some(issue) = rollout.issues.issue(id).await? {
                let past = rollout.past(ask, release, &dates, id, &it).await?;
                let (release, baseline) = (it.release, it.baseline);
                let title = issue.seen.title;
                issues.push(Observed {
                    id,
                    title,
                    past,
                    release,
                    baseline,
                });
            }
        }
        Ok(Self {
            release: rollout.side(ask, &release.version).await?,
            baseline: match baseline {
                Some(baseline) => Some(rollout.side(ask, baseline).await?),
                None => None,
            },
            issues,
        })
    }
}

impl Rollout {
    /// How a release was used in the environment.
    pub(super) async fn side(&self, ask: &Ask, version: &str) -> Result<Side> {
        let query = HealthQuery {
            projects: vec![ask.project],
            range: TimeRange {
                start: Timestamp::MIN,
                end: Timestamp::MAX,
            },
            releases: vec![version.to_owned()],
            environments: ask.environment.iter().cloned().collect(),
            apart: Apart::default(),
        };
        let (mut sessions, mut events, mut users) = (SessionCounts::default(), 0, UserCounts::default());
        for health in self.releases.health(&query).await? {
            for (_, exposure) in &health.hours {
                sessions += exposure.sessions;
                events += exposure.events;
            }
            users.all += health.users.all;
            users.crashed += health.users.crashed;
        }
        let has_sessions = sessions.started > 0;
        Ok(Side {
            version: version.to_owned(),
            sessions: has_sessions.then_some(Sessions {
                started: sessions.started,
                crashed: sessions.crashed,
                users: (users.all > 0).then_some(users),
            }),
            events,
        })
    }

    /// What was seen of each issue in a release, and when: first and last.
    async fn tallies(
        &self,
        ask: &Ask,
        version: &str,
    ) -> Result<Vec<(IssueId, Tally, Option<(Timestamp, Timestamp)>)>> {
        let seen = self.releases.issues_of(ask.project, version).await?;
        let tallies = seen.into_iter().map(|it| {
            let events = there(&it.sightings, ask).map(|sighting| sighting.count).sum();
            let first = there(&it.sightings, ask).map(|sighting| sighting.first).min();
            let last = there(&it.sightings, ask).map(|sighting| sighting.last).max();
            let users = it.users.iter().filter(|(name, _)| is_there(name.as_deref(), ask));
            let users: u64 = users.map(|(_, users)| users).sum();
            let users = (users > 0).then_some(users);
            (it.issue, Tally { events, users }, first.zip(last))
        });
        Ok(tallies.filter(|(_, tally, _)| tally.events > 0).collect())
    }

    /// What was known of an issue before the release.
    async fn past(
        &self,
        ask: &Ask,
        release: &Release,
        dates: &HashMap<&str, ReleaseDates>,
        id: IssueId,
        seen: &Both,
    ) -> Result<Past> {
        let Some((_, last)) = seen.times else {
            return Ok(Past::Known);
        };
        if let Some(why) = self.regression(ask, &release.version, id, last).await? {
            return Ok(Past::Regressed(why));
        }
        if seen.baseline.events > 0 {
            return Ok(Past::Known);
        }
        let ours = ReleaseDates::from(release);
        let environment = ask.environment.as_deref();
        let is_before = |version: Option<&str>, sighting: &Sighting| match version {
            Some(version) => {
                let gone = || ReleaseDates::seen(version, sighting);
                let theirs = dates.get(version).cloned().unwrap_or_else(gone);
                is_older(&theirs, &ours, environment)
            }
            // Events that name no release tell by their time.
            None => seen.times.is_some_and(|(first, _)| sighting.first < first),
        };
        let all = self.releases.releases_of(id).await?;
        let is_known = all
            .iter()
            .any(|it| there(&it.sightings, ask).any(|sighting| is_before(it.version.as_deref(), sighting)));
        Ok(if is_known { Past::Known } else { Past::New })
    }

    /// Why an issue that was resolved is said to have come back in a release, if it is: its story tells that once, of the
    /// environment where it was seen first.
    async fn regression(
        &self,
        ask: &Ask,
        version: &str,
        id: IssueId,
        last: Timestamp,
    ) -> Result<Option<String>> {
        let story = self
            .decisions
            .activity(id, PageRequest::first(MOST_ENTRIES))
            .await?;
        // Latest first: what was found to be no regression after all is told after it.
        let is_withdrawn = |deed: &Deed| {
            matches!(
                deed,
                Deed::Reconsidered {
                    status: Status::Resolved,
                    ..
                }
            )
        };
        let deeds = story.items.into_iter().filter(|it| it.undone.is_none());
        let mut deeds = deeds.map(|it| it.what).take_while(|deed| !is_withdrawn(deed));
        let came_back = deeds.find_map(|deed| match deed {
            Deed::Regressed { why, .. } if why.release.as_deref() == Some(version) => Some(why),
            _ => None,
        });
        let Some(why) = came_back else {
            return Ok(None);
        };
        let resolved = deeds.find_map(|deed| match deed {
            Deed::Decided(Decision::Resolve(it)) => Some(it),
            _ => None,
        });
        let is_here = is_there(why.environment.as_deref(), ask)
            || resolved.is_some_and(|it| it.environment.is_none() && it.time < last);
        // That it was reopened is said by where it is told.
        let why = || why.to_string().trim_start_matches("reopened: ").to_owned();
        Ok(is_here.then(why))
    }
}

/// The sightings in the environment.
fn there<'a>(sightings: &'a Sightings, ask: &'a Ask) -> impl Iterator<Item = &'a Sighting> {
    sightings
        .0
        .iter()
        .filter(|it| is_there(it.environment.as_deref(), ask))
}

/// Whether an environment is the one that is asked about; when none is, all are.
fn is_there(environment: Option<&str>, ask: &Ask) -> bool {
    ask.environment.is_none() || environment == ask.environment.as_deref()
}
