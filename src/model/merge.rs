//! How an issue stands when issues become one, or one becomes several. Pure.

use jiff::Timestamp;

use super::issue::{Issue, Stand, Status, Substatus};

/// How `target` stands when `others` are merged into it. If any of them is unresolved, somebody should look at it:
/// then it stands as the first such one does. Otherwise as it did.
pub fn merged<'a>(target: &'a Issue, others: impl IntoIterator<Item = &'a Issue>) -> Stand {
    std::iter::once(target)
        .chain(others)
        .find(|issue| issue.status == Status::Unresolved)
        .unwrap_or(target)
        .stand()
}

/// Looks again at an issue that has parts back: events that came while they were another issue's were not seen by this
/// one. Answers whether they reopen it, as of `now`.
pub fn reopens(issue: &mut Issue, now: Timestamp) -> bool {
    let reopens = issue.status == Status::Resolved && issue.seen.last_seen > issue.status_changed;
    if reopens {
        issue.status = Status::Unresolved;
        issue.substatus = Substatus::Regressed;
        issue.status_changed = now;
    }
    reopens
}

#[cfg(test)]
mod tests {
    use super::super::issue::IssueId;
    use super::super::lifecycle::set_status;
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn issue(id: u64, status: Status) -> Issue {
        let event = serde_json::json!({
            "project": 1, "id": "fc6d8c0c43fc4630ad850ee518f1b9d0", "category": "error",
            "timestamp": 0, "received": 5_000_000, "hashes": [], "grouping": "v1", "title": "Error",
            "metadata": {}, "level": "error", "platform": "python", "event_type": "error", "unhandled": false,
            "tags": [],
        });
        let event = serde_json::from_value(event).unwrap();
        let mut issue = Issue::begin(IssueId(id), 1, &event);
        set_status(&mut issue, status, at(id as i64));
        issue
    }

    #[test]
    fn an_unresolved_one_makes_all_unresolved() {
        use Status::{Archived, Resolved, Unresolved};
        for (target, others, status, second) in [
            (Resolved, [Archived, Archived], Resolved, 1),
            (Archived, [Resolved, Resolved], Archived, 1),
            (Resolved, [Resolved, Unresolved], Unresolved, 5),
        ] {
            let others = [issue(2, others[0]), issue(3, others[1])];
            let stand = merged(&issue(1, target), &others);
            let changed = if status == Unresolved { at(5) } else { at(second) };
            assert_eq!(
                (stand.status, stand.status_changed),
                (status, changed),
                "{target:?}"
            );
        }
    }

    #[test]
    fn what_came_meanwhile_reopens_what_was_resolved() {
        let mut resolved = issue(1, Status::Resolved);
        assert!(!reopens(&mut resolved, at(9)));
        resolved.seen.last_seen = at(2);
        assert!(reopens(&mut resolved, at(9)));
        assert_eq!(
            (resolved.status, resolved.status_changed),
            (Status::Unresolved, at(9))
        );
        let mut archived = issue(1, Status::Archived);
        archived.seen.last_seen = at(2);
        assert!(!reopens(&mut archived, at(9)));
    }
}
