//! Accepted envelopes until they are digested.

use super::{batch, entry};
use crate::store::{Position, Store};

/// What was appended comes out in order, as it was, until it is recorded.
pub(in crate::store) async fn entries_wait_in_order(store: &Store) {
    for body in ["one", "two\nlines", ""] {
        store.journal.append(entry(body)).await.unwrap();
    }
    let all = store.journal.next(Position(0), 10, usize::MAX).await.unwrap();
    let bodies: Vec<_> = all.iter().map(|(_, entry)| entry.clone()).collect();
    assert_eq!(bodies, [entry("one"), entry("two\nlines"), entry("")]);

    let (first_end, _) = all[0];
    let two = store.journal.next(first_end, 1, usize::MAX).await.unwrap();
    assert_eq!(two, all[1..2]);
}

/// Asking before there is anything waits for it.
pub(in crate::store) async fn next_waits_for_an_entry(store: &Store) {
    let next = store.journal.next(Position(0), 10, usize::MAX);
    let (found, appended) = tokio::join!(next, store.journal.append(entry("late")));
    appended.unwrap();
    assert_eq!(found.unwrap()[0].1, entry("late"));
}

/// The backlog is what was accepted and not recorded.
pub(in crate::store) async fn the_backlog_says_what_waits(store: &Store) {
    for body in ["one", "two", "three"] {
        store.journal.append(entry(body)).await.unwrap();
    }
    let backlog = store.journal.backlog();
    assert_eq!(
        (backlog.entries, backlog.items, backlog.oldest),
        (3, 3, Some(super::at(0)))
    );

    let two = store.journal.next(Position(0), 2, usize::MAX).await.unwrap();
    let end = two[1].0;
    store.issues.record(batch(end.0, Vec::new())).await.unwrap();
    store.journal.release(end).await.unwrap();
    assert_eq!(store.journal.recorded().await.unwrap(), end);
    let backlog = store.journal.backlog();
    assert_eq!((backlog.entries, backlog.items), (1, 1));
}
