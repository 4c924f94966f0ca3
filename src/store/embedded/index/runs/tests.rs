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
    while let Some(merged) = runs.merged(&Meta::default(), u64::MAX).unwrap() {
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
fn those_runs_are_merged_for_which_there_is_room() {
    let (_directory, _sled, mut runs) = temporary();
    for number in 0..13 {
        let length = if number == 0 { 9_000 } else { 100 };
        let rows = (number * 9..number * 9 + 9).map(|number| (key(number), Some(vec![1; length])));
        runs = with(&runs, &rows.collect());
    }
    let merged = |room| runs.merged(&Meta::default(), room).unwrap();
    assert!(merged(5_000).is_none());
    for (room, left) in [(40_000, 2), (400_000, 1)] {
        let merged = merged(room).unwrap();
        assert_eq!(merged.runs.len(), left);
        assert!((0..117).all(|number| merged.row(&key(number)).unwrap().is_some()));
    }
}

#[test]
fn runs_that_say_of_many_rows_that_they_were_removed_are_merged() {
    let (_directory, _sled, mut runs) = temporary();
    runs = add(
        &runs,
        &(0..900).map(|number| (key(number), Some(vec![1]))).collect(),
    );
    runs = add(&runs, &(0..200).map(|number| (key(number), None)).collect());
    assert_eq!((runs.runs.len(), runs.many()), (2, 1_100));
    runs = add(&runs, &(200..300).map(|number| (key(number), None)).collect());
    assert_eq!((runs.runs.len(), runs.many()), (1, 600));
    runs = add(&runs, &(300..900).map(|number| (key(number), None)).collect());
    assert_eq!(runs.many(), 0);
}

#[test]
fn rows_that_are_over_go_with_a_merge() {
    let (_directory, _sled, mut runs) = temporary();
    let id = |day: i64, number| Key::of(Table::Counted).signed(day).number(number).into_bytes();
    for number in 0..5 {
        let rows = [7, 8, 9].map(|day| (id(day, number), Some(Vec::new())));
        runs = with(&runs, &rows.into());
    }
    let meta = Meta {
        counted_from: 9,
        ..Meta::default()
    };
    let merged = runs.merged(&meta, u64::MAX).unwrap().unwrap();
    let kept: Vec<_> = merged.rows().map(|row| row.unwrap().0.to_vec()).collect();
    assert_eq!(kept, [0, 1, 2, 3, 4].map(|number| id(9, number).to_vec()));
}

#[test]
fn a_run_that_came_to_nothing_gives_its_room_to_the_next() {
    let (directory, _sled, runs) = temporary();
    let row = |value| BTreeMap::from([(key(1), Some(vec![value]))]);
    with(&runs, &row(1));
    let runs = with(&runs, &row(2));
    assert_eq!(runs.row(&key(1)).unwrap().as_deref(), Some([2].as_slice()));
    assert_eq!(fs::read_dir(directory.path().join("runs")).unwrap().count(), 1);
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
