//! An index that fails is mended without a person, loudly, and not in circles.

use std::fs;
use std::path::{Path, PathBuf};

use futures_util::FutureExt;

use super::{OPTIONS, fresh, open, rows};
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::tree::Tree;
use crate::store::embedded::verify;
use crate::store::{Error, Result, Store, contract};

/// The indexes that were put aside as damaged.
fn kept(data: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path());
    let is_damaged = |path: &PathBuf| path.to_str().unwrap().contains("index.damaged-");
    entries.filter(is_damaged).collect()
}

#[tokio::test]
async fn an_index_that_sled_refuses_is_made_anew_and_kept_aside() {
    let ((engine, data), store) = fresh();
    contract::record(&store, (1..=9).map(contract::event).collect()).await;
    drop(store);
    engine.close();
    let index = data.path().join("index");
    let before = rows(data.path());

    // What sled was writing when it was killed.
    fs::write(index.join("snap.0000000000000000.generating"), "half").unwrap();
    open(data.path()).close();
    assert!(kept(data.path()).is_empty(), "nothing was wrong with the index");

    for _ in 0..2 {
        fs::write(index.join("conf"), "not what sled wrote").unwrap();
        let report = verify(data.path(), OPTIONS).unwrap();
        assert!(!report.is_clean() && report.frames > 9, "{report}");
        let engine = open(data.path());
        assert!(engine.repaired().is_some());
        engine.close();
        assert_eq!(kept(data.path()).len(), 1, "only the newest is kept");
        assert!(before == rows(data.path()));
    }
}

/// Makes the row of an issue unreadable.
fn damage_issue(data: &Path) {
    let tree = Tree::open(&data.join("index"), OPTIONS.cache).unwrap();
    let (key, value) = tree.scan(&Key::of(Table::Issue)).next().unwrap().unwrap();
    tree.apply([(key.as_ref().into(), Some(value[..3].to_vec()))]);
    tree.flush().unwrap();
}

async fn try_record(store: &Store, event: u64) -> Result<()> {
    let position = store.journal.recorded().await.unwrap();
    let batch = contract::batch(position.0 + 1, vec![contract::event(event)]);
    store.issues.record(batch).await
}

#[tokio::test]
async fn a_row_that_cannot_be_read_ends_the_server_once() {
    let ((engine, data), store) = fresh();
    contract::record(&store, vec![contract::event(1)]).await;
    drop(store);
    engine.close();

    damage_issue(data.path());
    let engine = open(data.path());
    assert!(engine.failed().now_or_never().is_none(), "nobody has seen it yet");
    let refused = try_record(&engine.store(), 2).await;
    assert!(
        matches!(refused, Err(Error::Closed)),
        "it is not lost, it is not taken: {refused:?}"
    );
    assert!(engine.failed().await.contains("the index is damaged"));
    engine.close();
    assert!(!verify(data.path(), OPTIONS).unwrap().is_clean());

    // The next start mends it.
    let engine = open(data.path());
    contract::record(&engine.store(), vec![contract::event(2)]).await;
    assert_eq!(contract::issues(&engine.store()).await[0].seen.times_seen, 2);
    engine.close();
    assert!(verify(data.path(), OPTIONS).unwrap().is_clean());

    // Within a day it does not once more: the server stays, says that it is not ready, and reads what it can.
    damage_issue(data.path());
    let engine = open(data.path());
    let refused = try_record(&engine.store(), 3).await;
    assert!(matches!(refused, Err(Error::Closed)), "{refused:?}");
    assert!(engine.failed().now_or_never().is_none());
    while engine.store().stats.writable().await.is_ok() {
        tokio::task::yield_now().await;
    }
    engine.close();
}
