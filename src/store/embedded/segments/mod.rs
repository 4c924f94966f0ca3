//! The segments: files of frames, written at the end of the newest one, a new one each day or when it is large enough.
//!
//! ```text
//! segments/2026-11-21.log                         the first of a day
//! segments/2026-11-21-00000000000067108864.log    goes on at that offset of the day
//! segments/2026-11-21.swept                       what is left of one: see `swept`
//! segments/freed                                  the place behind which nothing was ever dropped
//! ```
//!
//! A frame's [`Place`] is the day and an offset in all that was written on it, whatever files it is in since.

mod files;
mod swept;
mod tail;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, ErrorKind, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use super::dictionaries::Dictionaries;
use super::directory::Directory;
use super::facts::Fact;
use super::index::rows::Place;
use super::log::{Frame, Scan, Scanned, read_at};
use super::pack::PackedEvent;
use crate::model::{EventRecord, NewEvent};
use crate::store::{Error, Result};

pub(super) use files::{date_of, day_of_date};
pub(super) use tail::Tail;

/// How a segment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// Frame after frame.
    Log,
    /// Only the frames that are still pointed to, and where they were.
    Swept,
}

/// One file of the segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Segment {
    /// Where it begins.
    pub(super) begin: Place,
    /// How it is written.
    pub(super) form: Form,
}

/// What sweeping a segment came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sizes {
    /// Bytes before.
    pub(super) before: u64,
    /// Bytes after.
    pub(super) after: u64,
}

/// The directory of segments; clones see the same files.
#[derive(Clone)]
pub(super) struct Segments {
    directory: PathBuf,
    dictionaries: Arc<Dictionaries>,
    known: Arc<RwLock<BTreeMap<Place, Form>>>,
}

impl Segments {
    /// Those of a data directory.
    pub(super) fn of(directory: &Directory) -> Result<Self> {
        Self::open(directory.segments(), Dictionaries::open(directory.dictionaries()))
    }

    /// Those in `directory`, which exists, whose events are packed with `dictionaries`.
    pub(super) fn open(directory: PathBuf, dictionaries: Arc<Dictionaries>) -> Result<Self> {
        let known = Arc::new(RwLock::new(files::list(&directory)?));
        Ok(Self {
            directory,
            dictionaries,
            known,
        })
    }

    /// What their events are packed with.
    pub(super) fn dictionaries(&self) -> &Arc<Dictionaries> {
        &self.dictionaries
    }

    /// All of them, in order.
    pub(super) fn all(&self) -> Vec<Segment> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let segment = |(&begin, &form): (&Place, &Form)| Segment { begin, form };
        known.iter().map(segment).collect()
    }

    /// Those that hold what stands behind `place`.
    pub(super) fn from(&self, place: Place) -> Vec<Segment> {
        let mut all = self.all();
        let first = all.iter().rposition(|it| it.begin <= place).unwrap_or(0);
        // One of an earlier day ends before.
        let first = first + usize::from(all.get(first).is_some_and(|it| it.begin.day < place.day));
        all.split_off(first.min(all.len()))
    }

    /// The file of a segment.
    pub(super) fn path(&self, segment: Segment) -> PathBuf {
        self.directory.join(files::name(segment))
    }

    /// The bytes of a segment's file.
    pub(super) fn length(&self, segment: Segment) -> Result<u64> {
        let path = self.path(segment);
        let metadata = std::fs::metadata(&path).map_err(|error| failed(&path, error))?;
        Ok(metadata.len())
    }

    /// Removes segments that begin behind `place`, where no commit is.
    pub(super) fn remove_behind(&self, place: Place) -> Result<()> {
        for segment in self.all().into_iter().filter(|it| it.begin > place) {
            self.remove(segment)?;
        }
        Ok(())
    }

    /// The event whose frame is at `place`; none when it is gone, as retention leaves it.
    pub(super) fn event(&self, place: Place) -> Result<Option<NewEvent>> {
        self.unpack(place, &[Fact::EVENT, Fact::LATEST])
    }

    /// The record of an event that was grouped anew, whose frame is at `place`; none when it is gone.
    pub(super) fn regrouped(&self, place: Place) -> Result<Option<EventRecord>> {
        let event = self.unpack(place, &[Fact::REGROUP])?;
        Ok(event.map(|event| event.record))
    }

    fn unpack(&self, place: Place, wanted: &[u8]) -> Result<Option<NewEvent>> {
        // Between looking where it is and opening that, it may have been swept.
        for _ in 0..2 {
            let Some(segment) = self.holding(place) else {
                return Ok(None);
            };
            let path = self.path(segment);
            let failed = |error| failed(&path, error);
            let file = match File::open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => return Err(failed(error)),
            };
            let end = file.metadata().map_err(failed)?.len();
            let at = match segment.form {
                Form::Log => Some(place.offset - segment.begin.offset).filter(|at| *at < end),
                Form::Swept => swept::find(&file, place.offset).map_err(failed)?,
            };
            let Some(at) = at else { return Ok(None) };
            return match read_at(&file, at, end).map_err(failed)? {
                Some((Frame { kind, body, .. }, _)) if wanted.contains(&kind) => {
                    PackedEvent::unpack(&body, &self.dictionaries).map(Some)
                }
                _ => Err(Error::Damaged(format!(
                    "no event at byte {at} of {}",
                    path.display()
                ))),
            };
        }
        Ok(None)
    }

    /// The segment that would hold `place`.
    fn holding(&self, place: Place) -> Option<Segment> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let (&begin, &form) = known.range(..=place).next_back()?;
        (begin.day == place.day).then_some(Segment { begin, form })
    }

    /// Walks through a segment from `offset` of its day; `visit` gets what stands there, and offsets of the day. Answers
    /// the offset of its end.
    pub(super) fn walk(
        &self,
        segment: Segment,
        offset: u64,
        mut visit: impl FnMut(Scanned) -> Result<()>,
    ) -> Result<u64> {
        let path = self.path(segment);
        let failed = |error| failed(&path, error);
        let file = File::open(&path).map_err(failed)?;
        let end = file.metadata().map_err(failed)?.len();
        let begin = segment.begin.offset;
        if segment.form == Form::Swept {
            let damaged = || Error::Damaged(format!("the map of {} is not what was written", path.display()));
            let map = swept::map(&file).map_err(failed)?.ok_or_else(damaged)?;
            for entry in &map {
                visit(match read_at(&file, entry.at, end).map_err(failed)? {
                    Some((frame, next)) => {
                        Scanned::Frame(frame, entry.offset..entry.offset + next - entry.at)
                    }
                    None => Scanned::Damaged(entry.offset..entry.offset + 1),
                })?;
            }
            return Ok(map.last().map_or(begin, |last| last.offset + 1));
        }
        let mut scan = Scan::new(&file, offset.saturating_sub(begin), end);
        let of_day = |range: std::ops::Range<u64>| range.start + begin..range.end + begin;
        while let Some(scanned) = scan.next().map_err(failed)? {
            visit(match scanned {
                Scanned::Frame(frame, range) => Scanned::Frame(frame, of_day(range)),
                Scanned::Damaged(range) => Scanned::Damaged(of_day(range)),
                Scanned::Torn(range) => Scanned::Torn(of_day(range)),
            })?;
        }
        Ok(begin + end)
    }

    /// Rewrites a segment with only those frames that `is_live`; one of which nothing is left goes. Whenever it is cut
    /// short, either the old file counts or the new one, which say the same of what is live.
    pub(super) fn sweep(
        &self,
        segment: Segment,
        mut is_live: impl FnMut(&Frame, Place) -> Result<bool>,
    ) -> Result<Sizes> {
        let before = self.length(segment)?;
        let unfinished = self.directory.join("unfinished");
        let failed = |error| failed(&unfinished, error);
        let mut left = swept::Writer::create(&unfinished).map_err(failed)?;
        self.walk(segment, segment.begin.offset, |scanned| {
            // What damage hid is lost whether it is copied or not.
            if let Scanned::Frame(frame, range) = scanned {
                let day = segment.begin.day;
                let offset = range.start;
                if is_live(&frame, Place { day, offset })? {
                    left.add(offset, &frame).map_err(failed)?;
                }
            }
            Ok(())
        })?;
        if left.is_empty() {
            std::fs::remove_file(&unfinished).map_err(failed)?;
            self.remove(segment)?;
            return Ok(Sizes { before, after: 0 });
        }
        let after = left.finish().map_err(failed)?;
        let (begin, form) = (segment.begin, Form::Swept);
        let swept = Segment { begin, form };
        std::fs::rename(&unfinished, self.path(swept))
            .and_then(|()| files::sync(&self.directory))
            .map_err(failed)?;
        self.know().insert(begin, form);
        if segment.form == Form::Log {
            let log = self.path(segment);
            std::fs::remove_file(&log).map_err(|error| Error::Io(log.display().to_string(), error))?;
        }
        Ok(Sizes { before, after })
    }

    /// Puts the segments of each day into one, as versions know them that end them at midnight only. Done again after it
    /// was cut short it comes to the same.
    pub(super) fn join_days(&self) -> Result<()> {
        for segment in self.all().into_iter().filter(|it| it.begin.offset > 0) {
            let first = Segment {
                begin: Place {
                    offset: 0,
                    ..segment.begin
                },
                form: Form::Log,
            };
            let (path, next) = (self.path(first), self.path(segment));
            let joined = File::options().write(true).open(&path).and_then(|mut whole| {
                whole.set_len(segment.begin.offset)?;
                whole.seek(SeekFrom::End(0))?;
                io::copy(&mut File::open(&next)?, &mut whole)?;
                whole.sync_all()
            });
            joined.map_err(|error| failed(&path, error))?;
            self.remove(segment)?;
        }
        Ok(())
    }

    /// The place behind which nothing was ever dropped; none when nothing was at all.
    pub(super) fn freed(&self) -> Result<Option<Place>> {
        files::freed(&self.directory)
    }

    /// Says, durably, that what stands before `place` may be dropped.
    pub(super) fn free_up_to(&self, place: Place) -> Result<()> {
        if self.freed()? >= Some(place) {
            return Ok(());
        }
        files::set_freed(&self.directory, place)
    }

    fn remove(&self, segment: Segment) -> Result<()> {
        let path = self.path(segment);
        std::fs::remove_file(&path).map_err(|error| failed(&path, error))?;
        self.know().remove(&segment.begin);
        Ok(())
    }

    fn know(&self) -> std::sync::RwLockWriteGuard<'_, BTreeMap<Place, Form>> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failed(path: &Path, error: io::Error) -> Error {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::Full("the disk is full"),
        _ => Error::Io(path.display().to_string(), error),
    }
}
