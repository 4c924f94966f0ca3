//! Entries are digested in turns of their projects, whatever happens in between.

use std::collections::HashMap;
use std::fs;
use std::sync::mpsc;
use std::time::Duration;

use futures_util::FutureExt;

use super::{OPTIONS, fresh, open, rows};
use crate::protocol::ids::ProjectId;
use crate::store::embedded::{rebuild, verify};
use crate::store::{Batch, Entry, Portion, Store, contract};

/// The number of an entry stands in its envelope.
fn entry(project: u64, n: u32) -> Entry {
    let mut entry = contract::entry(&n.to_string());
    entry.head.project = ProjectId(project);
    entry
}

async fn append(store: &Store, entries: impl Iterator<Item = Entry>) {
    let all = entries.map(|entry| store.journal.append(entry));
    futures_util::future::try_join_all(all).await.unwrap();
}

async fn next(store: &Store) -> Portion {
    store.journal.next(256, 32 << 20).await.unwrap()
}

/// Records a portion as if its entries came to nothing.
async fn record(store: &Store, portion: Portion) {
    let spans = portion.spans;
    let batch = Batch {
        spans,
        ..Batch::default()
    };
    store.issues.record(batch).await.unwrap();
    store.journal.release().await.unwrap();
}

fn count(portion: &Portion, seen: &mut HashMap<(u64, String), u32>) {
    for entry in &portion.entries {
        let body = String::from_utf8(entry.envelope.to_vec()).unwrap();
        *seen.entry((entry.head.project.0, body)).or_default() += 1;
    }
}

/// A small project waits for nobody's backlog: what it sends is in the next portion, also in the first one after a crash
/// in between, and everything comes once.
#[tokio::test]
async fn a_small_project_does_not_wait_behind_a_huge_one() {
    const HUGE: u32 = 100_000;
    let ((engine, data), store) = fresh();
    append(&store, (0..HUGE).map(|n| entry(1, n))).await;
    let mut seen = HashMap::new();
    let first = next(&store).await;
    append(&store, (0..3).map(|n| entry(2, n))).await;
    count(&first, &mut seen);
    record(&store, first).await;
    let second = next(&store).await;
    assert_eq!(second.entries.len(), 256);
    let small = second.entries.iter().filter(|entry| entry.head.project.0 == 2);
    assert_eq!(small.count(), 3);
    count(&second, &mut seen);
    record(&store, second).await;
    // It was not recorded yet when the process ended.
    append(&store, (3..5).map(|n| entry(2, n))).await;
    next(&store).await;
    drop(store);
    engine.close();

    let engine = open(data.path());
    let store = engine.store();
    assert_eq!(
        store.journal.backlog().entries,
        u64::from(HUGE) + 5 - seen.len() as u64
    );
    let third = next(&store).await;
    let small = third.entries.iter().filter(|entry| entry.head.project.0 == 2);
    assert_eq!(small.count(), 2);
    count(&third, &mut seen);
    record(&store, third).await;
    while store.journal.backlog().entries > 0 {
        let portion = next(&store).await;
        count(&portion, &mut seen);
        record(&store, portion).await;
    }
    assert_eq!(seen.len() as u32, HUGE + 5);
    assert!(seen.values().all(|&times| times == 1));
    drop(store);
    engine.close();
    let report = verify(data.path(), OPTIONS).unwrap();
    assert!(report.is_clean() && report.pending == 0, "{report}");
}

async fn few(store: &Store) -> Portion {
    store.journal.next(50, 32 << 20).await.unwrap()
}

/// What is recorded out of turn stands in the segments too.
#[tokio::test]
async fn what_is_recorded_out_of_turn_is_known_to_a_new_index() {
    let ((engine, data), store) = fresh();
    append(&store, (0..600).map(|n| entry(1, n))).await;
    for n in 0..5 {
        append(
            &store,
            (0..2).map(|m| entry(2, 2 * n + m)).chain([entry(1, 600 + n)]),
        )
        .await;
        let portion = few(&store).await;
        record(&store, portion).await;
        if n == 1 {
            drop(store.journal.next(9, 1).await.unwrap());
            store.journal.rewind().await.unwrap();
        }
        if n == 2 {
            // The mark passes some of it in this very commit.
            let portion = few(&store).await;
            record(&store, portion).await;
        }
    }
    append(&store, (0..900).map(|n| entry(1, 700 + n)).chain([entry(3, 1)])).await;
    let portion = few(&store).await;
    record(&store, portion).await;
    let left = store.journal.backlog().entries;
    drop(store);
    engine.close();
    let before = rows(data.path());
    assert!(before.iter().any(|(key, _)| key[0] == b'W'), "something is ahead");
    rebuild(data.path(), OPTIONS).unwrap();
    assert_eq!(rows(data.path()), before);
    assert_eq!(verify(data.path(), OPTIONS).unwrap().pending, left);
    let engine = open(data.path());
    let store = engine.store();
    while store.journal.backlog().entries > 0 {
        let portion = few(&store).await;
        assert!(portion.entries.iter().all(|entry| entry.head.project.0 == 1));
        record(&store, portion).await;
    }
    drop(store);
    engine.close();
    assert!(
        rows(data.path()).iter().all(|(key, _)| key[0] != b'W'),
        "nothing stays behind"
    );
}

/// A backup copies the journal before the segments.
#[tokio::test]
async fn a_journal_that_ends_before_what_is_recorded_goes_on_behind_it() {
    let ((engine, data), store) = fresh();
    append(
        &store,
        (0..100).map(|n| entry(1, n)).chain([entry(2, 1), entry(2, 2)]),
    )
    .await;
    let portion = few(&store).await;
    assert!(portion.entries.iter().any(|entry| entry.head.project.0 == 2));
    record(&store, portion).await;
    drop(store);
    engine.close();
    let file = fs::File::options()
        .write(true)
        .open(data.path().join("journal/00000000000000000000.log"));
    let file = file.unwrap();
    let length = file.metadata().unwrap().len();
    file.set_len(length * 3 / 4).unwrap();

    let mut seen = HashMap::new();
    for n in 0..2 {
        let engine = open(data.path());
        let store = engine.store();
        append(&store, [entry(3, n)].into_iter()).await;
        while store.journal.backlog().entries > 0 {
            let portion = few(&store).await;
            count(&portion, &mut seen);
            record(&store, portion).await;
        }
        drop(store);
        engine.close();
        assert!(
            rows(data.path()).iter().all(|(key, _)| key[0] != b'W'),
            "the gap is closed"
        );
    }
    assert!(seen.values().all(|&times| times == 1));
    assert!(seen.contains_key(&(3, "0".into())) && seen.contains_key(&(3, "1".into())));
    assert!(!seen.contains_key(&(2, "1".into())), "it was recorded before");
}

#[test]
fn whoever_asks_what_waits_holds_nobody_up() {
    const TIMES: usize = 8_000;
    const LONG: Duration = Duration::from_secs(60);
    let ((engine, _data), store) = fresh();
    let (done, ended) = mpsc::channel();
    let others: [fn(&Store); 3] = [
        |store| {
            store.journal.backlog();
        },
        |store| store.journal.rewind().now_or_never().unwrap().unwrap(),
        |store| drop(store.journal.next(1, 1).now_or_never()),
    ];
    for ask in others {
        let (store, done) = (store.clone(), done.clone());
        // Not joined: two that wait for each other would never end.
        std::thread::spawn(move || {
            (0..TIMES).for_each(|_| ask(&store));
            done.send(()).unwrap();
        });
    }
    let is_over = others.iter().all(|_| ended.recv_timeout(LONG).is_ok());
    if !is_over {
        // Nor can the store be closed.
        std::mem::forget(engine);
        panic!("somebody still waits");
    }
}
