//! What of a project's history is looked at before its rules are changed: the latest events of every part.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::task::spawn_blocking;

use super::look::Look;
use super::plan::Sample;
use super::{Regroup, Result};
use crate::grouping::Rules;
use crate::model::{GroupHash, IssueId, PageRequest, Part, PartId, StoredEvent};
use crate::protocol::ids::ProjectId;
use crate::store::Order;

/// The most events that are looked at.
const MOST: usize = 20_000;
/// The most of one part.
const MOST_OF_PART: usize = 50;
/// Parts that are read at once.
const PAGE: usize = 500;

/// What was looked at.
pub(super) struct Samples {
    /// Oldest first.
    pub(super) events: Vec<Sample>,
    /// Where names lead.
    pub(super) known: HashMap<GroupHash, IssueId>,
    /// How many events there are.
    pub(super) total: u64,
}

/// What is needed of a part: there may be many.
struct Brief {
    id: PartId,
    issue: IssueId,
    name: GroupHash,
    events: u64,
    last_seen: Timestamp,
}

impl Regroup {
    /// Looks at the latest events of every part by `rules`: of each as many as there is room for; when there are more
    /// parts than that, at those seen last.
    pub(super) async fn sample(&self, project: ProjectId, rules: Arc<Rules>) -> Result<Samples> {
        let mut parts = Vec::new();
        let mut known = HashMap::new();
        self.each_part(project, |part| {
            known.insert(part.hash, part.issue);
            parts.push(Brief {
                id: part.id,
                issue: part.issue,
                name: part.hash,
                events: part.seen.times_seen,
                last_seen: part.seen.last_seen,
            });
        })
        .await?;
        let total = parts.iter().map(|part| part.events).sum();
        parts.retain(|part| part.events > 0);
        parts.sort_by_key(|part| std::cmp::Reverse(part.last_seen));
        parts.truncate(MOST);
        let of_each = (MOST / parts.len().max(1)).clamp(1, MOST_OF_PART);
        let mut events = Vec::new();
        for part in parts {
            let page = PageRequest::first(of_each);
            let latest = self.grouping.events(part.id, Order::Newest, page).await?.items;
            for event in &latest {
                for name in &event.record.hashes {
                    known.entry(*name).or_insert(event.issue);
                }
            }
            let rules = rules.clone();
            events.extend(spawn_blocking(move || samples(&part, latest, &rules)).await?);
        }
        events.sort_by_key(|(time, _)| *time);
        Ok(Samples {
            events: events.into_iter().map(|(_, sample)| sample).collect(),
            known,
            total,
        })
    }

    /// Shows every part of a project, oldest first.
    pub(super) async fn each_part(&self, project: ProjectId, mut show: impl FnMut(Part)) -> Result<()> {
        let mut request = PageRequest::first(PAGE);
        loop {
            let page = self.grouping.parts(project, request).await?;
            page.items.into_iter().for_each(&mut show);
            let Some(next) = page.next else { return Ok(()) };
            request = PageRequest {
                cursor: Some(next),
                limit: PAGE,
            };
        }
    }
}

fn samples(part: &Brief, latest: Vec<StoredEvent>, rules: &Rules) -> Vec<(Timestamp, Sample)> {
    let weight = (part.events / latest.len().max(1) as u64).max(1);
    let looks = latest.into_iter().filter_map(|stored| Look::new(stored, rules));
    looks
        .map(|look| {
            let record = look.regrouped(rules);
            let sample = Sample {
                event: record.id,
                title: record.title,
                issue: part.issue,
                part: part.name,
                names: record.hashes,
                weight,
            };
            (record.timestamp, sample)
        })
        .collect()
}
