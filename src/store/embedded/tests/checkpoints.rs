//! A checkpoint and what came behind it are the index, whatever goes on meanwhile and wherever it is cut short.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::rebuilding::live;
use super::{OPTIONS, fresh, open, rows};
use crate::model::NewEvent;
use crate::store::contract;
use crate::store::embedded::checkpoint::{self, Checkpoint};
use crate::store::embedded::replay::Replayed;
use crate::store::embedded::{rebuild, verify};
use crate::store::{Error, Store};

fn checkpoints(data: &Path) -> Vec<Checkpoint> {
    checkpoint::list(&data.join("checkpoints")).unwrap()
}

fn events(of: std::ops::Range<u64>) -> Vec<NewEvent> {
    of.map(contract::event).collect()
}

/// A store with two checkpoints and commits before, between and behind them. Its directory and its rows.
async fn two_checkpoints() -> (tempfile::TempDir, Vec<(Vec<u8>, Vec<u8>)>) {
    let ((engine, data), store) = fresh();
    contract::record(&store, events(1..20)).await;
    engine.checkpoint().unwrap();
    contract::record(&store, events(20..30)).await;
    engine.checkpoint().unwrap();
    contract::record(&store, events(30..33)).await;
    drop(store);
    engine.close();
    let rows = rows(data.path());
    (data, rows)
}

/// The index is made anew; it must be the one that was.
fn rebuilt(data: &Path, before: &[(Vec<u8>, Vec<u8>)]) -> Replayed {
    let replayed = rebuild(data, OPTIONS).unwrap();
    assert!(before == rows(data));
    replayed
}

async fn more(store: &Store, from: u64) {
    for n in from..from + 40 {
        contract::record(store, events(n..n + 1)).await;
    }
}

#[tokio::test]
async fn a_checkpoint_and_what_came_behind_it_are_the_index() {
    let ((engine, data), store) = fresh();
    live(&store).await;
    engine.checkpoint().unwrap();
    contract::record(&store, events(900..950)).await;
    drop(store);
    engine.close();
    let before = rows(data.path());
    fs::remove_dir_all(data.path().join("index")).unwrap();
    let replayed = rebuilt(data.path(), &before);
    assert!(replayed.rows > 100 && replayed.commits < 5, "{replayed:?}");
    let report = verify(data.path(), OPTIONS).unwrap();
    assert!(report.is_clean() && report.checkpoints == 1, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn commits_go_on_while_checkpoints_are_written() {
    let ((engine, data), store) = fresh();
    live(&store).await;
    let is_done = Arc::new(AtomicBool::new(false));
    let until = is_done.clone();
    let checkpoints_meanwhile = tokio::task::spawn_blocking(move || {
        while !until.load(Ordering::Relaxed) {
            engine.checkpoint().unwrap();
        }
        engine
    });
    more(&store, 1_000).await;
    is_done.store(true, Ordering::Relaxed);
    let engine = checkpoints_meanwhile.await.unwrap();
    more(&store, 2_000).await;
    drop(store);
    engine.close();
    let before = rows(data.path());
    for checkpoint in checkpoints(data.path()) {
        assert!(rebuilt(data.path(), &before).rows > 0);
        fs::remove_file(checkpoint.path).unwrap();
    }
    assert_eq!(rebuilt(data.path(), &before).rows, 0, "all of it is replayed");
}

#[tokio::test]
async fn a_damaged_checkpoint_is_found_and_the_older_one_serves() {
    let (data, before) = two_checkpoints().await;
    let newest = checkpoints(data.path()).remove(0);
    let bytes = fs::read(&newest.path).unwrap();
    let is_found = |bytes: &[u8]| {
        fs::write(&newest.path, bytes).unwrap();
        matches!(checkpoint::check(&newest), Err(Error::Damaged(_)))
    };
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x10;
        assert!(is_found(&flipped), "byte {at} of {}", bytes.len());
        assert!(is_found(&bytes[..at]), "cut at {at} of {}", bytes.len());
    }
    assert!(!verify(data.path(), OPTIONS).unwrap().is_clean());
    let replayed = rebuilt(data.path(), &before);
    assert!(replayed.unsound == 1 && replayed.rows > 0, "{replayed}");

    let older = checkpoints(data.path()).remove(1);
    fs::write(&older.path, b"TLC1").unwrap();
    let replayed = rebuilt(data.path(), &before);
    assert_eq!((replayed.unsound, replayed.rows), (2, 0), "all of it is replayed");
}

#[tokio::test]
async fn the_newest_two_are_kept_and_a_killed_one_leaves_nothing_behind() {
    let (data, before) = two_checkpoints().await;
    let known = checkpoints(data.path());
    let bytes = fs::read(&known[0].path).unwrap();
    let unfinished = data.path().join("checkpoints/unfinished");
    for written in [0, bytes.len() / 2, bytes.len()] {
        fs::write(&unfinished, &bytes[..written]).unwrap();
        assert!(verify(data.path(), OPTIONS).unwrap().is_clean());
        rebuilt(data.path(), &before);
        assert_eq!(checkpoints(data.path()), known);
    }
    let engine = open(data.path());
    contract::record(&engine.store(), events(40..41)).await;
    engine.checkpoint().unwrap();
    engine.close();
    let now = checkpoints(data.path());
    assert!(now.len() == 2 && now[1] == known[0] && !unfinished.exists());
    // Killed before the oldest was removed.
    fs::write(&known[1].path, b"whatever").unwrap();
    let engine = open(data.path());
    engine.checkpoint().unwrap();
    engine.close();
    assert_eq!(checkpoints(data.path()), now);
}

#[tokio::test]
async fn a_rebuild_that_is_killed_is_done_again() {
    let (data, before) = two_checkpoints().await;
    let at = |name: &str| -> PathBuf { data.path().join(name) };
    // While it is made; before it takes the old one's place; when the old one has gone and it has not.
    fs::create_dir(at("index.new")).unwrap();
    fs::write(at("index.new/db"), b"half").unwrap();
    open(data.path()).close();
    assert!(before == rows(data.path()));
    fs::rename(at("index"), at("index.old")).unwrap();
    open(data.path()).close();
    assert!(before == rows(data.path()));
    let report = verify(data.path(), OPTIONS).unwrap();
    assert!(report.is_clean(), "{report}");
}
