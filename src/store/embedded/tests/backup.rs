//! A backup is whole or not there, and what is restored is what was.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use tempfile::TempDir;

use super::{OPTIONS, fresh, open, rows};
use crate::store::contract::{self, at};
use crate::store::embedded::{Copied, Size, backup, restore, verify};
use crate::store::{Error, Store};

async fn fill(store: &Store, first: u64) {
    contract::record(store, (first..first + 20).map(contract::event).collect()).await;
    store.blobs.put("a file".into()).await.unwrap();
}

fn copy_of(data: &Path, name: &str, earlier: Option<&Path>) -> (std::path::PathBuf, Copied) {
    let target = data.join(name);
    let copied = backup(data, &target, earlier, at(0)).unwrap();
    (target, copied)
}

fn files(copied: &Copied, shared: fn(&Size) -> u64) -> Vec<(&'static str, u64)> {
    copied
        .parts
        .iter()
        .map(|(part, size)| (*part, shared(size)))
        .collect()
}

#[tokio::test]
async fn what_is_restored_is_what_was_when_the_copy_began() {
    let ((engine, data), store) = fresh();
    fill(&store, 1).await;
    store.journal.append(contract::entry("waits")).await.unwrap();
    let (first, copied) = copy_of(data.path(), "first", None);
    let files = files(&copied, |size| size.files);
    assert!(
        ["journal", "segments", "blobs"]
            .iter()
            .all(|part| files.contains(&(*part, 1))),
        "{copied}"
    );
    // A backup can be backed up, too.
    let (second, _) = copy_of(&first, "second", None);
    drop(store);
    engine.close();
    let before = rows(data.path());

    let restored = TempDir::new().unwrap();
    let (_, report) = restore(&second, restored.path(), OPTIONS).unwrap();
    assert!(report.is_clean() && report.events == 20, "{report}");
    assert!(before == rows(restored.path()));
    let engine = open(restored.path());
    fill(&engine.store(), 50).await;
    engine.close();
    assert!(verify(restored.path(), OPTIONS).unwrap().is_clean());
}

#[tokio::test]
async fn unchanged_files_are_shared_with_the_earlier_backup() {
    let ((engine, data), store) = fresh();
    fill(&store, 1).await;
    let (first, _) = copy_of(data.path(), "first", None);
    fill(&store, 50).await;
    let (second, copied) = copy_of(data.path(), "second", Some(&first));
    let shared: Vec<_> = files(&copied, |size| size.shared);
    assert!(
        shared.contains(&("blobs", 1)) && shared.contains(&("segments", 0)),
        "{shared:?}"
    );
    let links = |path: &Path| fs::metadata(path).unwrap().nlink();
    let blob = walk(&second.join("blobs"));
    assert_eq!(links(&blob), 2);
    drop(store);
    engine.close();
    for (backup, events) in [(&first, 20), (&second, 40)] {
        let report = verify(backup, OPTIONS).unwrap();
        assert!(report.is_clean() && report.events == events, "{report}");
        assert!(!backup.join("index").exists(), "a backup stays as it was made");
    }
}

/// The first file below a directory.
fn walk(path: &Path) -> std::path::PathBuf {
    match path.is_dir() {
        true => walk(&fs::read_dir(path).unwrap().next().unwrap().unwrap().path()),
        false => path.to_owned(),
    }
}

#[tokio::test]
async fn half_a_copy_is_not_taken_for_a_whole_one() {
    let ((engine, data), store) = fresh();
    fill(&store, 1).await;
    // What a backup leaves that was killed: the next one of that name begins anew.
    let unfinished = data.path().join("copy.unfinished");
    fs::create_dir_all(unfinished.join("segments")).unwrap();
    fs::write(unfinished.join("segments/1999-01-01.log"), "half").unwrap();
    let (copy, _) = copy_of(data.path(), "copy", None);
    assert!(!unfinished.exists());
    let again = backup(data.path(), &copy, None, at(0));
    assert!(matches!(again, Err(Error::Conflict(_))));

    let target = TempDir::new().unwrap();
    fs::write(target.path().join("unfinished"), "").unwrap();
    assert!(matches!(
        restore(&copy, target.path(), OPTIONS),
        Err(Error::Conflict(_))
    ));
    fs::create_dir(target.path().join("segments")).unwrap();
    for path in [target.path(), copy.as_path()] {
        let opened = super::Embedded::open(path, OPTIONS, std::sync::Arc::new(|| at(0)));
        assert!(matches!(opened.err(), Some(Error::Conflict(_))));
    }
    drop(store);
    engine.close();
}
