//! Events are packed with what they have in common, and only those that were need it again.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::{OPTIONS, fresh, open};
use crate::model::NewEvent;
use crate::store::Store;
use crate::store::contract::{self, SHOP};
use crate::store::embedded::facts::Fact;
use crate::store::embedded::log::{Scan, Scanned};
use crate::store::embedded::{rebuild, verify};

/// An event that says much that others say, too.
fn event(n: u64) -> NewEvent {
    let frame = |at: u64| {
        format!(
            r#"{{"filename":"shop/part{at}.py","function":"serve_{at}","lineno":{},"context_line":"cart.pay({})"}}"#,
            n * at % 97,
            n * 7_919 % 1_009
        )
    };
    let mut event = contract::event(n);
    let frames = (1..9).map(frame).collect::<Vec<_>>().join(",");
    event.payload = format!(r#"{{"event_id":"{}","frames":[{frames}]}}"#, event.record.id).into();
    event
}

/// The bodies of all events' frames, in order.
fn bodies(data: &Path) -> Vec<Bytes> {
    let mut bodies = Vec::new();
    for entry in fs::read_dir(data.join("segments")).unwrap() {
        let file = File::open(entry.unwrap().path()).unwrap();
        let mut scan = Scan::new(&file, 0, file.metadata().unwrap().len());
        while let Some(Scanned::Frame(frame, _)) = scan.next().unwrap() {
            bodies.extend((frame.kind == Fact::EVENT).then_some(frame.body));
        }
    }
    bodies
}

fn average(bodies: &[Bytes]) -> usize {
    bodies.iter().map(Bytes::len).sum::<usize>() / bodies.len()
}

async fn payload(store: &Store, n: u64) -> Option<Bytes> {
    let event = store.issues.event(SHOP, contract::event_id(n)).await.unwrap();
    event.map(|event| event.payload)
}

#[tokio::test]
async fn what_events_have_in_common_is_kept_once() {
    let ((engine, data), store) = fresh();
    contract::record(&store, (1..=300).map(event).collect()).await;
    let before = bodies(data.path());
    engine.dictionaries.train(SHOP, "python", &before).unwrap();
    contract::record(&store, (301..=400).map(event).collect()).await;
    let after = bodies(data.path()).split_off(300);
    let (before, after) = (average(&before), average(&after));
    assert!(after * 10 < before * 6, "{after} bytes instead of {before}");
    drop(store);
    engine.close();

    // Known after a restart, and to a project that has none of its own.
    let engine = open(data.path());
    let store = engine.store();
    store
        .catalog
        .apply(vec![contract::project(8, "young")])
        .await
        .unwrap();
    let mut young = event(401);
    young.record.project.0 = 8;
    contract::record(&store, vec![event(402), young]).await;
    let restarted = average(&bodies(data.path()).split_off(400));
    assert!(
        restarted * 10 < before * 6,
        "{restarted} bytes instead of {before}"
    );
    for n in [1, 350, 402] {
        assert_eq!(payload(&store, n).await, Some(event(n).payload));
    }
    drop(store);
    engine.close();
    assert!(verify(data.path(), OPTIONS).unwrap().is_clean());
    assert_eq!(rebuild(data.path(), OPTIONS).unwrap().damaged, 0);
}

/// A dictionary and its copy.
fn both(data: &Path) -> [PathBuf; 2] {
    ["zstd-dict", "zstd-dict-copy"].map(|end| {
        let entries = fs::read_dir(data.join("dictionaries")).unwrap();
        let mut paths = entries.map(|entry| entry.unwrap().path());
        paths
            .find(|path| path.extension().is_some_and(|it| it == end))
            .unwrap()
    })
}

#[tokio::test]
async fn a_damaged_dictionary_costs_nothing_as_long_as_its_copy_is_sound() {
    let ((engine, data), store) = fresh();
    contract::record(&store, (1..=300).map(event).collect()).await;
    let learned = bodies(data.path());
    engine.dictionaries.train(SHOP, "python", &learned).unwrap();
    contract::record(&store, vec![event(301)]).await;
    drop(store);
    engine.close();
    let files = both(data.path());
    let sound = fs::read(&files[0]).unwrap();
    for damaged in &files {
        fs::write(damaged, &sound[1..]).unwrap();
        let report = verify(data.path(), OPTIONS).unwrap();
        assert_eq!((report.events, report.faults), (301, 1), "{report}");
        let engine = open(data.path());
        let store = engine.store();
        assert_eq!(payload(&store, 301).await, Some(event(301).payload));
        drop(store);
        engine.close();
        assert_eq!(fs::read(damaged).unwrap(), sound, "it was made anew");
    }
}

#[tokio::test]
async fn a_lost_dictionary_costs_the_events_that_need_it_and_no_other() {
    let ((engine, data), store) = fresh();
    contract::record(&store, (1..=300).map(event).collect()).await;
    let learned = bodies(data.path());
    engine.dictionaries.train(SHOP, "python", &learned).unwrap();
    contract::record(&store, vec![event(301)]).await;
    drop(store);
    engine.close();
    let [dictionary, copy] = both(data.path());
    fs::remove_file(copy).unwrap();
    let sound = fs::read(&dictionary).unwrap();

    let mut flipped = sound.clone();
    flipped[sound.len() / 2] ^= 1;
    fs::write(&dictionary, flipped).unwrap();
    let report = verify(data.path(), OPTIONS).unwrap();
    assert!(
        report.told.iter().any(|it| it.ends_with("is damaged")),
        "{report}"
    );

    fs::remove_file(&dictionary).unwrap();
    let report = verify(data.path(), OPTIONS).unwrap();
    assert!(report.told.iter().all(|it| it.ends_with("is lost")), "{report}");
    assert_eq!(
        (report.events, report.faults),
        (301, 2),
        "its frame and its row: {report}"
    );
    let engine = open(data.path());
    let store = engine.store();
    contract::record(&store, vec![event(302)]).await;
    for n in [300, 302] {
        assert_eq!(payload(&store, n).await, Some(event(n).payload));
    }
    assert_eq!(payload(&store, 301).await, None);
    drop(store);
    engine.close();

    fs::write(&dictionary, sound).unwrap();
    assert!(
        verify(data.path(), OPTIONS).unwrap().is_clean(),
        "it was found again"
    );
}
