//! Counts by hour.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;

use super::{Index, Reader};
use crate::model::quota::Usage;
use crate::model::timeline::{DAY, HOUR, Hours, at};
use crate::model::{IssueId, Outcome, OutcomeRow, ProjectActivity, TimeRange};
use crate::protocol::category::DataCategory;
use crate::protocol::ids::{ProjectId, PublicKey};
use crate::store::embedded::index::keys::{Key, Pieces, Table};
use crate::store::embedded::index::rows::{self, DayHours, Meta, ReasonHours};
use crate::store::{Error, Result, Stats};

#[async_trait]
impl Stats for Index {
    async fn outcomes(&self, projects: &[ProjectId], range: TimeRange) -> Result<Vec<OutcomeRow>> {
        let projects = projects.to_vec();
        self.blocking(move |reader| {
            let mut rows = Vec::new();
            for project in projects {
                rows.extend(reader.outcomes(project, range)?);
            }
            Ok(rows)
        })
        .await
    }

    async fn issue_hours(&self, issues: &[IssueId], range: TimeRange) -> Result<Vec<Hours>> {
        let issues = issues.to_vec();
        self.blocking(move |reader| {
            let hours = |issue: &IssueId| reader.issue_hours(*issue, range);
            issues.iter().map(hours).collect()
        })
        .await
    }

    async fn project_hours(&self, project: ProjectId, range: TimeRange) -> Result<Hours> {
        self.blocking(move |reader| reader.hours(&Key::of(Table::ProjectHours).number(project.0), range))
            .await
    }

    async fn activity(&self, project: ProjectId) -> Result<ProjectActivity> {
        Ok(self
            .reader
            .get(&Key::of(Table::Activity).number(project.0))?
            .unwrap_or_default())
    }

    async fn usage(&self) -> Result<Vec<(ProjectId, Option<PublicKey>, Usage)>> {
        let usage = |reader: &Reader| {
            let all = Key::of(Table::Usage);
            let rows = reader.scan::<Usage>(&all).map(|row| {
                let (key, usage) = row?;
                let mut pieces = Pieces::of(&key);
                let project = pieces.number().unwrap_or_default();
                let key = pieces.array().map(PublicKey::from_bytes);
                Ok((ProjectId(project), key, usage))
            });
            rows.collect()
        };
        self.blocking(usage).await
    }

    async fn dead_letters(&self) -> Result<u64> {
        let meta: Option<Meta> = self.reader.get(&Key::meta())?;
        Ok(meta.map_or(0, |meta| meta.dead))
    }

    async fn writable(&self) -> Result<()> {
        if !self.writer.is_alive() {
            return Err(Error::Closed);
        }
        self.room.check(0, 0)
    }
}

impl Reader {
    /// The hours of an issue's parts, added up.
    fn issue_hours(&self, issue: IssueId, range: TimeRange) -> Result<Hours> {
        let mut sum = BTreeMap::new();
        for part in self.parts(issue)? {
            for (second, count) in self.hours(&Key::of(Table::PartHours).number(part.0), range)? {
                *sum.entry(second).or_default() += count;
            }
        }
        Ok(sum.into_iter().collect())
    }

    /// The hours of `range` that have a count, from the rows `prefix` + day.
    fn hours(&self, prefix: &Key, range: TimeRange) -> Result<Hours> {
        let mut hours = Hours::new();
        for (day, _, row) in self.days::<DayHours>(prefix, range)? {
            collect(day, &row, range, &mut hours);
        }
        Ok(hours)
    }

    fn outcomes(&self, project: ProjectId, range: TimeRange) -> Result<Vec<OutcomeRow>> {
        let mut found: HashMap<(DataCategory, Outcome, String), Hours> = HashMap::new();
        for (day, name, row) in
            self.days::<ReasonHours>(&Key::of(Table::Outcomes).number(project.0), range)?
        {
            let Some((category, outcome)) = read_name(&name) else {
                continue;
            };
            for (reason, by_hour) in row {
                collect(
                    day,
                    &by_hour,
                    range,
                    found.entry((category, outcome, reason)).or_default(),
                );
            }
        }
        let mut rows: Vec<_> = found
            .into_iter()
            .filter(|(_, hours)| !hours.is_empty())
            .map(|((category, outcome, reason), hours)| OutcomeRow {
                project,
                category,
                outcome,
                reason,
                hours,
            })
            .collect();
        rows.sort_by(|a, b| (a.category, a.outcome, &a.reason).cmp(&(b.category, b.outcome, &b.reason)));
        Ok(rows)
    }

    /// The rows of the days of `range`: the day, what stands behind it in the key, the value.
    fn days<T: serde::de::DeserializeOwned>(
        &self,
        prefix: &Key,
        range: TimeRange,
    ) -> Result<Vec<(i64, Vec<u8>, T)>> {
        let first = range.start.as_second().div_euclid(DAY);
        let last = range.end.as_second().div_euclid(DAY) + 1;
        let begin = prefix.clone().signed(first).into_vec();
        let end = prefix.clone().signed(last).into_vec();
        let behind = prefix.as_ref().len();
        let mut days = Vec::new();
        for row in self.tree.range(begin..end) {
            let (key, value) = row?;
            // `Pieces` passes over one byte, a key's table: here the byte before the day.
            let mut pieces = Pieces::of(&key[behind - 1..]);
            if let Some(day) = pieces.signed() {
                days.push((day, pieces.rest().to_vec(), rows::decode(&value)?));
            }
        }
        Ok(days)
    }
}

fn collect(day: i64, by_hour: &DayHours, range: TimeRange, hours: &mut Hours) {
    for (hour, &count) in (0..).zip(by_hour) {
        let second = day * DAY + hour * HOUR;
        if count > 0 && range.contains(at(second)) {
            hours.push((second, count));
        }
    }
}

/// Category and outcome of an outcome row's name, such as `error/accepted`.
fn read_name(name: &[u8]) -> Option<(DataCategory, Outcome)> {
    let (category, outcome) = std::str::from_utf8(name).ok()?.split_once('/')?;
    let outcome = Outcome::ALL.into_iter().find(|known| known.name() == outcome)?;
    Some((category.parse().ok()?, outcome))
}
