//! An index that cannot be believed is made anew when the store is opened; the damaged one is kept aside.

use std::fs;
use std::path::Path;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tracing::{error, warn};

use super::Options;
use super::directory::Directory;
use super::doubt::Repairs;
use super::index::rows::Meta;
use super::index::tree::Tree;
use super::rebuild::{self, remove, rename};
use crate::store::{Error, Result};

/// How the place of a damaged index is called: with when it was put there.
const DAMAGED: &str = "index.damaged-";
const TIME: &str = "%Y-%m-%dT%H%M%SZ";
/// For so long after a repair there is no further one that a running server asks for.
const ONCE_IN: SignedDuration = SignedDuration::from_hours(24);

/// Opens the index as [`rebuild::open_index`] does; one that is damaged, or failed the server that ran before, is made
/// anew.
pub(super) fn open_index(directory: &Directory, options: Options, now: Timestamp) -> Result<(Tree, Meta)> {
    let why = match doubt(directory) {
        Some(why) => why,
        None => match rebuild::open_index(directory, options) {
            Err(Error::BadIndex(why)) => why,
            opened => return opened,
        },
    };
    let kept = set_aside(directory, now)?;
    error!(
        why,
        "the index is damaged: it is made anew from what the segments hold, which takes a while; nothing is lost"
    );
    let opened = rebuild::open_index(directory, options)?;
    trust(directory)?;
    warn!("the index is made anew; the damaged one is kept as {kept} until the next time");
    Ok(opened)
}

/// The index is another one than that which failed.
pub(super) fn trust(directory: &Directory) -> Result<()> {
    let doubted = directory.index_aside("doubted");
    match fs::remove_file(&doubted) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::Io(format!("removing {}", doubted.display()), error))
        }
        _ => Ok(()),
    }
}

/// Why the server that ran before could not go on with the index, if it could not.
pub(super) fn doubt(directory: &Directory) -> Option<String> {
    fs::read_to_string(directory.index_aside("doubted")).ok()
}

/// When an index was last found damaged.
pub(super) fn last(data: &Path) -> Option<Timestamp> {
    let names = fs::read_dir(data).ok()?.flatten().map(|entry| entry.file_name());
    names.filter_map(|name| time_of(name.to_str()?)).max()
}

/// Whether a running server may ask for a repair.
pub(super) fn allowed(data: &Path, now: Timestamp) -> Repairs {
    match last(data) {
        Some(last) if now.duration_since(last) < ONCE_IN => Repairs::Spent,
        _ => Repairs::Allowed,
    }
}

fn time_of(name: &str) -> Option<Timestamp> {
    let time = DateTime::strptime(TIME, name.strip_prefix(DAMAGED)?).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// Moves the index out of the way; one that was moved before makes room for it.
fn set_aside(directory: &Directory, now: Timestamp) -> Result<String> {
    let name = format!("{DAMAGED}{}", now.strftime(TIME));
    let data = directory.path();
    if directory.index().exists() {
        let failed = |error| Error::Io(data.display().to_string(), error);
        for entry in fs::read_dir(data).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if entry
                .file_name()
                .to_str()
                .is_some_and(|it| it.starts_with(DAMAGED))
            {
                remove(&entry.path())?;
            }
        }
        rename(&directory.index(), &data.join(&name))?;
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_index_says_when_it_was() {
        let now: Timestamp = "2026-11-30T20:15:09Z".parse().unwrap();
        let name = format!("{DAMAGED}{}", now.strftime(TIME));
        assert_eq!(name, "index.damaged-2026-11-30T201509Z");
        assert_eq!(time_of(&name), Some(now));
        assert_eq!(time_of("index.damaged-yesterday"), None);
    }
}
