//! What is left of issues that were merged or removed, and what their stories say.

use super::merging::{merge, of_kind, story, three_kinds, unmerge};
use super::{SHOP, at, decide, event_id, event_with, hash, issues, record};
use crate::model::{Deed, GroupHash, Issue, PageRequest, Status};
use crate::store::{Error, Store, TriageChange};

/// A client that makes up hashes beside a known one does not grow an issue without bound: its parts are full.
pub(in crate::store) async fn an_issue_has_a_bounded_number_of_parts(store: &Store) {
    let made_up = |n: u64| {
        event_with(n, |record| {
            let mut own = [0; 16];
            own[8..].copy_from_slice(&n.to_be_bytes());
            record.hashes = vec![GroupHash(own), hash(200)];
        })
    };
    record(store, (1..=150).map(made_up).collect()).await;
    record(store, (151..=160).map(made_up).collect()).await;
    let all = issues(store).await;
    assert_eq!((all.len(), all[0].seen.times_seen), (1, 160));
    let hashes = store.issues.detail(all[0].id).await.unwrap().unwrap().hashes;
    let own: Vec<_> = hashes.iter().filter_map(|it| it.events.as_ref()).collect();
    assert_eq!((hashes.len(), own.len()), (161, Issue::MAX_PARTS));
    assert_eq!(own.iter().map(|it| it.seen.times_seen).sum::<u64>(), 160);
    record(
        store,
        vec![event_with(161, |record| record.hashes = vec![hash(201)])],
    )
    .await;
    let full = merge(store, all[0].id, &[issues(store).await[0].id]).await;
    assert!(matches!(full, Err(Error::Conflict(_))));
}

/// Removing an issue removes those that were merged into it, and their names.
pub(in crate::store) async fn a_removed_issue_takes_what_was_merged_into_it(store: &Store) {
    let [a, b, c] = three_kinds(store).await;
    merge(store, b, &[c]).await.unwrap();
    merge(store, a, &[b]).await.unwrap();
    decide(store, 200, TriageChange::Delete { issues: vec![c] })
        .await
        .unwrap();
    for id in [a, b, c] {
        assert!(store.issues.issue(id).await.unwrap().is_none());
        assert!(story(store, id).await.is_empty());
    }
    assert!(store.issues.event(SHOP, event_id(1)).await.unwrap().is_none());
    record(store, vec![of_kind(10, 1)]).await;
    let all = issues(store).await;
    assert_eq!((all.len(), all[0].number, all[0].seen.times_seen), (1, 4, 1));
}

/// Who, when and what; by pages, latest first; what events did has nobody.
pub(in crate::store) async fn the_story_says_who_did_what(store: &Store) {
    let [a, b, _] = three_kinds(store).await;
    let resolve = TriageChange::Decide {
        issues: vec![a],
        ruling: Status::Resolved.into(),
    };
    decide(store, 20, resolve.clone()).await.unwrap();
    decide(store, 21, resolve).await.unwrap();
    record(store, vec![of_kind(30, 2)]).await;
    merge(store, a, &[b]).await.unwrap();
    let page = async |request| store.decisions.activity(a, request).await.unwrap();
    let first = page(PageRequest::first(2)).await;
    assert!(first.previous.is_none());
    let next = PageRequest {
        cursor: first.next,
        limit: 2,
    };
    let second = page(next).await;
    assert!(second.next.is_none());
    let entries: Vec<_> = first.items.iter().chain(&second.items).collect();
    let told: Vec<_> = entries
        .iter()
        .map(|entry| (entry.time, entry.who.map(|who| who.0)))
        .collect();
    assert_eq!(told, [(at(100), Some(7)), (at(30), None), (at(20), Some(7))]);
    assert!(matches!(&entries[0].what, Deed::Merged { from, .. } if from[0].issue == b));
    let Deed::Regressed { why, event } = &entries[1].what else {
        panic!("{:?}", entries[1]);
    };
    assert_eq!(
        (why.to_string().as_str(), *event),
        (
            "reopened: seen in shop@30 (stage-2), resolved in shop@7",
            Some(event_id(30))
        )
    );
    let Deed::Decided(decision) = &entries[2].what else {
        panic!("{:?}", entries[2]);
    };
    assert_eq!(decision.to_string(), "resolved");
    let back = PageRequest {
        cursor: second.previous,
        limit: 2,
    };
    assert_eq!(page(back).await.items, first.items);
}

/// What was said stays with the issue that was split.
pub(in crate::store) async fn a_split_issue_begins_without_comments(store: &Store) {
    let [a, b, _] = three_kinds(store).await;
    merge(store, a, &[b]).await.unwrap();
    let text = "Who broke the pot?".to_owned();
    decide(store, 20, TriageChange::Comment { issue: a, text })
        .await
        .unwrap();
    unmerge(store, a, &[hash(3)]).await.unwrap();
    let mut all = issues(store).await;
    all.sort_by_key(|issue| issue.number);
    let comments: Vec<_> = all.iter().map(|issue| (issue.number, issue.comments)).collect();
    assert_eq!(comments, [(1, 1), (3, 0), (4, 0)]);
}
