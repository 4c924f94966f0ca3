//! What happened, what was received minute by minute, and what fired.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Included};

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Index, Reader};
use crate::model::alert::{Firing, FiringId, Happening, HappeningId, Minute, Pulse};
use crate::model::{IssueId, Page, PageRequest};
use crate::protocol::ids::ProjectId;
use crate::store::embedded::facts::Fact;
use crate::store::embedded::index::alerts::{
    Concern, causes_key, firing_key, happened_key, happening_key, memory_key, progress_key,
};
use crate::store::embedded::index::keys::{Key, Pieces, Table};
use crate::store::embedded::index::pulse::{PulseRow, hour_of, pulse_key};
use crate::store::embedded::index::rows;
use crate::store::embedded::index::tree::Row;
use crate::store::{AlertStep, Alerts, Error, FiringFilter, Newest, Progress, Result};

#[async_trait]
impl Alerts for Index {
    async fn newer(&self, known: Newest) -> Result<Newest> {
        let mut newest = self.newest.clone();
        let newer = newest.wait_for(|newest| *newest != known).await;
        newer.map(|newest| *newest).map_err(|_| Error::Closed)
    }

    async fn happenings(&self, after: HappeningId, limit: usize) -> Result<Vec<Happening>> {
        self.blocking(move |reader| reader.happenings(after, limit)).await
    }

    async fn happened(
        &self,
        project: ProjectId,
        start: Timestamp,
        end: Timestamp,
        limit: usize,
    ) -> Result<Vec<Happening>> {
        self.blocking(move |reader| reader.happened(project, start, end, limit))
            .await
    }

    async fn pulse(&self, project: ProjectId, first: Minute, last: Minute) -> Result<Vec<Pulse>> {
        self.blocking(move |reader| reader.pulse(project, first, last))
            .await
    }

    async fn progress(&self) -> Result<(Progress, BTreeMap<String, String>)> {
        self.blocking(Reader::progress).await
    }

    async fn keep(&self, step: AlertStep) -> Result<()> {
        self.writer.commit(vec![Fact::alert_step(&step)?], None).await
    }

    async fn firings(&self, filter: &FiringFilter, page: PageRequest) -> Result<Page<Firing>> {
        let filter = filter.clone();
        self.blocking(move |reader| reader.firings(&filter, &page)).await
    }

    async fn firing(&self, ids: &[FiringId]) -> Result<Vec<Firing>> {
        let ids = ids.to_vec();
        self.blocking(move |reader| {
            ids.iter()
                .filter_map(|id| reader.firing(*id).transpose())
                .collect()
        })
        .await
    }
}

impl Reader {
    fn happenings(&self, after: HappeningId, limit: usize) -> Result<Vec<Happening>> {
        let last = happening_key(HappeningId(u64::MAX)).into_vec();
        let range = (Excluded(happening_key(after).into_vec()), Included(last));
        self.tree
            .range(range)
            .take(limit)
            .map(|row| rows::decode(&row?.1))
            .collect()
    }

    fn happened(
        &self,
        project: ProjectId,
        start: Timestamp,
        end: Timestamp,
        limit: usize,
    ) -> Result<Vec<Happening>> {
        let range = happened_key(project, start).into_vec()..happened_key(project, end).into_vec();
        let mut found = Vec::new();
        for row in self.tree.range(range).take(limit) {
            let (key, _) = row?;
            let mut pieces = Pieces::of(&key);
            if let (Some(_), Some(_), Some(id)) = (pieces.number(), pieces.signed(), pieces.number()) {
                found.extend(self.get::<Happening>(&happening_key(HappeningId(id)))?);
            }
        }
        Ok(found)
    }

    fn pulse(&self, project: ProjectId, first: Minute, last: Minute) -> Result<Vec<Pulse>> {
        let mut pulses = Vec::new();
        let hour_in = |row: Option<Result<Row>>| {
            let row = row.transpose()?;
            Ok::<_, Error>(row.and_then(|(key, _)| Pieces::of(&key).signed()))
        };
        let mut rows = self.tree.scan(&Key::of(Table::Pulse));
        let (Some(earliest), latest) = (hour_in(rows.next())?, hour_in(rows.next_back())?) else {
            return Ok(pulses);
        };
        let hours = hour_of(first).max(earliest)..=hour_of(last).min(latest.unwrap_or(earliest));
        for hour in hours {
            for row in self.scan::<PulseRow>(&pulse_key(hour, project)) {
                let (key, row) = row?;
                let mut pieces = Pieces::of(&key);
                if let (Some(_), Some(_), Some(issue)) = (pieces.signed(), pieces.number(), pieces.number()) {
                    let of_hour = row.pulses(hour, IssueId(issue));
                    pulses.extend(of_hour.filter(|pulse| (first..=last).contains(&pulse.minute)));
                }
            }
        }
        pulses.sort_by(|a, b| {
            let place = |it: &Pulse| (it.minute, it.issue);
            (place(a), &a.environment).cmp(&(place(b), &b.environment))
        });
        Ok(pulses)
    }

    fn progress(&self) -> Result<(Progress, BTreeMap<String, String>)> {
        let progress = self.get(&progress_key())?.unwrap_or_default();
        let mut memory = BTreeMap::new();
        for row in self.scan(&memory_key("")) {
            let (key, value) = row?;
            let name = String::from_utf8_lossy(Pieces::of(&key).rest());
            memory.insert(name.into_owned(), value);
        }
        Ok((progress, memory))
    }

    /// A page of what fired, by what leaves least to look through.
    fn firings(&self, filter: &FiringFilter, page: &PageRequest) -> Result<Page<Firing>> {
        let rows = match (filter.issue, filter.rule, &filter.projects[..]) {
            (Some(issue), ..) => Concern::Issue(issue).key(),
            (None, Some(rule), _) => Concern::Rule(rule).key(),
            (None, None, [project]) => Concern::Project(*project).key(),
            (None, None, _) => Key::of(Table::Firing),
        };
        self.latest(&rows, page, |id| {
            let Some(firing) = self.get::<Firing>(&firing_key(FiringId(id)))? else {
                return Ok(None);
            };
            let is_meant = (filter.projects.is_empty() || filter.projects.contains(&firing.project))
                && filter.rule.is_none_or(|rule| rule == firing.rule);
            if is_meant {
                self.with_causes(firing).map(Some)
            } else {
                Ok(None)
            }
        })
    }

    fn firing(&self, id: FiringId) -> Result<Option<Firing>> {
        let row = self.get(&firing_key(id))?;
        row.map(|firing| self.with_causes(firing)).transpose()
    }

    fn with_causes(&self, mut firing: Firing) -> Result<Firing> {
        firing.causes = self.values(&causes_key(firing.id))?;
        Ok(firing)
    }
}
