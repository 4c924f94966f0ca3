//! A flipped byte in a file of every kind: on a copy of one directory each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::Flags;
use crate::harness::api::Api;
use crate::harness::clients::{Clients, envelope, has_attachment};
use crate::harness::envelope::new_id;
use crate::harness::program::{Place, Program};
use crate::tally::{Missing, Tally};

/// What a kind of file costs when it has a wrong byte.
struct Kind {
    name: &'static str,
    /// How the path begins, below the data directory.
    path: &'static str,
    /// So many events may be lost at most: those of one frame.
    events: usize,
    /// So many attachments may be lost at most.
    files: usize,
    /// Whether each flip has to be found by `verify`. Some bytes mean nothing: those of what is spent, and free ones.
    is_found: bool,
}

const KINDS: &[Kind] = &[
    kind("segments", "segments/", 1, 0, true),
    kind("journal", "journal/", 1, 1, false),
    kind("index, rows", "index/db", 0, 0, false),
    kind("index, runs", "index/runs/", 0, 0, true),
    kind("index, settings", "index/conf", 0, 0, false),
    kind("index, snapshots", "index/snap", 0, 0, false),
    kind("attachments", "blobs/", 0, 1, true),
    kind("checkpoints", "checkpoints/", 0, 0, true),
    kind("dictionaries", "dictionaries/", 0, 0, false),
    kind("words", "words/", 0, 0, false),
    kind("schema", "schema", 0, 0, false),
    kind("lock", "lock", 0, 0, false),
];

const fn kind(name: &'static str, path: &'static str, events: usize, files: usize, is_found: bool) -> Kind {
    Kind {
        name,
        path,
        events,
        files,
        is_found,
    }
}

/// So many events are there before.
const EVENTS: usize = 300;

pub(crate) fn play(flags: &Flags, tally: &mut Tally) -> Result<(), Missing> {
    let place = Place::new();
    let mut clients = Clients::default();
    // One run that ends well, so that there is all that is written then, and one that does not.
    let (_, (_, place)) = clients.send(place.start(), EVENTS / 2, Program::stop);
    let settled: Vec<_> = KINDS.iter().map(|kind| files(&place.data(), kind.path)).collect();
    clients.send(place.start(), EVENTS / 2, Program::kill);
    for (kind, settled) in KINDS.iter().zip(settled) {
        // What was not digested yet when it was killed is known to nobody, and missed by nobody.
        let files = match kind.is_found {
            true => settled,
            false => files(&place.data(), kind.path),
        };
        if files.is_empty() {
            tally.count(&format!("{}: no such file", kind.name), 1);
            continue;
        }
        for _ in 0..flags.flips {
            flip(kind, &place, &files, &clients, tally);
        }
    }
    tally.count("events acknowledged", clients.acknowledged.len() as u64);
    Ok(())
}

/// Flips a byte of a copy and looks what becomes of it.
fn flip(kind: &Kind, original: &Place, files: &[PathBuf], clients: &Clients, tally: &mut Tally) {
    let place = Place::new();
    let copied = Command::new("cp")
        .arg("-a")
        .args([original.data(), place.data()])
        .status();
    assert!(copied.unwrap().success());
    let file = &files[rand::random_range(0..files.len())];
    let path = place.data().join(file);
    let mut bytes = fs::read(&path).unwrap();
    let at = rand::random_range(0..bytes.len());
    bytes[at] ^= 1 << rand::random_range(0..8);
    fs::write(&path, bytes).unwrap();
    let when = format!("byte {at} of {}", file.display());
    tally.count(&format!("{}: flips", kind.name), 1);

    let (code, output, error) = verify(&place);
    tally.check((0..=2).contains(&code) && !error.contains("panicked"), || {
        format!("{when}: verify ended with {code}: {output}{error}")
    });
    if code != 0 {
        tally.count(&format!("{}: found by verify", kind.name), 1);
    }
    tally.check(code != 0 || !kind.is_found, || {
        format!("{when}: verify finds nothing")
    });
    let program = place.try_start().or_else(|status| {
        tally.count(&format!("{}: no start before it was mended", kind.name), 1);
        tally.check(status.code() == Some(2), || {
            format!("{when}: the server ended with {status}: {}", last_line(&place))
        });
        mend(kind, &place);
        place.try_start()
    });
    match program {
        Ok(program) => {
            look(kind, &when, &program.api, clients, tally);
            program.stop();
        }
        Err(status) => tally.broken(format!(
            "{when}: the server ends with {status}: {}",
            last_line(&place)
        )),
    }
    tally.no_panic(&when, &place);
}

fn verify(place: &Place) -> (i32, String, String) {
    place.run(&["verify", "--data", place.data().to_str().unwrap()])
}

fn last_line(place: &Place) -> String {
    place.log().lines().last().unwrap_or_default().to_owned()
}

/// What the operations' handbook says to do when the server does not start.
fn mend(kind: &Kind, place: &Place) {
    if kind.path == "schema" {
        fs::remove_file(place.data().join("schema")).unwrap();
    } else {
        place.run(&["rebuild", "--data", place.data().to_str().unwrap()]);
    }
}

/// Whether no more is lost than may be, all that is left can be read, and more is taken.
fn look(kind: &Kind, when: &str, api: &Api, clients: &Clients, tally: &mut Tally) {
    let id = new_id();
    let status = api.send(&envelope(&id)).status;
    tally.check(status == 200, || format!("{when}: an event is answered {status}"));
    api.digested();
    let (mut lost, mut files) = (0, 0);
    for id in clients.acknowledged.iter().chain([&id]) {
        let path = format!("/projects/default/shop/events/{id}/");
        match api.call("GET", &path, &Value::Null).status {
            200 => {}
            // It is gone, or known and cannot be read: the log says where the damage is.
            404 | 500 => lost += 1,
            status => tally.broken(format!("{when}: event {id} is answered {status}")),
        }
        if has_attachment(id) && !is_whole(api, &path) {
            files += 1;
        }
    }
    if lost > 0 {
        tally.count(&format!("{}: events lost", kind.name), lost as u64);
    }
    tally.check(lost <= kind.events, || format!("{when}: {lost} events are lost"));
    tally.check(files <= kind.files.max(lost), || {
        format!("{when}: {files} attachments are lost")
    });
    let issues = api
        .call("GET", "/organizations/default/issues/", &Value::Null)
        .status;
    tally.check(issues == 200, || {
        format!("{when}: the list of issues is answered {issues}")
    });
}

/// Whether the file of an event can be had.
fn is_whole(api: &Api, event: &str) -> bool {
    let list = api
        .call("GET", &format!("{event}attachments/"), &Value::Null)
        .json();
    let Some(file) = list[0]["id"].as_str() else {
        return false;
    };
    let path = format!("{event}attachments/{file}/?download=1");
    api.call("GET", &path, &Value::Null).status == 200
}

/// The files of a kind that hold something, relative to the data directory.
fn files(data: &Path, kind: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(data, &mut found);
    let mut files: Vec<_> = found
        .into_iter()
        .filter(|path| fs::metadata(path).is_ok_and(|it| it.len() > 0))
        .map(|path| path.strip_prefix(data).unwrap().to_owned())
        .filter(|path| path.to_str().unwrap().starts_with(kind))
        .collect();
    files.sort();
    files
}

fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap().flatten() {
        match entry.path() {
            path if path.is_dir() => walk(&path, found),
            path => found.push(path),
        }
    }
}
