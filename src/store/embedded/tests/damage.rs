//! Bytes on disk are not what was written, or not by this version.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{OPTIONS, fresh, open};
use crate::store::embedded::facts::{CommitMark, Fact};
use crate::store::embedded::log::{Frame, Scan, Scanned, write_frame};
use crate::store::embedded::{Embedded, rebuild, verify};
use crate::store::{Error, contract};

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
    assert_eq!(contract::issues(&engine.store()).await[0].seen.times_seen, 5);
    engine.close();
}

#[tokio::test]
async fn what_only_a_newer_version_understands_is_refused_and_not_passed_over() {
    let ((engine, data), store) = fresh();
    contract::record(&store, vec![contract::event(1)]).await;
    drop(store);
    engine.close();
    let segment = only_file(data.path().join("segments"));
    let sound = fs::read(&segment).unwrap();
    let frame = |kind, body: &'static str| Frame {
        kind,
        project: 0,
        event: [0; 16],
        time: 0,
        body: body.into(),
    };
    let commit = Fact::Commit(CommitMark {
        recorded: 0,
        spans: Vec::new(),
    })
    .to_frame(0)
    .unwrap();
    // A kind that comes later, and a change that comes later of a kind that is known.
    for newer in [frame(250, ""), frame(2, r#"[{"PaintItBlue":{"id":1}}]"#)] {
        let mut bytes = sound.clone();
        write_frame(&newer, &mut bytes);
        write_frame(&commit, &mut bytes);
        fs::write(&segment, &bytes).unwrap();
        let opened = Embedded::open(data.path(), OPTIONS, Arc::new(|| contract::at(0))).err();
        let refusals = [
            opened,
            rebuild(data.path(), OPTIONS).err(),
            verify(data.path(), OPTIONS).err(),
        ];
        for refusal in refusals {
            assert!(
                matches!(&refusal, Some(Error::Newer(what)) if what.contains(segment.to_str().unwrap())),
                "{refusal:?}"
            );
        }
        assert!(
            fs::read(&segment).unwrap() == bytes,
            "it is left for who understands it"
        );
    }
    fs::write(&segment, &sound).unwrap();
    open(data.path()).close();
}
