//! A data directory on a file system that became read-only, as they do after a fault of the disk.

use std::path::Path;

use crate::Flags;
use crate::harness::clients::Clients;
use crate::harness::program::{Place, Program};
use crate::mount::Mount;
use crate::tally::{Missing, Tally};

pub(crate) fn play(_: &Flags, tally: &mut Tally) -> Result<(), Missing> {
    let mount = Mount::new(1 << 30)?;
    let place = Place::at(&mount.path());
    let mut clients = Clients::default();
    clients.send(place.start(), 100, Program::kill);
    mount.remount("ro")?;
    for command in ["serve", "verify", "rebuild"] {
        let (code, output, error) = elsewhere(&place, command);
        tally.count("commands tried", 1);
        tally.check(
            code == 2 && error.lines().count() == 1 && output.is_empty(),
            || format!("{command} ended with {code}: {output}{error}"),
        );
        tally.check(error.contains("ead-only"), || {
            format!("{command} does not say why: {error}")
        });
    }
    mount.remount("rw")?;
    let program = place.start();
    tally.extend("writable again", clients.broken_promises(&program.api));
    let (_, place) = program.stop();
    tally.verify("writable again", &place);
    tally.no_panic("a read-only directory", &place);
    tally.count("events acknowledged", clients.acknowledged.len() as u64);
    Ok(())
}

/// Runs a command on the place's data from a directory that can be written.
fn elsewhere(place: &Place, command: &str) -> (i32, String, String) {
    let data = place.data();
    let data: &Path = &data;
    Place::new().run(&[command, "--data", data.to_str().unwrap()])
}
