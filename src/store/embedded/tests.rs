//! The contract, and what only this engine promises: it survives a crash at any byte, and its index can be made anew.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::log::{Scan, Scanned};
use super::{Embedded, Options, rebuild, verify};
use crate::model::Status;
use crate::store::contract::{self, contract};
use crate::store::{CatalogChange, Error, Position, Store, TriageChange};

const OPTIONS: Options = Options {
    cache: 1 << 20,
    disk_floor: 0,
    max_journal: 1 << 30,
};

fn open(data: &Path) -> Embedded {
    Embedded::open(data, OPTIONS, Arc::new(|| contract::at(0))).unwrap()
}

fn fresh() -> ((Embedded, TempDir), Store) {
    let data = TempDir::new().unwrap();
    let engine = open(data.path());
    let store = engine.store();
    ((engine, data), store)
}

contract! { fresh:
    catalog::a_project_lives_and_goes,
    catalog::a_name_is_taken_once,
    catalog::the_last_owner_stays,
    catalog::a_link_is_used_once,
    catalog::a_person_takes_their_sessions_along,
    catalog::sessions_end,
    journal::entries_wait_in_order,
    journal::next_waits_for_an_entry,
    journal::the_backlog_says_what_waits,
    blobs::bytes_come_back_as_they_were,
    stats::outcomes_add_up,
    stats::events_are_counted_by_the_hour_they_happened,
    stats::dead_letters_are_counted,
    issues::hashes_lead_to_issues,
    issues::an_event_counts_once,
    issues::an_issue_sums_its_events_up,
    issues::made_up_tag_keys_are_bounded,
    issues::an_issue_has_two_names,
    issues::the_list_has_pages,
    issues::the_list_is_filtered,
    issues::events_are_walked_in_order_of_time,
    issues::a_resolved_issue_comes_back,
    issues::a_removed_issue_begins_anew,
    issues::a_removed_project_takes_nothing,
    issues::files_stay_with_their_event,
}

/// A little of everything that a store can hold.
async fn live(store: &Store) {
    contract::record(store, (1..=40).map(contract::event).collect()).await;
    let others = (41..=60).map(|n| {
        contract::event_with(n, |record| {
            record.hashes = vec![contract::hash((n % 5) as u8), contract::hash(100 + n as u8)];
            record.user = Some(format!("id:{}", n % 7));
            record.release = Some(format!("shop@{}", n % 3));
            record.environment = Some("production".into());
            record.tags = vec![
                ("browser".into(), format!("b{}", n % 4)),
                ("level".into(), "error".into()),
            ];
        })
    });
    contract::record(store, others.collect()).await;
    // Two within one microsecond, the later first: which is the latest must not depend on what a frame can say.
    let within = |n: u64, nanosecond| {
        contract::event_with(n, |record| {
            record.timestamp += jiff::SignedDuration::from_nanos(nanosecond);
            record.title = format!("{nanosecond} ns");
            record.hashes = vec![contract::hash(200)];
        })
    };
    let mut twins = vec![within(65, 900), within(66, 100)];
    twins[1].record.timestamp = twins[0].record.timestamp - jiff::SignedDuration::from_nanos(800);
    contract::record(store, twins).await;
    let issues: Vec<_> = contract::issues(store)
        .await
        .iter()
        .map(|issue| issue.id)
        .collect();
    let time = contract::at(70);
    store
        .issues
        .triage(TriageChange::SetStatus {
            issues: issues[..2].to_vec(),
            status: Status::Resolved,
            time,
        })
        .await
        .unwrap();
    store
        .issues
        .triage(TriageChange::Delete {
            issues: issues[4..].to_vec(),
        })
        .await
        .unwrap();
    contract::record(store, vec![contract::event(80)]).await;
    store
        .catalog
        .apply(vec![contract::project(2, "web")])
        .await
        .unwrap();
    store
        .catalog
        .apply(vec![CatalogChange::DeleteProject(
            crate::protocol::ids::ProjectId(2),
        )])
        .await
        .unwrap();
}

/// All rows of an index, apart from sled's own order of things.
fn rows(data: &Path) -> Vec<(Vec<u8>, Vec<u8>)> {
    let tree = super::index::open(&data.join("index"), OPTIONS.cache).unwrap();
    tree.iter()
        .map(|row| row.map(|(key, value)| (key.to_vec(), value.to_vec())).unwrap())
        .collect()
}

fn only_file(directory: PathBuf) -> PathBuf {
    let mut files: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files.pop().unwrap()
}

fn add_garbage(path: &Path, garbage: &[u8]) {
    OpenOptions::new()
        .append(true)
        .open(path)
        .unwrap()
        .write_all(garbage)
        .unwrap();
}

#[tokio::test]
async fn a_rebuilt_index_equals_the_lost_one() {
    let ((engine, data), store) = fresh();
    live(&store).await;
    drop(store);
    engine.close();
    let before = rows(data.path());
    assert!(
        before.len() > 100,
        "there is something to lose: {} rows",
        before.len()
    );
    fs::remove_dir_all(data.path().join("index")).unwrap();
    let replayed = rebuild(data.path(), OPTIONS).unwrap();
    assert!(replayed.commits > 5 && replayed.damaged == 0);
    let after = rows(data.path());
    let differing: Vec<_> = before.iter().filter(|row| !after.contains(row)).collect();
    assert!(
        differing.is_empty() && after.len() == before.len(),
        "{differing:?}"
    );
    assert!(verify(data.path(), OPTIONS).unwrap().is_clean());
}

#[tokio::test]
async fn an_index_that_lags_behind_catches_up() {
    let ((engine, data), store) = fresh();
    contract::record(&store, vec![contract::event(1)]).await;
    drop(store);
    engine.close();
    // What a crash leaves when the index was not written any more: an older index beside newer segments.
    let old_index = data.path().join("index.kept");
    copy(&data.path().join("index"), &old_index);
    let engine = open(data.path());
    contract::record(&engine.store(), vec![contract::event(2)]).await;
    engine.close();
    fs::remove_dir_all(data.path().join("index")).unwrap();
    fs::rename(&old_index, data.path().join("index")).unwrap();

    let engine = open(data.path());
    assert_eq!(contract::issues(&engine.store()).await[0].times_seen, 2);
    assert_eq!(engine.store().journal.recorded().await.unwrap().0, 2);
    engine.close();
    assert!(verify(data.path(), OPTIONS).unwrap().is_clean());
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[tokio::test]
async fn half_written_ends_are_cut_off() {
    let ((engine, data), store) = fresh();
    store.journal.append(contract::entry("whole")).await.unwrap();
    contract::record(&store, (1..=3).map(contract::event).collect()).await;
    drop(store);
    engine.close();
    let (segment, journal) = (
        only_file(data.path().join("segments")),
        only_file(data.path().join("journal")),
    );
    let sound = fs::metadata(&segment).unwrap().len();
    let half_a_frame = &fs::read(&segment).unwrap()[..60];
    add_garbage(&segment, half_a_frame);
    add_garbage(&journal, half_a_frame);

    let engine = open(data.path());
    assert_eq!(fs::metadata(&segment).unwrap().len(), sound);
    contract::record(&engine.store(), vec![contract::event(90)]).await;
    engine
        .store()
        .journal
        .append(contract::entry("after"))
        .await
        .unwrap();
    engine.close();
    assert!(verify(data.path(), OPTIONS).unwrap().is_clean());
}

/// Where the frame of an event begins.
fn place_of(segment: &Path, event: [u8; 16]) -> usize {
    let file = fs::File::open(segment).unwrap();
    let mut scan = Scan::new(&file, 0, file.metadata().unwrap().len());
    loop {
        match scan.next().unwrap().unwrap() {
            Scanned::Frame(frame, range) if frame.event == event => return range.start as usize,
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_flipped_byte_is_found_and_costs_one_event() {
    let ((engine, data), store) = fresh();
    contract::record(&store, (1..=3).map(contract::event).collect()).await;
    contract::record(&store, (4..=6).map(contract::event).collect()).await;
    drop(store);
    engine.close();
    let segment = only_file(data.path().join("segments"));
    let mut bytes = fs::read(&segment).unwrap();
    let at = place_of(&segment, *contract::event_id(2).as_bytes());
    bytes[at + 60] ^= 1;
    fs::write(&segment, bytes).unwrap();

    let report = verify(data.path(), OPTIONS).unwrap();
    assert!(!report.is_clean(), "{report}");
    assert_eq!((report.events, report.told.len()), (6, 2), "{report}");
    assert_eq!(rebuild(data.path(), OPTIONS).unwrap().damaged, 1);
    let engine = open(data.path());
    assert_eq!(contract::issues(&engine.store()).await[0].times_seen, 5);
    engine.close();
}

#[tokio::test]
async fn a_directory_has_one_user_and_no_newer_data() {
    let ((engine, data), _store) = fresh();
    let second = Embedded::open(data.path(), OPTIONS, Arc::new(|| contract::at(0)));
    assert!(matches!(second.err(), Some(Error::Locked(_))));
    engine.close();
    fs::write(data.path().join("schema"), "99\n").unwrap();
    let newer = Embedded::open(data.path(), OPTIONS, Arc::new(|| contract::at(0)));
    assert!(matches!(newer.err(), Some(Error::Newer { found: 99, known: 1 })));
}

#[tokio::test]
async fn a_disk_at_its_floor_takes_nothing_and_still_reads() {
    let ((engine, data), store) = fresh();
    contract::record(&store, vec![contract::event(1)]).await;
    drop(store);
    engine.close();
    let full = Options {
        disk_floor: u64::MAX / 2,
        ..OPTIONS
    };
    let engine = Embedded::open(data.path(), full, Arc::new(|| contract::at(0))).unwrap();
    let store = engine.store();
    assert!(matches!(
        store.journal.append(contract::entry("more")).await,
        Err(Error::Full(_))
    ));
    assert!(matches!(store.stats.writable().await, Err(Error::Full(_))));
    assert_eq!(contract::issues(&store).await.len(), 1);
    engine.close();
}

#[tokio::test]
async fn a_full_journal_takes_nothing_until_it_is_digested() {
    let data = TempDir::new().unwrap();
    let small = Options {
        max_journal: 200,
        ..OPTIONS
    };
    let engine = Embedded::open(data.path(), small, Arc::new(|| contract::at(0))).unwrap();
    let store = engine.store();
    store.journal.append(contract::entry("one")).await.unwrap();
    let refused = store.journal.append(contract::entry("two")).await;
    assert!(matches!(refused, Err(Error::Full(_))));
    let (end, _) = store.journal.next(Position(0), 9, 9_999).await.unwrap()[0];
    store
        .issues
        .record(contract::batch(end.0, Vec::new()))
        .await
        .unwrap();
    store.journal.append(contract::entry("two")).await.unwrap();
    engine.close();
}

#[tokio::test]
async fn what_was_removed_is_cleared_away_bit_by_bit() {
    let ((engine, data), store) = fresh();
    contract::record(&store, (1..=1_200).map(contract::event).collect()).await;
    let issue = contract::issues(&store).await[0].id;
    store
        .issues
        .triage(TriageChange::Delete { issues: vec![issue] })
        .await
        .unwrap();
    drop(store);
    engine.close();
    let left = |table: u8| {
        rows(data.path())
            .iter()
            .filter(|(key, _)| key[0] == table)
            .count()
    };
    let marks = || left(b'X');
    // The writer clears away while nothing else waits, also after a restart.
    while marks() > 0 {
        let engine = open(data.path());
        let store = engine.store();
        store
            .issues
            .triage(TriageChange::Delete { issues: Vec::new() })
            .await
            .unwrap();
        drop(store);
        engine.close();
    }
    assert_eq!((left(b'e'), left(b'E'), left(b'H')), (0, 0, 0));
    assert!(verify(data.path(), OPTIONS).unwrap().is_clean());
}

/// Else the rest of the removal would take what the new project has by then.
#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_taken_again_only_when_its_former_project_is_gone() {
    let ((engine, _data), store) = fresh();
    store
        .catalog
        .apply(vec![contract::project(1, "shop")])
        .await
        .unwrap();
    store
        .issues
        .record(contract::batch(1, vec![contract::event(1)]))
        .await
        .unwrap();
    let again = vec![
        CatalogChange::DeleteProject(contract::SHOP),
        contract::project(1, "shop"),
    ];
    assert!(matches!(
        store.catalog.apply(again).await,
        Err(Error::Conflict(_))
    ));
    store
        .catalog
        .apply(vec![CatalogChange::DeleteProject(contract::SHOP)])
        .await
        .unwrap();
    while let Err(error) = store.catalog.apply(vec![contract::project(1, "shop")]).await {
        assert!(matches!(error, Error::Conflict(_)), "{error}");
    }
    store
        .issues
        .record(contract::batch(2, vec![contract::event(2)]))
        .await
        .unwrap();
    assert!(
        store
            .issues
            .event(contract::SHOP, contract::event_id(2))
            .await
            .unwrap()
            .is_some()
    );
    engine.close();
}
