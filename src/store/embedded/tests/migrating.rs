//! A newer version takes over what an older one left, and gives it back.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tempfile::TempDir;

use super::{OPTIONS, fresh, open, rows, segments_of};
use crate::store::embedded::index::keys::Key;
use crate::store::embedded::index::tree::Tree;
use crate::store::embedded::log::{Frame, write_frame};
use crate::store::embedded::{Embedded, Options, rollback, verify};
use crate::store::{Error, contract};

/// The meta row of an index as another version would have written it: each row begins with the layout's version.
pub(super) fn set_layout(data: &Path, version: u8) {
    let tree = Tree::open(&data.join("index"), OPTIONS.cache).unwrap();
    let mut row = tree.get(Key::meta()).unwrap().unwrap().to_vec();
    row[0] = version;
    tree.apply([(Key::meta().into_bytes(), Some(row))]);
    tree.flush().unwrap();
}

fn schema(data: &Path) -> String {
    fs::read_to_string(data.join("schema")).unwrap()
}

#[tokio::test]
async fn an_upgrade_is_taken_back_without_loss() {
    let ((engine, data), store) = fresh();
    contract::record(&store, (1..=5).map(contract::event).collect()).await;
    drop(store);
    engine.close();
    assert!(
        matches!(rollback(data.path()), Err(Error::Conflict(_))),
        "nothing was migrated"
    );
    // What an older version leaves.
    let ours = rows(data.path())[0].1[0];
    set_layout(data.path(), 1);
    fs::write(data.path().join("schema"), "1\n").unwrap();

    let engine = open(data.path());
    contract::record(&engine.store(), vec![contract::event(6)]).await;
    engine.close();
    assert_eq!(schema(data.path()), "2\n");

    assert_eq!(rollback(data.path()).unwrap(), 1);
    assert_eq!(schema(data.path()), "1\n");
    assert!(
        rows(data.path()).iter().any(|(_, value)| value[0] == 1),
        "the older index is back"
    );
    assert!(matches!(rollback(data.path()), Err(Error::Conflict(_))), "once");

    // The older version goes on, and has what came meanwhile.
    set_layout(data.path(), ours);
    let engine = open(data.path());
    assert_eq!(contract::issues(&engine.store()).await[0].seen.times_seen, 6);
    engine.close();
    assert!(verify(data.path(), OPTIONS).unwrap().is_clean());
}

#[tokio::test]
async fn what_an_older_version_would_not_understand_keeps_it_out() {
    let ((engine, data), store) = fresh();
    contract::record(&store, vec![contract::event(1)]).await;
    drop(store);
    engine.close();
    fs::write(data.path().join("schema"), "1\n").unwrap();
    open(data.path()).close();
    let segment = fs::read_dir(data.path().join("segments"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let mut bytes = Vec::new();
    let later = Frame {
        kind: 200,
        project: 0,
        event: [0; 16],
        time: 0,
        body: "{}".into(),
    };
    write_frame(&later, &mut bytes);
    OpenOptions::new()
        .append(true)
        .open(&segment)
        .unwrap()
        .write_all(&bytes)
        .unwrap();
    let refused = rollback(data.path());
    assert!(
        matches!(&refused, Err(Error::Newer(what)) if what.contains("backup")),
        "{refused:?}"
    );
    assert_eq!(schema(data.path()), "2\n", "nothing is changed");
}

#[tokio::test]
async fn what_was_before_is_kept_for_a_week() {
    let ((engine, data), store) = fresh();
    drop(store);
    engine.close();
    fs::write(data.path().join("schema"), "1\n").unwrap();
    open(data.path()).close();
    let kept = data.path().join("before/schema");
    let migrated: jiff::Timestamp = kept.metadata().unwrap().modified().unwrap().try_into().unwrap();
    for (days, is_kept) in [(6, true), (8, false)] {
        let now = migrated + jiff::SignedDuration::from_hours(24 * days);
        Embedded::open(data.path(), OPTIONS, Arc::new(move || now))
            .unwrap()
            .close();
        assert_eq!(kept.exists(), is_kept, "after {days} days");
    }
}

/// Versions before these know one segment a day.
#[tokio::test]
async fn the_segments_of_a_day_are_joined_to_go_back() {
    let data = TempDir::new().unwrap();
    let small = Options {
        max_disk: 32 << 20,
        ..OPTIONS
    };
    let engine = Embedded::open(data.path(), small, Arc::new(|| contract::at(0))).unwrap();
    for n in 1..=3 {
        let mut event = contract::event(n);
        let mut chance = StdRng::seed_from_u64(n);
        let noise: Vec<u8> = (0..1_200_000).map(|_| chance.random()).collect();
        event.payload = noise.into();
        contract::record(&engine.store(), vec![event]).await;
    }
    engine.close();
    let segments = || segments_of(data.path());
    let first = segments().path(segments().all()[0]);
    let alone = fs::read(&first).unwrap();
    assert!(segments().all().len() > 1, "{:?}", segments().all());
    segments().join_days().unwrap();
    assert_eq!(segments().all().len(), 1);
    assert!(fs::read(&first).unwrap().starts_with(&alone));
    let report = verify(data.path(), OPTIONS).unwrap();
    assert!(report.is_clean() && report.events == 3, "{report}");
}
