//! Bytes on disk are not what was written: half-written ends are cut off, damage is found and named.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::harness::envelope::{error_event, new_id, with_event};
use crate::rebuild::{answers, assert_same, lived_in};

/// The newest file of a directory.
fn newest(directory: &Path) -> PathBuf {
    fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .max()
        .unwrap()
}

/// What a crash in the middle of a write leaves: the beginning of a frame that looks like the first one of the file.
fn half_write(path: &Path) {
    let bytes = fs::read(path).unwrap();
    let mut file = File::options().append(true).open(path).unwrap();
    file.write_all(&bytes[..60.min(bytes.len() / 2)]).unwrap();
}

#[test]
fn a_half_written_end_of_a_segment_is_cut_off() {
    let program = lived_in();
    let before = answers(&program.api);
    let place = program.kill();
    let segment = newest(&place.data().join("segments"));
    half_write(&segment);
    assert!(
        place.maintain("verify").ends_with("clean\n"),
        "an unfinished write never happened"
    );
    let program = place.start();
    assert!(
        place
            .log()
            .contains("cut off an unfinished commit at the end of the segments"),
        "{}",
        place.log()
    );
    assert_same(&before, &answers(&program.api));
    // What comes next is written behind the cut and survives, too.
    let id = new_id();
    program
        .api
        .send(&with_event(&error_event(&id, "Kind0", "after the cut")))
        .expect(200);
    program.api.digested();
    let program = program.kill().start();
    assert_eq!(program.api.event(&id)["eventID"], id);
}

#[test]
fn rubbish_at_the_end_of_a_segment_is_cut_off_when_the_index_is_made_anew() {
    let program = lived_in();
    let before = answers(&program.api);
    let (_, place) = program.stop();
    let segment = newest(&place.data().join("segments"));
    File::options()
        .append(true)
        .open(&segment)
        .unwrap()
        .write_all(&[0xA5; 1000])
        .unwrap();
    place.maintain("rebuild");
    let program = place.start();
    assert_same(&before, &answers(&program.api));
}

#[test]
fn a_half_written_end_of_the_journal_is_cut_off() {
    let program = lived_in();
    let before = answers(&program.api);
    let place = program.kill();
    half_write(&newest(&place.data().join("journal")));
    let program = place.start();
    assert!(
        place.log().contains("cut off a half-written end of the journal"),
        "{}",
        place.log()
    );
    assert_same(&before, &answers(&program.api));
    let id = new_id();
    program
        .api
        .send(&with_event(&error_event(&id, "Kind0", "after the cut")))
        .expect(200);
    program.api.digested();
    assert_eq!(program.api.event(&id)["eventID"], id);
}

#[test]
fn a_flipped_byte_is_found_and_costs_only_its_frame() {
    let program = lived_in();
    let events = program.api.all("/projects/default/shop/events/").len();
    let (_, place) = program.stop();
    let segment = newest(&place.data().join("segments"));
    let mut bytes = fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xFF;
    fs::write(&segment, bytes).unwrap();

    let (code, _, error) = place.run(&["verify", "--data", place.data().to_str().unwrap()]);
    assert_eq!(code, 1, "{error}");
    assert!(
        error.contains("damaged bytes") && error.contains(segment.to_str().unwrap()),
        "{error}"
    );

    place.maintain("rebuild");
    let program = place.start();
    let left = program.api.all("/projects/default/shop/events/").len();
    assert!(left + 1 >= events, "{left} of {events} events are left");
}
