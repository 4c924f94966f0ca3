//! The end of the newest segment, where commits are written.

use jiff::Timestamp;

use super::{Form, Segment, Segments, failed};
use crate::model::timeline::DAY;
use crate::store::embedded::index::rows::Place;
use crate::store::embedded::log::{Appender, Frame, write_frame};
use crate::store::{Error, Result};

/// The end of the segments.
pub(in super::super) struct Tail {
    segments: Segments,
    begin: Place,
    /// A segment that is longer is not added to.
    longest: u64,
    appender: Option<Appender>,
    pending: Vec<u8>,
}

impl Tail {
    /// Goes on at `place`, up to where the index knows the segments; what stands behind it in that segment is cut off.
    pub(in super::super) fn open(segments: Segments, place: Place, longest: u64) -> Result<Self> {
        let begin = segments
            .from(place)
            .first()
            .map(|it| it.begin)
            .filter(|begin| *begin <= place);
        let mut tail = Self {
            segments,
            begin: begin.unwrap_or(place),
            longest,
            appender: None,
            pending: Vec::new(),
        };
        if place != Place::default() {
            tail.appender = Some(tail.open_at(place.offset - tail.begin.offset)?);
        }
        Ok(tail)
    }

    /// Begins a commit at `now`: in a new segment at midnight of UTC, or when this one is long enough. The clock may have
    /// been set back; the segments' order is that of writing, so it goes on in the newest one then.
    pub(in super::super) fn begin(&mut self, now: Timestamp) -> Result<()> {
        self.pending.clear();
        let day = self.begin.day;
        let today = i32::try_from(now.as_second().div_euclid(DAY)).unwrap_or(day);
        let next = match &self.appender {
            Some(appender) if today <= day && appender.length() < self.longest => return Ok(()),
            Some(_) if today <= day => self.place(),
            _ => Place {
                day: today,
                offset: 0,
            },
        };
        self.begin = next;
        self.appender = Some(self.open_at(0)?);
        Ok(())
    }

    /// Where the next frame of the running commit goes.
    pub(in super::super) fn place(&self) -> Place {
        Place {
            day: self.begin.day,
            offset: self.written() + self.pending.len() as u64,
        }
    }

    /// Adds a frame to the running commit.
    pub(in super::super) fn add(&mut self, frame: &Frame) {
        write_frame(frame, &mut self.pending);
    }

    /// Takes back what was added behind `place`.
    pub(in super::super) fn cut(&mut self, place: Place) {
        self.pending
            .truncate(place.offset.saturating_sub(self.written()) as usize);
    }

    /// Bytes of the running commit.
    pub(in super::super) fn pending(&self) -> u64 {
        self.pending.len() as u64
    }

    /// Puts the running commit on disk, or nothing of it.
    pub(in super::super) fn commit(&mut self) -> Result<()> {
        let path = self.segments.path(self.segment());
        let Some(appender) = &mut self.appender else {
            return Err(Error::Closed);
        };
        appender
            .append(&self.pending)
            .map_err(|error| failed(&path, error))?;
        self.pending.clear();
        // A burst must not keep its buffer for ever.
        self.pending.shrink_to(1 << 20);
        Ok(())
    }

    /// The offset of its day behind what is on disk.
    fn written(&self) -> u64 {
        self.begin.offset + self.appender.as_ref().map_or(0, Appender::length)
    }

    fn segment(&self) -> Segment {
        Segment {
            begin: self.begin,
            form: Form::Log,
        }
    }

    fn open_at(&self, length: u64) -> Result<Appender> {
        let path = self.segments.path(self.segment());
        let appender = Appender::open(&path, length).map_err(|error| failed(&path, error))?;
        self.segments.know().insert(self.begin, Form::Log);
        Ok(appender)
    }
}
