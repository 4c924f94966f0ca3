//! What merges leave, and what a crash does.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tempfile::TempDir;

use super::*;
use crate::store::embedded::disk::size_of;

fn key(number: u64) -> KeyBytes {
    Key::of(Table::Event).number(number).into_bytes()
}

/// An index without runs.
fn temporary() -> (TempDir, sled::Db, Runs) {
    let directory = TempDir::new().unwrap();
    let sled = sled::open(directory.path()).unwrap();
    let runs = Runs::open(directory.path(), &sled).unwrap();
    (directory, sled, runs)
}

/// These and a run of `rows`.
fn with(runs: &Runs, rows: &BTreeMap<KeyBytes, Option<Vec<u8>>>) -> Runs {
    let each = rows
        .iter()
        .map(|(key, value)| Ok((key.clone(), value.as_deref())));
    runs.with(rows.len() as u64, each).unwrap()
}

/// The same, merged as a flush does it.
fn add(runs: &Runs, rows: &BTreeMap<KeyBytes, Option<Vec<u8>>>) -> Runs {
    let mut runs = with(runs, rows);
    while let Some(merged) = runs.merged(u64::MAX).unwrap() {
        runs.keep(&merged).unwrap();
        runs = merged;
    }
    runs
}

#[test]
fn runs_stay_few_and_give_the_room_of_what_was_removed_back() {
    let (directory, _sled, mut runs) = temporary();
    let (chance, mut many) = (&mut StdRng::seed_from_u64(4), 0);
    for flush in 0..64_u64 {
        let numbers = flush * 100..(flush + 1) * 100 + chance.random_range(0..20);
        runs = add(
            &runs,
            &numbers.map(|number| (key(number), Some(vec![7; 30]))).collect(),
        );
        many = many.max(runs.runs.len());
    }
    assert!(many <= 10, "{many} runs of 64 flushes");
    let rows = |runs: &Runs| runs.runs.iter().map(|run| run.info.rows).sum::<u64>();
    let bytes = || size_of(&directory.path().join("runs")).unwrap();
    assert!((6_400..7_800).contains(&rows(&runs)), "{} rows", rows(&runs));
    assert!(bytes() < 400_000, "{} bytes", bytes());

    runs = add(&runs, &(0..6_420).map(|number| (key(number), None)).collect());
    for number in 0..8 {
        runs = add(&runs, &BTreeMap::from([(key(number), None)]));
    }
    assert_eq!(runs.row(&key(17)).unwrap(), None);
    assert!(
        rows(&runs) < 100 && bytes() < 100_000,
        "{} rows in {} bytes",
        rows(&runs),
        bytes()
    );
}

#[test]
fn runs_wait_for_room_on_the_disk_to_be_merged() {
    let (_directory, _sled, mut runs) = temporary();
    for number in 0..9 {
        runs = with(&runs, &BTreeMap::from([(key(number), Some(vec![1; 100]))]));
    }
    assert!(runs.merged(1_000).unwrap().is_none());
    let merged = runs.merged(10_000).unwrap().unwrap();
    assert_eq!((runs.runs.len(), merged.runs.len()), (9, 1));
}

#[test]
fn a_run_that_no_list_names_is_none() {
    let (directory, sled, runs) = temporary();
    let row = |value| BTreeMap::from([(key(1), Some(vec![value]))]);
    let runs = with(&runs, &row(1));
    let (list, numbers) = runs.list().unwrap();
    sled.insert(list, numbers).unwrap();
    with(&runs, &row(2));
    let files = || fs::read_dir(directory.path().join("runs")).unwrap().count();
    assert_eq!(files(), 2);
    let opened = Runs::open(directory.path(), &sled).unwrap();
    assert_eq!(opened.row(&key(1)).unwrap().as_deref(), Some([1].as_slice()));
    assert_eq!(files(), 1);
}

#[test]
fn a_file_that_is_not_what_was_written_is_found() {
    let (directory, sled, runs) = temporary();
    let runs = with(
        &runs,
        &(0..300).map(|number| (key(number), Some(vec![7; 30]))).collect(),
    );
    let (list, numbers) = runs.list().unwrap();
    sled.insert(list, numbers).unwrap();
    let path = directory.path().join("runs/0");
    let written = fs::read(&path).unwrap();
    let read =
        || Runs::open(directory.path(), &sled).and_then(|runs| runs.rows().collect::<Result<Vec<_>>>());
    assert_eq!(read().unwrap().len(), 300);
    for at in (0..written.len()).step_by(7) {
        let mut changed = written.clone();
        changed[at] ^= 1;
        fs::write(&path, changed).unwrap();
        assert!(matches!(read(), Err(Error::BadIndex(_))), "changed at {at}");
    }
    for length in (0..written.len()).step_by(99) {
        fs::write(&path, &written[..length]).unwrap();
        assert!(matches!(read(), Err(Error::BadIndex(_))), "cut at {length}");
    }
    fs::remove_file(&path).unwrap();
    assert!(matches!(read(), Err(Error::BadIndex(_))));
}
