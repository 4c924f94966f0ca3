//! Several issues become one, and one several, and it can be undone.

use super::{SHOP, at, batch, decide, event_id, event_with, hash, issues, project, record};
use crate::model::timeline::Hours;
use crate::model::{
    ActivityId, Deed, EventRef, GroupHash, Issue, IssueId, NewEvent, PageRequest, ShortId, Status, Substatus,
    TagKey, TimeRange,
};
use crate::protocol::ids::{EventId, ProjectId};
use crate::store::{Error, IssueHash, Store, TriageChange};

/// Event `n` of kind `kind`: every third one has the same user.
pub(super) fn of_kind(n: u64, kind: u8) -> NewEvent {
    event_with(n, |record| {
        record.hashes = vec![hash(kind), hash(100 + kind)];
        record.user = Some(match n % 3 {
            0 => "id:0".into(),
            _ => format!("id:{n}"),
        });
        record.environment = Some(format!("stage-{kind}"));
        record.release = Some(format!("shop@{n}"));
        record.tags = vec![("kind".into(), kind.to_string()), ("all".into(), "same".into())];
    })
}

/// Three events a kind, of kinds 1, 2 and 3, which come in turns.
pub(super) async fn three_kinds(store: &Store) -> [IssueId; 3] {
    record(store, (1..=9).map(|n| of_kind(n, (n % 3) as u8 + 1)).collect()).await;
    let mut all = issues(store).await;
    all.sort_by_key(|issue| issue.number);
    // Kind 2 comes first, then 3, then 1.
    [all[0].id, all[1].id, all[2].id]
}

/// All that can be read of an issue.
#[derive(Debug, PartialEq)]
pub(super) struct Whole {
    pub(super) issue: Issue,
    pub(super) tags: Vec<(String, TagKey)>,
    pub(super) hashes: Vec<IssueHash>,
    pub(super) hours: Hours,
    pub(super) events: Vec<EventId>,
}

pub(super) async fn whole(store: &Store, id: IssueId) -> Whole {
    let detail = store.issues.detail(id).await.unwrap().unwrap();
    let day = TimeRange {
        start: at(-86_400),
        end: at(86_400),
    };
    let events = store.issues.events(id, None, PageRequest::first(100)).await;
    let mut tags = detail.tags;
    tags.sort_by(|(a, _), (b, _)| a.cmp(b));
    let issue = store.issues.issue(id).await.unwrap().unwrap();
    Whole {
        hours: store.stats.issue_hours(&[issue.id], day).await.unwrap().remove(0),
        issue,
        tags,
        hashes: detail.hashes,
        events: events
            .unwrap()
            .items
            .iter()
            .map(|event| event.record.id)
            .collect(),
    }
}

pub(super) async fn merge(store: &Store, into: IssueId, issues: &[IssueId]) -> Result<(), Error> {
    let issues = issues.to_vec();
    decide(store, 100, TriageChange::Merge { into, issues }).await
}

pub(super) async fn unmerge(store: &Store, issue: IssueId, hashes: &[GroupHash]) -> Result<(), Error> {
    let hashes = hashes.to_vec();
    decide(store, 200, TriageChange::Unmerge { issue, hashes }).await
}

pub(super) async fn undo(store: &Store, issue: IssueId, activity: ActivityId) -> Result<(), Error> {
    decide(store, 300, TriageChange::Undo { issue, activity }).await
}

pub(super) async fn story(store: &Store, issue: IssueId) -> Vec<(ActivityId, Deed)> {
    let page = store.decisions.activity(issue, PageRequest::first(100)).await;
    let entries = page.unwrap().items;
    entries.into_iter().map(|entry| (entry.id, entry.what)).collect()
}

/// The latest merge into an issue.
async fn merging(store: &Store, issue: IssueId) -> ActivityId {
    let mut story = story(store, issue).await.into_iter();
    let entry = story.find(|(_, deed)| matches!(deed, Deed::Merged { .. }));
    entry.unwrap().0
}

async fn latest(store: &Store, issue: IssueId) -> ActivityId {
    story(store, issue).await[0].0
}

/// A merged issue has everything of all, in order of time, and what comes later follows; the others' names lead to it.
pub(in crate::store) async fn merged_issues_are_one(store: &Store) {
    let [a, b, c] = three_kinds(store).await;
    merge(store, a, &[b, c]).await.unwrap();
    record(store, vec![of_kind(10, 3)]).await;
    let all = issues(store).await;
    assert_eq!(all.len(), 1, "those that were merged are not listed");
    let is = whole(store, a).await;
    assert_eq!(is.issue, all[0]);
    assert_eq!(is.events, (1..=10).rev().map(event_id).collect::<Vec<_>>());
    assert_eq!((is.issue.seen.times_seen, is.issue.users), (10, 8));
    assert_eq!(
        (is.issue.seen.first_seen, is.issue.seen.last_seen),
        (at(1), at(10))
    );
    let releases = [&is.issue.seen.first_release, &is.issue.seen.last_release];
    let releases = releases.map(|it| it.as_ref().map(|release| release.version.as_str()));
    assert_eq!(releases, [Some("shop@1"), Some("shop@10")]);
    assert_eq!(is.issue.seen.title, "ValueError: 10");
    assert_eq!(is.issue.seen.environments, ["stage-2", "stage-3", "stage-1"]);
    assert_eq!(is.hours, [(at(0).as_second(), 10)]);
    let counts = |key: usize| -> Vec<_> {
        let values = is.tags[key].1.values.iter();
        values.map(|it| (it.value.as_str(), it.count)).collect()
    };
    assert_eq!(counts(0), [("same", 10)]);
    assert_eq!(counts(1), [("3", 4), ("2", 3), ("1", 3)]);
    let own = is.hashes.iter().filter_map(|it| it.events.as_ref());
    let own: Vec<_> = own.map(|it| (it.seen.times_seen, it.latest)).collect();
    assert_eq!(
        own,
        [
            (3, Some(event_id(9))),
            (3, Some(event_id(7))),
            (4, Some(event_id(10)))
        ]
    );

    let placed = |which| store.issues.event_of(c, which);
    let oldest = placed(EventRef::Oldest).await.unwrap().unwrap();
    assert_eq!((oldest.event.issue, oldest.next), (a, Some(event_id(2))));
    let middle = placed(EventRef::Id(event_id(5))).await.unwrap().unwrap();
    assert_eq!(
        (middle.previous, middle.next),
        (Some(event_id(4)), Some(event_id(6)))
    );
    let name = ShortId {
        slug: "shop".into(),
        number: 3,
    };
    for led in [store.issues.issue(c).await, store.issues.by_short_id(&name).await] {
        assert_eq!(led.unwrap().as_ref(), Some(&is.issue));
    }
    let event = store.issues.event(SHOP, event_id(2)).await.unwrap().unwrap();
    assert_eq!(event.issue, a);
    let (first, next) = {
        let first = store.issues.events(b, None, PageRequest::first(4)).await.unwrap();
        let next = PageRequest {
            cursor: first.next,
            limit: 4,
        };
        (
            first.items,
            store.issues.events(b, None, next).await.unwrap().items,
        )
    };
    let paged: Vec<_> = first.iter().chain(&next).map(|event| event.record.id).collect();
    assert_eq!(paged, is.events[..8], "pages meet across parts");
}

/// Everything is as it was, also after a second merge on top of it was undone first.
pub(in crate::store) async fn a_merge_leaves_no_trace_when_it_is_undone(store: &Store) {
    let [a, b, c] = three_kinds(store).await;
    let resolved = TriageChange::Decide {
        issues: vec![b],
        ruling: Status::Resolved.into(),
    };
    decide(store, 50, resolved).await.unwrap();
    let mut before = Vec::new();
    for id in [a, b, c] {
        before.push(whole(store, id).await);
    }
    merge(store, b, &[a]).await.unwrap();
    let (inner, status) = (latest(store, b).await, whole(store, b).await.issue.status);
    assert_eq!(status, Status::Resolved);
    merge(store, c, &[b]).await.unwrap();
    assert_eq!(
        store.issues.issue(a).await.unwrap().unwrap().id,
        c,
        "the chain is followed"
    );
    assert!(matches!(undo(store, b, inner).await, Err(Error::Conflict(_))));
    undo(store, c, merging(store, c).await).await.unwrap();
    undo(store, b, inner).await.unwrap();
    assert!(
        matches!(undo(store, b, inner).await, Err(Error::Conflict(_))),
        "twice"
    );
    for was in before {
        assert_eq!(whole(store, was.issue.id).await, was);
    }
}

/// A hash takes its events and what comes later along, and goes back as if nothing had happened.
pub(in crate::store) async fn a_hash_is_split_out_and_goes_back(store: &Store) {
    let [a, b, c] = three_kinds(store).await;
    let alone = [
        whole(store, a).await,
        whole(store, b).await,
        whole(store, c).await,
    ];
    merge(store, a, &[b, c]).await.unwrap();
    let merged = whole(store, a).await;
    unmerge(store, a, &[hash(3), hash(1)]).await.unwrap();
    let new = issues(store).await.remove(0);
    assert_eq!((new.number, new.seen.times_seen, new.users), (4, 6, 4));
    assert_eq!(new.status, Status::Unresolved);
    let rest = whole(store, a).await;
    assert_eq!(rest.issue.seen, alone[0].issue.seen);
    assert_eq!(
        (rest.tags, rest.events, rest.hours),
        (
            alone[0].tags.clone(),
            alone[0].events.clone(),
            alone[0].hours.clone(),
        )
    );
    let split = whole(store, new.id).await;
    let mut both = [alone[1].events.clone(), alone[2].events.clone()].concat();
    both.sort_by(|a, b| b.cmp(a));
    assert_eq!(split.events, both);
    let led = [hash(1), hash(3), hash(101), hash(103)];
    assert_eq!(
        split.hashes.iter().map(|it| it.hash).collect::<Vec<_>>(),
        led,
        "hashes that came along go along"
    );
    record(store, vec![of_kind(10, 1), of_kind(11, 2)]).await;
    assert_eq!(whole(store, new.id).await.issue.seen.times_seen, 7);

    undo(store, a, latest(store, a).await).await.unwrap();
    let again = whole(store, a).await;
    assert_eq!(again.issue.seen.times_seen, merged.issue.seen.times_seen + 2);
    assert_eq!(again.hashes.len(), merged.hashes.len());
    assert_eq!(store.issues.issue(new.id).await.unwrap().unwrap().id, a);
    assert_eq!(issues(store).await.len(), 1);
}

/// The last decision on any of them holds for what they become, and what was seen of any is judged by it.
pub(in crate::store) async fn the_last_decision_holds_for_merged_issues(store: &Store) {
    let [a, b, c] = three_kinds(store).await;
    let set = async |issues, status: Status, second| {
        let change = TriageChange::Decide {
            issues,
            ruling: status.into(),
        };
        decide(store, second, change).await.unwrap();
    };
    set(vec![a, b], Status::Resolved, 51).await;
    set(vec![c], Status::Archived, 50).await;
    merge(store, a, &[c]).await.unwrap();
    assert_eq!(whole(store, a).await.issue.status, Status::Resolved);
    set(vec![b], Status::Unresolved, 52).await;
    merge(store, a, &[b]).await.unwrap();
    assert_eq!(whole(store, a).await.issue.status, Status::Unresolved);
    // One that comes back resolved is reopened by what came while it was another's.
    undo(store, a, merging(store, a).await).await.unwrap();
    assert_eq!(whole(store, a).await.issue.status, Status::Resolved);
    set(vec![b], Status::Resolved, 53).await;
    merge(store, a, &[b]).await.unwrap();
    let entry = merging(store, a).await;
    record(store, vec![of_kind(150, 3)]).await;
    undo(store, a, entry).await.unwrap();
    let back = whole(store, b).await.issue;
    assert_eq!(
        (back.id, back.status, back.substatus),
        (b, Status::Unresolved, Substatus::Regressed)
    );
    let story = story(store, b).await;
    assert!(
        matches!(story[0].1, Deed::Regressed { event: None, .. }),
        "{story:?}"
    );
}

/// What makes no sense is refused in words, and changes nothing.
pub(in crate::store) async fn what_cannot_be_merged_or_split_is_refused(store: &Store) {
    let [a, b, c] = three_kinds(store).await;
    store.catalog.apply(vec![project(2, "web")]).await.unwrap();
    let other = event_with(20, |record| record.project = ProjectId(2));
    store.issues.record(batch(9, vec![other])).await.unwrap();
    let other = store
        .issues
        .event(ProjectId(2), event_id(20))
        .await
        .unwrap()
        .unwrap()
        .issue;
    merge(store, a, &[b]).await.unwrap();
    let before = (whole(store, a).await, whole(store, c).await);
    let missing = IssueId(99);
    for (into, from, is_missing) in [
        (a, vec![a], false),
        (a, vec![], false),
        (a, vec![b], false),
        (b, vec![a], false),
        (c, vec![b], false),
        (a, vec![c, other], false),
        (a, vec![c, missing], true),
        (missing, vec![c], true),
    ] {
        let refused = merge(store, into, &from).await.unwrap_err();
        assert_eq!(
            matches!(refused, Error::Missing(_)),
            is_missing,
            "{into:?} {from:?}: {refused}"
        );
        assert_eq!(
            matches!(refused, Error::Conflict(_)),
            !is_missing,
            "{into:?} {from:?}: {refused}"
        );
    }
    for hashes in [
        vec![],
        vec![hash(1)],
        vec![hash(9)],
        vec![hash(102)],
        vec![hash(2), hash(3)],
    ] {
        let refused = unmerge(store, a, &hashes).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(_)), "{hashes:?}: {refused}");
    }
    assert!(matches!(
        undo(store, a, ActivityId(99)).await,
        Err(Error::Missing("activity"))
    ));
    assert_eq!((whole(store, a).await, whole(store, c).await), before);
}
