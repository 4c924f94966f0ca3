//! The tree beside a plain map: wherever rows are, and whatever cuts a flush short.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tempfile::TempDir;

use super::*;
use crate::store::embedded::index::keys::Table;

/// What a tree should hold.
type Model = BTreeMap<Vec<u8>, Vec<u8>>;

/// An empty index.
pub(in crate::store::embedded::index) fn temporary() -> (TempDir, Tree) {
    let directory = TempDir::new().unwrap();
    let tree = Tree::open(&directory.path().join("index"), 1 << 20).unwrap();
    (directory, tree)
}

/// A key of a table whose rows are sled's, or in runs.
fn key_in(table: Table, number: u64) -> Vec<u8> {
    Key::of(table).number(number).into_vec()
}

fn key(number: u64) -> Vec<u8> {
    key_in(Table::User, number)
}

/// One of either kind.
const TABLES: [Table; 2] = [Table::User, Table::EventTime];

/// Some rows change, in the tree and in what it should hold.
fn change(tree: &Tree, model: &mut Model, chance: &mut StdRng) {
    let mut changes = BTreeMap::new();
    for _ in 0..chance.random_range(1..60) {
        let value = chance
            .random_bool(0.6)
            .then(|| chance.random::<u64>().to_be_bytes().to_vec());
        let table = TABLES[chance.random_range(0..2)];
        changes.insert(key_in(table, chance.random_range(0..2_000)), value);
    }
    for (key, value) in &changes {
        match value {
            Some(value) => drop(model.insert(key.clone(), value.clone())),
            None => drop(model.remove(key)),
        }
    }
    let changes = changes.into_iter();
    tree.apply(changes.map(|(key, value)| (key.into(), value)));
}

/// The same, with rows in sled, on their way there and not.
fn changed(chance: &mut StdRng) -> (TempDir, Tree, Model) {
    let ((directory, tree), mut model) = (temporary(), Model::new());
    let flushes = chance.random_range(1..12);
    for after in [vec!["flushed"; flushes], vec!["frozen", "neither"]].concat() {
        (0..chance.random_range(0..40)).for_each(|_| change(&tree, &mut model, chance));
        match after {
            "flushed" => flush(&tree),
            "frozen" => drop(tree.freeze()),
            _ => {}
        }
    }
    (directory, tree, model)
}

fn flush(tree: &Tree) {
    tree.flush().unwrap();
    tree.merge(|| Ok(u64::MAX)).unwrap();
}

fn plain(row: Result<Row>) -> (Vec<u8>, Vec<u8>) {
    let (key, value) = row.unwrap();
    (key.to_vec(), value.to_vec())
}

#[test]
fn rows_are_the_same_wherever_they_are() {
    for seed in 0..12 {
        let chance = &mut StdRng::seed_from_u64(seed);
        let (_directory, tree, model) = changed(chance);
        for table in TABLES {
            let key = |number| key_in(table, number);
            for number in 0..2_000 {
                let found = tree.get(key(number)).unwrap();
                assert_eq!(found.as_deref(), model.get(&key(number)).map(Vec::as_slice));
                assert_eq!(tree.has(key(number)).unwrap(), model.contains_key(&key(number)));
            }
            for _ in 0..20 {
                let (a, b) = (chance.random_range(0..2_000), chance.random_range(0..2_100));
                let range = key(a.min(b))..key(b.max(a));
                let expected = model.range(range.clone());
                let expected: Vec<_> = expected
                    .map(|(key, value)| (key.clone(), value.clone()))
                    .collect();
                let found: Vec<_> = tree.range(range.clone()).map(plain).collect();
                assert!(found == expected, "seed {seed}, {a} to {b}");
                let mut found: Vec<_> = tree.range(range.clone()).rev().map(plain).collect();
                found.reverse();
                assert!(found == expected, "seed {seed}, {b} back to {a}");
                let (mut scan, mut ends) = (tree.range(range), (Vec::new(), Vec::new()));
                loop {
                    match chance.random_bool(0.5) {
                        true => ends.0.push(scan.next()),
                        false => ends.1.push(scan.next_back()),
                    }
                    if matches!((ends.0.last(), ends.1.last()), (Some(None), _) | (_, Some(None))) {
                        break;
                    }
                }
                let back = ends.1.into_iter().flatten().rev();
                let found: Vec<_> = ends.0.into_iter().flatten().chain(back).map(plain).collect();
                assert!(found == expected, "seed {seed}, {a} and {b} from both ends");
            }
            let expected = model.range(key(0)..key(2_000)).count();
            assert_eq!(tree.scan(&Key::of(table)).count(), expected);
        }
        assert_eq!(
            tree.range(key(9)..key(9)).count() + tree.range(key(9)..key(3)).count(),
            0
        );
    }
}

#[test]
fn a_flush_that_a_crash_cut_short_goes_on() {
    for seed in 0..8 {
        let chance = &mut StdRng::seed_from_u64(seed);
        let (directory, tree, model) = changed(chance);
        let frozen = tree.freeze();
        let bringing = tree.begin(&frozen).unwrap();
        let some = chance.random_range(0..=bringing.rows(&frozen).count());
        tree.0.give(bringing.rows(&frozen).take(some)).unwrap();
        let unflushed: Vec<Vec<u8>> = tree.recent().active.rows().map(|(key, _)| key.to_vec()).collect();
        drop(tree);
        let tree = Tree::open(&directory.path().join("index"), 1 << 20).unwrap();
        let keys = TABLES.map(|table| (0..2_000).map(move |number| key_in(table, number)));
        for key in keys.into_iter().flatten().filter(|key| !unflushed.contains(key)) {
            let found = tree.get(&key).unwrap();
            let expected = model.get(&key).map(Vec::as_slice);
            assert_eq!(found.as_deref(), expected, "seed {seed}, row {key:?}");
        }
    }
}

#[test]
fn what_another_index_was_to_be_given_is_left_alone() {
    let (directory, tree) = temporary();
    let meta = |applied| {
        let mut meta = Meta::default();
        meta.applied.offset = applied;
        (Key::meta().into_bytes(), Some(rows::encode(&meta).unwrap()))
    };
    tree.apply([meta(1)]);
    tree.flush().unwrap();
    tree.apply([meta(2), (key(1).into(), Some(vec![1]))]);
    redo::write(&tree.0.path, &tree.0.sled, tree.freeze().rows()).unwrap();
    tree.0
        .sled
        .insert(Key::meta(), meta(7).1.unwrap_or_default())
        .unwrap();
    drop(tree);
    let path = directory.path().join("index");
    let tree = Tree::open(&path, 1 << 20).unwrap();
    assert!(!tree.has(key(1)).unwrap() && !path.join("redo").exists());
}

#[test]
fn a_checkpoint_reads_one_commit_however_rows_change_meanwhile() {
    let chance = &mut StdRng::seed_from_u64(1);
    let (_directory, tree, mut model) = changed(chance);
    tree.flush().unwrap();
    tree.flush().unwrap();
    let expected = model.clone();
    let still = tree.still().unwrap();
    let rows = still.rows().map(|row| {
        change(&tree, &mut model, chance);
        row.map(|(key, value)| (key.to_vec(), value.to_vec()))
    });
    let (_copied, copy) = temporary();
    copy.fill(still.of_runs(), rows).unwrap();
    let rows = TABLES.map(|table| copy.scan(&Key::of(table)).map(plain));
    let mut read: Vec<_> = rows.into_iter().flatten().collect();
    read.sort();
    assert!(
        read.iter().map(|(key, value)| (key, value)).eq(&expected),
        "{} of {}",
        read.len(),
        expected.len()
    );
    assert!(model != expected, "nothing changed meanwhile");
}

#[test]
fn what_was_filled_in_is_in_its_files_after_a_flush() {
    let (directory, tree) = temporary();
    let rows = TABLES.map(|table| (0..100).map(move |number| Ok((key_in(table, number), vec![1]))));
    assert_eq!(tree.fill(100, rows.into_iter().flatten()).unwrap(), 200);
    tree.flush().unwrap();
    // What a kill would leave: the files as they are, while the process has them open.
    let copy = directory.path().join("copy");
    for inside in ["", "runs"] {
        let (from, to) = (tree.0.path.join(inside), copy.join(inside));
        std::fs::create_dir(&to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
            }
        }
    }
    let copied = Tree::open(&copy, 1 << 20).unwrap();
    assert_eq!(
        TABLES.map(|table| copied.scan(&Key::of(table)).count()),
        [100, 100]
    );
}
