//! What a command's events may change in how issues stand, and what is worth telling of them. Noted while they are
//! counted, judged when all are.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::model::event::EventRecord;
use crate::model::release::{Release, ReleaseId, happened};
use crate::model::{Issue, IssueId, Status, Substatus};
use crate::protocol::ids::ProjectId;
use crate::store::embedded::index::apply::alert;
use crate::store::embedded::index::overlay::Overlay;
use crate::store::{NewHappening, Result};

/// What is to be judged at the end of a command, in an order that does not depend on chance.
#[derive(Default)]
pub(in crate::store::embedded::index::apply) struct Arrivals {
    /// Events of issues of which something was decided that they may change.
    pub(super) issues: BTreeMap<IssueId, Vec<Arrived>>,
    /// Since when those releases were out of which something was learned, at the earliest.
    pub(super) releases: BTreeMap<ProjectId, Timestamp>,
    /// Issues that events were moved from or to.
    pub(super) moved: BTreeSet<IssueId>,
    /// What happened.
    pub(in crate::store::embedded::index::apply) happenings: Vec<NewHappening>,
    /// When the latest of what told it was received.
    pub(super) time: Timestamp,
}

/// An event of an issue on which there is a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arrived {
    pub(super) event: EventRecord,
    pub(super) release: ReleaseId,
    pub(super) happened: Timestamp,
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
            event: event.clone(),
            release,
            happened: happened(event.timestamp, event.received),
        });
    }

    /// Notes that an event was moved from or to an issue.
    pub(in crate::store::embedded::index::apply) fn moved(&mut self, issue: IssueId, event: &EventRecord) {
        self.moved.insert(issue);
        self.time = self.time.max(event.received);
    }

    /// Notes that a release was seen in an environment for the first time, in the last one that it knows.
    pub(in crate::store::embedded::index::apply) fn sighted(
        &mut self,
        release: &Release,
        received: Timestamp,
        overlay: &Overlay<'_>,
    ) -> Result<()> {
        if let Some(seen) = release.seen.0.last()
            && !alert::was_deployed(release, seen.environment.as_deref(), overlay)?
        {
            let environment = seen.environment.clone();
            self.happenings
                .push(alert::released(release, environment, received));
        }
        Ok(())
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
    let after = events.iter().filter(|it| it.happened > time);
    after
        .map(|it| (it.release, it.event.environment.clone()))
        .collect()
}
