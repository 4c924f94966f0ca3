//! What a command's events may change in how issues stand. Noted while they are counted, judged when all are.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::model::event::EventRecord;
use crate::model::release::{Release, ReleaseId, happened};
use crate::model::{Issue, IssueId, Status, Substatus};
use crate::protocol::ids::{EventId, ProjectId};

/// What is to be judged at the end of a command, in an order that does not depend on chance.
#[derive(Default)]
pub(in crate::store::embedded::index::apply) struct Arrivals {
    /// Events of issues of which something was decided that they may change.
    pub(super) issues: BTreeMap<IssueId, Vec<Arrived>>,
    /// Since when those releases were out of which something was learned, at the earliest.
    pub(super) releases: BTreeMap<ProjectId, Timestamp>,
    /// Issues that events were moved from or to.
    pub(super) moved: BTreeSet<IssueId>,
    /// When the latest of what told it was received.
    pub(super) time: Timestamp,
}

/// An event of an issue on which there is a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arrived {
    pub(super) id: EventId,
    pub(super) release: ReleaseId,
    pub(super) environment: Option<String>,
    pub(super) happened: Timestamp,
    pub(super) received: Timestamp,
    pub(super) user: Option<String>,
}

impl Arrivals {
    /// Notes an event of `issue`, which was counted in `release`.
    pub(in crate::store::embedded::index::apply) fn event(
        &mut self,
        issue: &Issue,
        event: &EventRecord,
        release: ReleaseId,
    ) {
        if issue.status == Status::Unresolved && issue.substatus != Substatus::Escalating {
            return;
        }
        self.issues.entry(issue.id).or_default().push(Arrived {
            id: event.id,
            release,
            environment: event.environment.clone(),
            happened: happened(event.timestamp, event.received),
            received: event.received,
            user: event.user.clone(),
        });
    }

    /// Notes that an event was moved from or to an issue.
    pub(in crate::store::embedded::index::apply) fn moved(&mut self, issue: IssueId, event: &EventRecord) {
        self.moved.insert(issue);
        self.time = self.time.max(event.received);
    }

    /// Notes that something was learned of a release, by which it may stand elsewhere in the order.
    pub(in crate::store::embedded::index::apply) fn release(
        &mut self,
        release: &Release,
        received: Timestamp,
    ) {
        self.time = self.time.max(received);
        let Some(first) = [release.first_seen, release.released].into_iter().flatten().min() else {
            return;
        };
        let earliest = self.releases.entry(release.project).or_insert(first);
        *earliest = first.min(*earliest);
    }
}

/// The places where a set of events was seen after `time`.
pub(super) fn places(events: &[Arrived], time: Timestamp) -> BTreeSet<(ReleaseId, Option<String>)> {
    let after = events.iter().filter(|event| event.happened > time);
    after
        .map(|event| (event.release, event.environment.clone()))
        .collect()
}
