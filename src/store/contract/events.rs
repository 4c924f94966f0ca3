//! Events, of an issue and of a project.

use super::{SHOP, at, event, event_id, event_with, hash, issues, record};
use crate::model::{EventRef, PageRequest};
use crate::store::Store;

/// The events of an issue are walked by page and one by one.
pub(in crate::store) async fn events_are_walked_in_order_of_time(store: &Store) {
    let staging = event_with(2, |record| record.environment = Some("staging".into()));
    record(store, vec![event(3), staging, event(5), event(1), event(4)]).await;
    let issue = issues(store).await[0].id;
    let page = async |environment, request| {
        let page = store.issues.events(issue, environment, request).await.unwrap();
        let seconds: Vec<_> = page
            .items
            .iter()
            .map(|event| event.record.timestamp.as_second() - at(0).as_second())
            .collect();
        (seconds, page)
    };
    let (seconds, first) = page(None, PageRequest::first(2)).await;
    assert_eq!((seconds, first.previous.is_none()), (vec![5, 4], true));
    let (seconds, second) = page(
        None,
        PageRequest {
            cursor: first.next,
            limit: 2,
        },
    )
    .await;
    assert_eq!(seconds, [3, 2]);
    let (seconds, _) = page(
        None,
        PageRequest {
            cursor: second.previous,
            limit: 2,
        },
    )
    .await;
    assert_eq!(seconds, [5, 4]);
    let (seconds, third) = page(
        None,
        PageRequest {
            cursor: second.next,
            limit: 2,
        },
    )
    .await;
    assert_eq!((seconds, third.next.is_none()), (vec![1], true));
    assert_eq!(page(Some("staging"), PageRequest::first(2)).await.0, [2]);

    let placed = async |which| store.issues.event_of(issue, which).await.unwrap().unwrap();
    let latest = placed(EventRef::Latest).await;
    assert_eq!(
        (latest.event.record.id, latest.previous, latest.next),
        (event_id(5), Some(event_id(4)), None)
    );
    let middle = placed(EventRef::Id(event_id(2))).await;
    assert_eq!(
        (middle.previous, middle.next),
        (Some(event_id(1)), Some(event_id(3)))
    );
    let oldest = placed(EventRef::Oldest).await;
    assert_eq!((oldest.event.payload, oldest.previous), (event(1).payload, None));
    assert!(
        store
            .issues
            .event_of(issue, EventRef::Id(event_id(9)))
            .await
            .unwrap()
            .is_none()
    );
}

/// The events of a project are walked page by page, whatever issue each is of, in both directions.
pub(in crate::store) async fn the_newest_events_have_pages(store: &Store) {
    let of_three = |n: u64| {
        event_with(n, |record| {
            record.hashes = vec![hash((n % 3) as u8 + 1)];
            record.environment = n.is_multiple_of(4).then(|| "staging".into());
        })
    };
    // One of another issue stands between any two of an issue, and one issue is over before others begin.
    let mut events: Vec<_> = (1..=20).map(of_three).collect();
    events.push(event_with(30, |record| record.hashes = vec![hash(9)]));
    record(store, events).await;
    let walk = async |environment: Option<&str>, limit| {
        let (mut seconds, mut request) = (Vec::new(), PageRequest::first(limit));
        let mut last;
        loop {
            last = store.issues.newest(SHOP, environment, request).await.unwrap();
            let happened = last.items.iter().map(|event| event.record.timestamp);
            seconds.extend(happened.map(|it| it.as_second() - at(0).as_second()));
            let Some(next) = last.next.clone() else { break };
            request = PageRequest {
                cursor: Some(next),
                limit,
            };
        }
        (seconds, last.previous)
    };
    let all: Vec<i64> = [30].into_iter().chain((1..=20).rev()).collect();
    for limit in [1, 4, 7, 21, 50] {
        assert_eq!(walk(None, limit).await.0, all, "{limit}");
    }
    assert_eq!(walk(Some("staging"), 2).await.0, [20, 16, 12, 8, 4]);
    let back = PageRequest {
        cursor: walk(None, 4).await.1,
        limit: 4,
    };
    let back = store.issues.newest(SHOP, None, back).await.unwrap();
    let ids: Vec<_> = back.items.iter().map(|event| event.record.id).collect();
    assert_eq!(ids, [5, 4, 3, 2].map(event_id));
}
