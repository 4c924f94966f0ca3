//! The names of segments, and what is found in their directory.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Form, Segment};
use crate::store::embedded::index::rows::Place;
use crate::store::{Error, Result};

/// The segments in `directory`. Of one that is there in both forms the swept one counts: it was whole when it got its
/// name, and the other was to be removed.
pub(super) fn list(directory: &Path) -> Result<BTreeMap<Place, Form>> {
    let failed = |error| Error::Io(directory.display().to_string(), error);
    let mut known = BTreeMap::new();
    for entry in fs::read_dir(directory).map_err(failed)? {
        if let Some(Segment { begin, form }) = entry.map_err(failed)?.file_name().to_str().and_then(read_name)
        {
            known
                .entry(begin)
                .and_modify(|it: &mut Form| *it = form.max(*it))
                .or_insert(form);
        }
    }
    Ok(known)
}

/// The name of a segment's file.
pub(super) fn name(segment: Segment) -> String {
    let date = date_of(segment.begin.day);
    let form = match segment.form {
        Form::Log => "log",
        Form::Swept => "swept",
    };
    match segment.begin.offset {
        0 => format!("{date}.{form}"),
        offset => format!("{date}-{offset:020}.{form}"),
    }
}

fn read_name(name: &str) -> Option<Segment> {
    let (stem, form) = name.rsplit_once('.')?;
    let form = match form {
        "log" => Form::Log,
        "swept" => Form::Swept,
        _ => return None,
    };
    read_place(stem, '-').map(|begin| Segment { begin, form })
}

/// A date, and an offset behind it unless that is 0.
fn read_place(text: &str, between: char) -> Option<Place> {
    let (date, offset) = text.split_at_checked("2026-11-21".len())?;
    Some(Place {
        day: day_of_date(date)?,
        offset: match offset {
            "" => 0,
            offset => offset.strip_prefix(between)?.parse().ok()?,
        },
    })
}

/// What `freed` says.
pub(super) fn freed(directory: &Path) -> Result<Option<Place>> {
    let path = directory.join("freed");
    match fs::read_to_string(&path) {
        Ok(text) => {
            let damaged = || Error::Damaged(format!("{} holds no place", path.display()));
            read_place(text.trim_end(), ' ').map(Some).ok_or_else(damaged)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::Io(path.display().to_string(), error)),
    }
}

/// Writes `freed`: there is the old one or the new one whenever the power goes.
pub(super) fn set_freed(directory: &Path, place: Place) -> Result<()> {
    let (path, new) = (directory.join("freed"), directory.join("freed.new"));
    File::create(&new)
        .and_then(|mut file| {
            writeln!(file, "{} {}", date_of(place.day), place.offset)?;
            file.sync_all()?;
            fs::rename(&new, &path)?;
            sync(directory)
        })
        .map_err(|error| Error::Io(path.display().to_string(), error))
}

/// Makes names in `directory` durable.
pub(super) fn sync(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

/// The date of a number of days since 1970.
pub(in super::super) fn date_of(day: i32) -> Date {
    let epoch = Date::constant(1970, 1, 1);
    epoch.checked_add(day.days()).unwrap_or(epoch)
}

/// The days since 1970 of a date as [`date_of`] writes it.
pub(in super::super) fn day_of_date(date: &str) -> Option<i32> {
    let date: Date = date.parse().ok()?;
    Some(date.since(Date::constant(1970, 1, 1)).ok()?.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segments_name_is_where_it_begins() {
        let names = [
            "2026-11-21.log",
            "2026-11-21-00000000000067108864.swept",
            "1969-12-31.log",
        ];
        for known in names {
            assert_eq!(name(read_name(known).unwrap()), known);
        }
        assert_eq!(read_name(names[0]).unwrap().begin.day, 20_778);
        for other in ["notes.txt", "2026-11-21", "unfinished", "2026-11-21-x.log"] {
            assert_eq!(read_name(other), None);
        }
    }
}
