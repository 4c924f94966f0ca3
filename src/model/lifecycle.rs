//! The issue's state machine: what an event or a person does to its status. Pure.

use jiff::Timestamp;

use super::event::EventRecord;
use super::issue::{Issue, Status, Substatus};

/// What an event does: it reopens a resolved issue, if it *happened* after the resolve. An event that was delayed on
/// its way says nothing about whether the problem was mended.
pub fn on_event(issue: &mut Issue, event: &EventRecord) {
    if issue.status == Status::Resolved && event.timestamp > issue.status_changed {
        issue.status = Status::Unresolved;
        issue.substatus = Substatus::Regressed;
        issue.status_changed = event.received;
    }
}

/// What a person does.
pub fn set_status(issue: &mut Issue, status: Status, now: Timestamp) {
    if issue.status == status {
        return;
    }
    issue.status = status;
    issue.substatus = match status {
        Status::Archived => Substatus::ArchivedForever,
        Status::Unresolved | Status::Resolved => Substatus::Ongoing,
    };
    issue.status_changed = now;
}
