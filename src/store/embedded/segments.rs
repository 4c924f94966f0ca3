//! The segments: one file of frames a day, `segments/2026-11-21.log`, written at the end of the newest one.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::dictionaries::Dictionaries;
use super::directory::Directory;
use super::facts::Fact;
use super::index::rows::Place;
use super::log::{Appender, Frame, Scan, Scanned, read_at, write_frame};
use super::pack::PackedEvent;
use crate::model::timeline::DAY;
use crate::model::{EventRecord, NewEvent};
use crate::store::{Error, Result};

/// The directory of segments.
#[derive(Clone)]
pub(super) struct Segments {
    directory: PathBuf,
    dictionaries: Arc<Dictionaries>,
}

impl Segments {
    /// Those of a data directory.
    pub(super) fn of(directory: &Directory) -> Self {
        Self {
            directory: directory.segments(),
            dictionaries: Dictionaries::open(directory.dictionaries()),
        }
    }

    /// What their events are packed with.
    pub(super) fn dictionaries(&self) -> &Arc<Dictionaries> {
        &self.dictionaries
    }

    /// The days that have a segment, in order.
    pub(super) fn days(&self) -> Result<BTreeSet<i32>> {
        let failed = |error| Error::Io(self.directory.display().to_string(), error);
        let mut days = BTreeSet::new();
        for entry in std::fs::read_dir(&self.directory).map_err(failed)? {
            if let Some(day) = day_of(&entry.map_err(failed)?.path()) {
                days.insert(day);
            }
        }
        Ok(days)
    }

    /// The file of a day.
    pub(super) fn path(&self, day: i32) -> PathBuf {
        self.directory.join(format!("{}.log", date_of(day)))
    }

    /// Removes segments that begin behind `place`, where no commit is.
    pub(super) fn remove_behind(&self, place: Place) -> Result<()> {
        for day in self.days()?.into_iter().filter(|&day| day > place.day) {
            let path = self.path(day);
            std::fs::remove_file(&path).map_err(|error| Error::Io(path.display().to_string(), error))?;
        }
        Ok(())
    }

    /// The event whose frame is at `place`; none when its segment is gone, as retention leaves it.
    pub(super) fn event(&self, place: Place) -> Result<Option<NewEvent>> {
        self.unpack(place, &[Fact::EVENT, Fact::LATEST])
    }

    /// The record of an event that was grouped anew, whose frame is at `place`; none when its segment is gone.
    pub(super) fn regrouped(&self, place: Place) -> Result<Option<EventRecord>> {
        let event = self.unpack(place, &[Fact::REGROUP])?;
        Ok(event.map(|event| event.record))
    }

    fn unpack(&self, place: Place, wanted: &[u8]) -> Result<Option<NewEvent>> {
        let path = self.path(place.day);
        let failed = |error| Error::Io(path.display().to_string(), error);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let end = file.metadata().map_err(failed)?.len();
        match read_at(&file, place.offset, end).map_err(failed)? {
            Some((Frame { kind, body, .. }, _)) if wanted.contains(&kind) => {
                PackedEvent::unpack(&body, &self.dictionaries).map(Some)
            }
            _ => Err(Error::Damaged(format!(
                "no event at byte {} of {}",
                place.offset,
                path.display()
            ))),
        }
    }

    /// Walks through a segment from `offset`; `visit` gets what stands there. Answers the file's length.
    pub(super) fn walk(
        &self,
        day: i32,
        offset: u64,
        mut visit: impl FnMut(Scanned) -> Result<()>,
    ) -> Result<u64> {
        let path = self.path(day);
        let failed = |error| Error::Io(path.display().to_string(), error);
        let file = File::open(&path).map_err(failed)?;
        let end = file.metadata().map_err(failed)?.len();
        let mut scan = Scan::new(&file, offset, end);
        while let Some(scanned) = scan.next().map_err(failed)? {
            visit(scanned)?;
        }
        Ok(end)
    }
}

/// The end of the newest segment, where commits are written.
pub(super) struct Tail {
    segments: Segments,
    day: i32,
    appender: Option<Appender>,
    pending: Vec<u8>,
}

impl Tail {
    /// Goes on at `place`, up to where the index knows the segments; what stands behind it in that segment is cut off.
    pub(super) fn open(segments: Segments, place: Place) -> Result<Self> {
        let mut tail = Self {
            segments,
            day: place.day,
            appender: None,
            pending: Vec::new(),
        };
        if place != Place::default() {
            tail.appender = Some(tail.open_day(place.offset)?);
        }
        Ok(tail)
    }

    /// Begins a commit at `now`: at midnight of UTC in a new segment. The clock may have been set back; the
    /// segments' order is that of writing, so it goes on in the newest one then.
    pub(super) fn begin(&mut self, now: Timestamp) -> Result<()> {
        self.pending.clear();
        let today = i32::try_from(now.as_second().div_euclid(DAY)).unwrap_or(self.day);
        if self.appender.is_none() || today > self.day {
            self.day = today;
            self.appender = Some(self.open_day(0)?);
        }
        Ok(())
    }

    /// Where the next frame of the running commit goes.
    pub(super) fn place(&self) -> Place {
        let written = self.appender.as_ref().map_or(0, Appender::length);
        Place {
            day: self.day,
            offset: written + self.pending.len() as u64,
        }
    }

    /// Adds a frame to the running commit.
    pub(super) fn add(&mut self, frame: &Frame) {
        write_frame(frame, &mut self.pending);
    }

    /// Takes back what was added behind `place`.
    pub(super) fn cut(&mut self, place: Place) {
        let written = self.appender.as_ref().map_or(0, Appender::length);
        self.pending
            .truncate(place.offset.saturating_sub(written) as usize);
    }

    /// Puts the running commit on disk, or nothing of it.
    pub(super) fn commit(&mut self) -> Result<()> {
        let path = self.segments.path(self.day);
        let Some(appender) = &mut self.appender else {
            return Err(Error::Closed);
        };
        appender
            .append(&self.pending)
            .map_err(|error| Error::Io(path.display().to_string(), error))?;
        self.pending.clear();
        // A burst must not keep its buffer for ever.
        self.pending.shrink_to(1 << 20);
        Ok(())
    }

    fn open_day(&self, length: u64) -> Result<Appender> {
        let path = self.segments.path(self.day);
        Appender::open(&path, length).map_err(|error| Error::Io(path.display().to_string(), error))
    }
}

/// The date of a number of days since 1970.
pub(super) fn date_of(day: i32) -> Date {
    let epoch = Date::constant(1970, 1, 1);
    epoch.checked_add(day.days()).unwrap_or(epoch)
}

/// The days since 1970 of a date as [`date_of`] writes it.
pub(super) fn day_of_date(date: &str) -> Option<i32> {
    let date: Date = date.parse().ok()?;
    Some(date.since(Date::constant(1970, 1, 1)).ok()?.get_days())
}

/// The days since 1970 of a segment's file; none for other files.
fn day_of(path: &Path) -> Option<i32> {
    day_of_date(path.file_name()?.to_str()?.strip_suffix(".log")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segments_name_is_its_day() {
        let segments = Segments {
            directory: "s".into(),
            dictionaries: Dictionaries::open("d".into()),
        };
        assert_eq!(segments.path(20_778).to_str(), Some("s/2026-11-21.log"));
        for day in [-1, 0, 20_778] {
            assert_eq!(day_of(&segments.path(day)), Some(day));
        }
        assert_eq!(day_of(Path::new("s/notes.txt")), None);
    }
}
