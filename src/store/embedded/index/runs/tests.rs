//! What merges leave.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::*;
use crate::store::embedded::index::tree::tests::temporary;

fn key(number: u64) -> KeyBytes {
    Key::of(Table::Event).number(number).into_bytes()
}

/// Adds a run of rows, and merges as a flush does. Answers the runs then.
fn add(sled: &sled::Tree, runs: &Runs, rows: &BTreeMap<KeyBytes, Option<Vec<u8>>>) -> Runs {
    let mut runs = runs.clone();
    let each = rows.iter().map(|(key, value)| (key.as_slice(), value.as_deref()));
    runs.add(sled, rows.len() as u64, each).unwrap();
    while let Some((merged, gone)) = runs.merged(sled, u64::MAX).unwrap() {
        remove(sled, gone).unwrap();
        runs = merged;
    }
    runs
}

#[test]
fn runs_stay_few_and_give_the_room_of_what_was_removed_back() {
    let (_directory, tree) = temporary();
    let (sled, chance) = (tree.sled(), &mut StdRng::seed_from_u64(4));
    let (mut runs, mut many) = (Runs::default(), 0);
    for flush in 0..64_u64 {
        let numbers = flush * 100..(flush + 1) * 100 + chance.random_range(0..20);
        runs = add(
            sled,
            &runs,
            &numbers.map(|number| (key(number), Some(vec![7; 30]))).collect(),
        );
        many = many.max(runs.runs.len());
    }
    assert!(many <= 10, "{many} runs of 64 flushes");
    let rows = |runs: &Runs| runs.runs.iter().map(|run| run.info.rows).sum::<u64>();
    assert!((6_400..7_800).contains(&rows(&runs)), "{} rows", rows(&runs));
    let blocks = sled.scan_prefix(Key::of(Table::Run)).count();
    assert!(blocks < 200, "{blocks} blocks");

    runs = add(
        sled,
        &runs,
        &(0..6_420).map(|number| (key(number), None)).collect(),
    );
    for number in 0..8 {
        runs = add(sled, &runs, &BTreeMap::from([(key(number), None)]));
    }
    assert_eq!(runs.row(sled, &key(17)).unwrap(), None);
    let left = sled.scan_prefix(Key::of(Table::Run)).count();
    assert!(
        rows(&runs) < 100 && left < 10,
        "{} rows in {left} blocks",
        rows(&runs)
    );
}

#[test]
fn runs_wait_for_room_on_the_disk_to_be_merged() {
    let (_directory, tree) = temporary();
    let (sled, mut runs) = (tree.sled(), Runs::default());
    for number in 0..9 {
        let rows = [(key(number), Some(vec![1; 100]))];
        runs.add(
            sled,
            1,
            rows.iter().map(|(key, value)| (key.as_slice(), value.as_deref())),
        )
        .unwrap();
    }
    assert!(runs.merged(sled, 2_000).unwrap().is_none());
    let (merged, gone) = runs.merged(sled, 20_000).unwrap().unwrap();
    assert_eq!((merged.runs.len(), gone.len()), (1, 9));
}

#[test]
fn a_run_that_no_list_names_is_removed_when_the_index_is_opened() {
    let (_directory, tree) = temporary();
    let sled = tree.sled();
    let row = |value| BTreeMap::from([(key(1), Some(vec![value]))]);
    let runs = add(sled, &Runs::default(), &row(1));
    let mut cut = runs.clone();
    let rows = row(2);
    let each = rows.iter().map(|(key, value)| (key.as_slice(), value.as_deref()));
    cut.add(sled, 1, each).unwrap();
    runs.list(sled).unwrap();
    let opened = Runs::open(sled).unwrap();
    assert_eq!(
        opened.row(sled, &key(1)).unwrap().as_deref(),
        Some([1].as_slice())
    );
    let blocks = sled.scan_prefix(Key::of(Table::Run)).count();
    let pieces = sled.scan_prefix(Key::of(Table::RunFilter)).count();
    assert_eq!((blocks, pieces), (1, 1));
}
