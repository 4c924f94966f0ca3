//! How releases were used, added up from their days.

use std::collections::{BTreeMap, HashMap};

use super::Reader;
use crate::model::TimeRange;
use crate::model::release::{Release, ReleaseId};
use crate::model::session::{Exposure, Health, HealthQuery, UserCounts};
use crate::model::timeline::{DAY, HOUR, at};
use crate::protocol::ids::ProjectId;
use crate::store::Result;
use crate::store::embedded::index::keys::Pieces;
use crate::store::embedded::index::release::{DayUse, HealthKind, health_key};
use crate::store::embedded::index::rows;
use crate::store::embedded::index::sketch::Sketch;

/// What a row of the answer is of.
type Name = (Option<ProjectId>, Option<String>, Option<String>);

/// A row of the answer that is being added up.
#[derive(Default)]
struct Sum {
    hours: BTreeMap<i64, Exposure>,
    days: BTreeMap<i64, Users>,
}

#[derive(Default)]
struct Users {
    all: Sketch,
    crashed: Sketch,
}

/// One row of the index.
struct Row {
    day: i64,
    release: ReleaseId,
    kind: HealthKind,
    environment: String,
    value: sled::IVec,
}

impl Reader {
    /// See [`crate::store::Releases::health`].
    pub(super) fn health(&self, query: &HealthQuery) -> Result<Vec<Health>> {
        let mut sums: BTreeMap<Name, Sum> = BTreeMap::new();
        for &project in &query.projects {
            let mut versions: HashMap<ReleaseId, Option<String>> = HashMap::new();
            for row in self.days_of_use(project, query)? {
                if !query.environments.is_empty() && !query.environments.contains(&row.environment) {
                    continue;
                }
                if query.apart.releases && !versions.contains_key(&row.release) {
                    versions.insert(row.release, self.version(project, row.release)?);
                }
                let environment = (!row.environment.is_empty()).then(|| row.environment.clone());
                let name = (
                    query.apart.projects.then_some(project),
                    versions.get(&row.release).cloned().flatten(),
                    environment.filter(|_| query.apart.environments),
                );
                sums.entry(name).or_default().add(&row, query.range)?;
            }
        }
        Ok(sums
            .into_iter()
            .map(|(name, sum)| sum.into_health(name))
            .collect())
    }

    /// The rows of the days of the query, of the releases that it names.
    fn days_of_use(&self, project: ProjectId, query: &HealthQuery) -> Result<Vec<Row>> {
        let begin = query.range.start.as_second().div_euclid(DAY);
        let end = (query.range.end.as_second() - 1).div_euclid(DAY);
        if query.releases.is_empty() {
            let begin = health_key(project, begin).into_vec();
            let end = health_key(project, end + 1).into_vec();
            return self.tree.range(begin..end).filter_map(read).collect();
        }
        let mut found = Vec::new();
        for version in &query.releases {
            // A release that was not used on a day has no row of it.
            if let Some(release) = self.release(project, version)?
                && let Some((first, last)) = life(&release)
            {
                for day in begin.max(first)..=end.min(last) {
                    let prefix = health_key(project, day).number(release.id.0);
                    for row in self.tree.scan(&prefix).filter_map(read) {
                        found.push(row?);
                    }
                }
            }
        }
        Ok(found)
    }
}

/// The days on which a release may have been used. An event is counted when it is said to have happened, which may be
/// up to a minute after it was received.
fn life(release: &Release) -> Option<(i64, i64)> {
    let first = release.first_seen?.as_second() - HOUR;
    let last = release.last_seen?.as_second() + HOUR;
    Some((first.div_euclid(DAY), last.div_euclid(DAY)))
}

/// A row from what the tree gives; none when its key is not one of ours.
fn read(row: Result<(sled::IVec, sled::IVec)>) -> Option<Result<Row>> {
    let (key, value) = match row {
        Ok(row) => row,
        Err(error) => return Some(Err(error)),
    };
    let mut pieces = Pieces::of(&key);
    pieces.number()?;
    let (day, release) = (pieces.signed()?, pieces.number()?);
    let [kind] = pieces.array()?;
    let environment = String::from_utf8_lossy(pieces.rest()).into_owned();
    Some(Ok(Row {
        day,
        release: ReleaseId(release),
        kind: HealthKind::from_byte(kind)?,
        environment,
        value,
    }))
}

impl Sum {
    fn add(&mut self, row: &Row, range: TimeRange) -> Result<()> {
        let begin = row.day * DAY;
        match row.kind {
            HealthKind::Use => {
                for (hour, used) in (0..).zip(rows::decode::<DayUse>(&row.value)?) {
                    let second = begin + hour * HOUR;
                    if used != Exposure::default() && range.contains(at(second)) {
                        *self.hours.entry(second).or_default() += used;
                    }
                }
            }
            HealthKind::Users => {
                let users = self.days.entry(begin).or_default();
                users.all.join(&rows::decode(&row.value)?);
            }
            HealthKind::Crashed => {
                let users = self.days.entry(begin).or_default();
                users.crashed.join(&rows::decode(&row.value)?);
            }
        }
        Ok(())
    }

    fn into_health(self, (project, release, environment): Name) -> Health {
        let mut union = Users::default();
        for users in self.days.values() {
            union.all.join(&users.all);
            union.crashed.join(&users.crashed);
        }
        Health {
            project,
            release,
            environment,
            hours: self.hours.into_iter().collect(),
            days: self
                .days
                .iter()
                .map(|(day, users)| (*day, users.counts()))
                .collect(),
            users: union.counts(),
        }
    }
}

impl Users {
    fn counts(&self) -> UserCounts {
        UserCounts {
            all: self.all.estimate(),
            crashed: self.crashed.estimate(),
        }
    }
}
