//! Accepted envelopes until they are digested.

use std::collections::HashMap;

use super::entry;
use crate::protocol::ids::ProjectId;
use crate::store::{Batch, Entry, Portion, Store};

/// An entry of another project.
fn of(project: u64, body: &str) -> Entry {
    let mut entry = entry(body);
    entry.head.project = ProjectId(project);
    entry
}

async fn append(store: &Store, entries: Vec<Entry>) {
    let all = entries.into_iter().map(|entry| store.journal.append(entry));
    futures_util::future::try_join_all(all).await.unwrap();
}

/// Bodies, in order.
fn bodies(portion: &Portion) -> Vec<&str> {
    let text = portion
        .entries
        .iter()
        .map(|entry| std::str::from_utf8(&entry.envelope));
    text.collect::<Result<_, _>>().unwrap()
}

/// Records that a portion came to nothing.
async fn record(store: &Store, portion: Portion) {
    let spans = portion.spans;
    let batch = Batch {
        spans,
        ..Batch::default()
    };
    store.issues.record(batch).await.unwrap();
    store.journal.release().await.unwrap();
}

/// What was appended comes out in order, as it was, once; and once more for who begins again before it is recorded.
pub(in crate::store) async fn entries_wait_in_order(store: &Store) {
    for body in ["one", "two\nlines", ""] {
        store.journal.append(entry(body)).await.unwrap();
    }
    let all = store.journal.next(10, usize::MAX).await.unwrap();
    assert_eq!(all.entries, [entry("one"), entry("two\nlines"), entry("")]);

    store.journal.rewind().await.unwrap();
    let one = store.journal.next(1, usize::MAX).await.unwrap();
    let small = store.journal.next(10, 1).await.unwrap();
    assert_eq!((bodies(&one), bodies(&small)), (vec!["one"], vec!["two\nlines"]));
    record(store, one).await;
    store.journal.rewind().await.unwrap();
    let rest = store.journal.next(10, usize::MAX).await.unwrap();
    assert_eq!(bodies(&rest), ["two\nlines", ""]);
}

/// Asking before there is anything waits for it.
pub(in crate::store) async fn next_waits_for_an_entry(store: &Store) {
    let next = store.journal.next(10, usize::MAX);
    let (found, appended) = tokio::join!(next, store.journal.append(entry("late")));
    appended.unwrap();
    assert_eq!(found.unwrap().entries, [entry("late")]);
}

/// The backlog is what was accepted and not recorded.
pub(in crate::store) async fn the_backlog_says_what_waits(store: &Store) {
    append(store, ["one", "two", "three"].map(entry).into()).await;
    let backlog = store.journal.backlog();
    assert_eq!(
        (backlog.entries, backlog.items, backlog.oldest),
        (3, 3, Some(super::at(0)))
    );
    let two = store.journal.next(2, usize::MAX).await.unwrap();
    let backlog = store.journal.backlog();
    assert_eq!((backlog.entries, backlog.items), (3, 3), "not recorded yet");
    record(store, two).await;
    let backlog = store.journal.backlog();
    assert_eq!((backlog.entries, backlog.items), (1, 1));
}

/// Who has little gets it all; who has much shares the rest.
pub(in crate::store) async fn projects_take_turns(store: &Store) {
    append(store, (0..50).map(|n| of(1, &format!("a{n}"))).collect()).await;
    append(store, (0..50).map(|n| of(2, &format!("b{n}"))).collect()).await;
    append(store, vec![of(3, "c0"), of(3, "c1"), of(4, "d0")]).await;
    let first = store.journal.next(13, usize::MAX).await.unwrap();
    assert_eq!(
        bodies(&first),
        [
            "a0", "a1", "a2", "a3", "a4", "b0", "b1", "b2", "b3", "b4", "c0", "c1", "d0"
        ]
    );
    let second = store.journal.next(4, usize::MAX).await.unwrap();
    assert_eq!(bodies(&second), ["a5", "a6", "b5", "b6"]);
    // More projects than a portion has room for: the others are next.
    append(store, vec![of(3, "c2"), of(4, "d1")]).await;
    let mut seen = Vec::new();
    for _ in 0..2 {
        let two = store.journal.next(2, usize::MAX).await.unwrap();
        seen.extend(two.entries.iter().map(|entry| entry.head.project.0));
    }
    seen.sort_unstable();
    assert_eq!(seen, [1, 2, 3, 4]);
}

/// Also when what was recorded out of turn is as it was in between: everything comes out once.
pub(in crate::store) async fn whatever_is_recorded_out_of_turn_comes_once(store: &Store) {
    let mut sent = HashMap::<u64, Vec<String>>::new();
    let mut got = HashMap::<u64, Vec<String>>::new();
    for round in 0..30_u64 {
        let mut entries = Vec::new();
        for n in 0..20 {
            let project = 1 + (round * 7 + n * n) % 5;
            let body = format!("{round}/{n}");
            entries.push(of(project, &body));
            sent.entry(project).or_default().push(body);
        }
        append(store, entries).await;
        let portion = store.journal.next(11, usize::MAX).await.unwrap();
        if round % 3 == 2 {
            // Whoever digests it fails.
            store.journal.rewind().await.unwrap();
        } else {
            take(&portion, &mut got);
            record(store, portion).await;
        }
    }
    while store.journal.backlog().entries > 0 {
        let portion = store.journal.next(17, 1_000).await.unwrap();
        take(&portion, &mut got);
        record(store, portion).await;
    }
    assert_eq!(got, sent);
}

fn take(portion: &Portion, got: &mut HashMap<u64, Vec<String>>) {
    for (entry, body) in portion.entries.iter().zip(bodies(portion)) {
        got.entry(entry.head.project.0).or_default().push(body.to_owned());
    }
}
