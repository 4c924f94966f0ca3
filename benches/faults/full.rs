//! A disk that is full: a small file system, and a file on it that takes the room away and gives it back.

use std::fs::{self, File};
use std::io::Write;

use rustix::fs::statvfs;

use crate::Flags;
use crate::harness::api::Api;
use crate::harness::clients::{Clients, envelope};
use crate::harness::envelope::new_id;
use crate::harness::eventually;
use crate::harness::program::Place;
use crate::mount::Mount;
use crate::tally::{Missing, Tally};

const DISK: u64 = 256 << 20;

/// How a disk runs full.
struct Kind {
    name: &'static str,
    /// What the program is told to leave free.
    floor: u64,
    /// What the other file leaves free.
    left: u64,
}

const KINDS: &[Kind] = &[
    Kind {
        name: "at the floor that is set",
        floor: 64 << 20,
        left: 65 << 20,
    },
    Kind {
        name: "to its last byte at once",
        floor: 16 << 20,
        left: 0,
    },
];

pub(crate) fn play(_: &Flags, tally: &mut Tally) -> Result<(), Missing> {
    KINDS.iter().try_for_each(|kind| fill(kind, tally))
}

fn fill(kind: &Kind, tally: &mut Tally) -> Result<(), Missing> {
    let mount = Mount::new(DISK)?;
    let place =
        Place::at(&mount.path()).set("TRIPLINE__STORAGE__MIN_FREE_DISK_BYTES", &kind.floor.to_string());
    let mut clients = Clients::default();
    let program = place.start();
    let when = format!("a disk full {}", kind.name);
    send_until(&program.api, &mut clients, tally, |_, sent| sent == 50);

    let ballast = ballast(&place, kind.left);
    send_until(&program.api, &mut clients, tally, |status, _| status == 503);
    let refused = program.api.send(&envelope(&new_id()));
    tally.check(
        refused.status == 503 && !refused.header("retry-after").is_empty(),
        || {
            format!(
                "{when}: answered {} with Retry-After {:?}",
                refused.status,
                refused.header("retry-after")
            )
        },
    );
    let issues = program.api.issues("");
    tally.check(!issues.is_empty(), || format!("{when}: nothing can be read"));
    let ready = program.api.ask("GET", "/health/ready", &[], b"").status;
    // Right at the floor a smaller event might still fit.
    tally.check(ready == 503 || kind.left > kind.floor, || {
        format!("{when}: /health/ready is answered {ready}")
    });

    fs::remove_file(ballast).unwrap();
    eventually("events to be taken again", || {
        let id = new_id();
        let is_taken = program.api.send(&envelope(&id)).status == 200;
        is_taken.then(|| clients.acknowledged.insert(id))
    });
    send_until(&program.api, &mut clients, tally, |_, sent| sent == 50);
    tally.extend(&when, clients.broken_promises(&program.api));
    let (status, place) = program.stop();
    tally.check(status.success(), || format!("{when}: a stop ended with {status}"));
    tally.verify(&when, &place);
    tally.no_panic(&when, &place);
    tally.count("events acknowledged", clients.acknowledged.len() as u64);
    Ok(())
}

/// Sends events until the status or the number of those that were taken says that it is enough.
fn send_until(api: &Api, clients: &mut Clients, tally: &mut Tally, is_enough: impl Fn(u16, u64) -> bool) {
    for sent in 1.. {
        let id = new_id();
        let status = api.send(&envelope(&id)).status;
        match status {
            200 => drop(clients.acknowledged.insert(id)),
            503 => tally.count("events refused with 503", 1),
            _ => tally.broken(format!("an event is answered {status}")),
        }
        if is_enough(status, sent) {
            return;
        }
    }
}

/// Takes the room of a disk, but for so many bytes.
fn ballast(place: &Place, left: u64) -> std::path::PathBuf {
    let disk = statvfs(place.data()).unwrap();
    let path = place.file("ballast");
    let mut file = File::create(&path).unwrap();
    let bytes = (disk.f_bavail * disk.f_frsize).saturating_sub(left);
    // The program may be faster with the last of it.
    let is_written = |_: &u64| file.write_all(&[0xA5; 1 << 16]).is_ok();
    (0..bytes >> 16).take_while(is_written).for_each(drop);
    path
}
