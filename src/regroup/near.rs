//! The near misses: issues that resemble an event which is not in them, and in what they differ.

use std::cmp::Reverse;

use super::look::Look;
use super::{Error, Regroup, Result};
use crate::grouping::{Comparison, Rules, compare};
use crate::model::{EventRecord, Issue, IssueFilter, IssueId, IssueSort, PageRequest, Project};
use crate::protocol::ids::EventId;

/// So many issues are looked through, those seen last.
const LOOKED_THROUGH: usize = 500;
/// Of so many the latest event is read.
const READ: usize = 10;

/// Another event, its issue, and in what it differs.
#[derive(Debug)]
pub struct Near {
    /// The other event.
    pub event: EventId,
    /// Its issue.
    pub issue: Issue,
    /// In what the event that is explained (left) and the other one (right) differ.
    pub comparison: Comparison,
}

impl Regroup {
    /// The issues of the project that resemble an event of `issue` most, at most `most`: those first that differ in
    /// least.
    pub(super) async fn nearest(
        &self,
        project: &Project,
        issue: IssueId,
        look: &Look,
        rules: &Rules,
        most: usize,
    ) -> Result<Vec<Near>> {
        if most == 0 {
            return Ok(Vec::new());
        }
        let filter = IssueFilter {
            projects: vec![project.id],
            ..IssueFilter::default()
        };
        let page = PageRequest::first(LOOKED_THROUGH);
        let seen_last = self.issues.list(&filter, IssueSort::LastSeen, page).await?;
        let others = seen_last.items.into_iter().filter(|other| other.id != issue);
        let mut alike: Vec<(u8, Issue)> = others
            .map(|other| (likeness(&look.record, &other), other))
            .filter(|(likeness, _)| *likeness > 0)
            .collect();
        // Of those alike the one seen last, which stands first already.
        alike.sort_by_key(|(likeness, _)| Reverse(*likeness));
        let mut near = Vec::new();
        for (_, issue) in alike.into_iter().take(READ) {
            let latest = self.issues.events(issue.id, None, PageRequest::first(1)).await?;
            let other = latest.items.into_iter().next();
            near.extend(other.and_then(|other| Look::new(other, rules)).map(|other| Near {
                event: other.record.id,
                issue,
                comparison: compare(&look.grouping(rules), &other.grouping(rules)),
            }));
        }
        near.sort_by_key(|near| near.comparison.total);
        near.truncate(most);
        Ok(near)
    }

    /// An event of the project, compared with the one that is explained.
    pub(super) async fn beside(
        &self,
        project: &Project,
        event: EventId,
        look: &Look,
        rules: &Rules,
    ) -> Result<Near> {
        let stored = self
            .issues
            .event(project.id, event)
            .await?
            .ok_or(Error::Missing)?;
        let issue = self.issues.issue(stored.issue).await?.ok_or(Error::Missing)?;
        let other = Look::new(stored, rules).ok_or(Error::Missing)?;
        Ok(Near {
            event,
            issue,
            comparison: compare(&look.grouping(rules), &other.grouping(rules)),
        })
    }
}

/// How much what people see of an event is like what they see of an issue: 0 for not at all.
fn likeness(event: &EventRecord, issue: &Issue) -> u8 {
    let (ours, theirs) = (&event.metadata, &issue.seen.metadata);
    let alike = |ours: &Option<String>, theirs: &Option<String>| ours.is_some() && ours == theirs;
    [
        (4, alike(&ours.kind, &theirs.kind)),
        (3, alike(&event.culprit, &issue.seen.culprit)),
        (2, event.title == issue.seen.title),
        (1, alike(&ours.function, &theirs.function)),
    ]
    .into_iter()
    .filter_map(|(points, is_alike)| is_alike.then_some(points))
    .sum()
}
