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

#[cfg(test)]
mod tests {
    use super::super::issue::IssueId;
    use super::*;
    use crate::model::Metadata;
    use crate::protocol::category::DataCategory;
    use crate::protocol::ids::{EventId, ProjectId};
    use crate::protocol::level::Level;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn event(happened: i64) -> EventRecord {
        EventRecord {
            project: ProjectId(1),
            id: EventId::from_bytes([1; 16]).unwrap(),
            category: DataCategory::Error,
            timestamp: at(happened),
            received: at(happened + 5),
            hashes: Vec::new(),
            grouping: "v1".into(),
            title: "Error".into(),
            culprit: None,
            metadata: Metadata::default(),
            level: Level::Error,
            platform: "python".into(),
            event_type: "error".into(),
            logger: None,
            unhandled: false,
            release: None,
            environment: None,
            user: None,
            tags: Vec::new(),
        }
    }

    #[test]
    fn what_an_event_does_depends_on_when_it_happened() {
        use Status::{Archived, Resolved, Unresolved};
        use Substatus::{ArchivedForever, New, Ongoing, Regressed};
        for (set, happened, status, substatus) in [
            (Unresolved, 200, Unresolved, New),
            (Resolved, 99, Resolved, Ongoing),
            (Resolved, 100, Resolved, Ongoing),
            (Resolved, 101, Unresolved, Regressed),
            (Archived, 200, Archived, ArchivedForever),
        ] {
            let mut issue = Issue::begin(IssueId(1), 1, &event(0));
            set_status(&mut issue, set, at(100));
            on_event(&mut issue, &event(happened));
            assert_eq!(
                (issue.status, issue.substatus),
                (status, substatus),
                "{set:?}, {happened}"
            );
        }
    }

    #[test]
    fn saying_it_twice_changes_nothing() {
        let mut issue = Issue::begin(IssueId(1), 1, &event(0));
        set_status(&mut issue, Status::Resolved, at(10));
        set_status(&mut issue, Status::Resolved, at(20));
        assert_eq!(issue.status_changed, at(10));
        set_status(&mut issue, Status::Unresolved, at(30));
        assert_eq!(
            (issue.substatus, issue.status_changed),
            (Substatus::Ongoing, at(30))
        );
    }

    #[test]
    fn a_new_issue_is_an_ongoing_one_after_a_week() {
        let issue = Issue::begin(IssueId(1), 1, &event(0));
        assert_eq!(issue.substatus_at(at(7 * 86_400)), Substatus::New);
        assert_eq!(issue.substatus_at(at(7 * 86_400 + 1)), Substatus::Ongoing);
    }
}
