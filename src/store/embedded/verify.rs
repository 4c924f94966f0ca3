//! Checks a data directory: every frame, every row, and that they agree.

mod alerts;
mod decisions;
mod kept;
mod parts;
mod releases;

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use serde::de::DeserializeOwned;
use sled::IVec;

use super::blobs::FileBlobs;
use super::directory::{Directory, Mark};
use super::facts::Fact;
use super::index::keys::{Key, Pieces, Table};
use super::index::read::recorded;
use super::index::rows::{self, EventRow, Meta, TimeRow};
use super::index::tree::Tree;
use super::log::Scanned;
use super::segments::Segments;
use super::{Options, checkpoint, journal, rebuild, repair};
use crate::model::{Attachment, PartId};
use crate::store::{Error, Result};

/// The most faults that are told in words; the rest is only counted.
const MAX_TOLD: usize = 20;

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Frames read from the segments.
    pub frames: u64,
    /// Issues in the index.
    pub issues: u64,
    /// Events whose payloads are kept, each found in its segment.
    pub events: u64,
    /// Releases in the index.
    pub releases: u64,
    /// Attachments in the index, each with its bytes.
    pub attachments: u64,
    /// Journal entries that wait to be digested.
    pub pending: u64,
    /// Checkpoints from which the index could be made anew.
    pub checkpoints: u64,
    /// How many faults there are.
    pub faults: u64,
    /// The first of them, in words.
    pub told: Vec<String>,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.faults == 0
    }

    fn fault(&mut self, text: String) {
        self.faults += 1;
        if self.told.len() < MAX_TOLD {
            self.told.push(text);
        }
    }

    /// The value, or a fault that says why there is none.
    fn check<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.fault(error.to_string())).ok()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} frames, {} issues, {} events, {} releases, {} attachments, {} checkpoints; {} journal entries pending",
            self.frames,
            self.issues,
            self.events,
            self.releases,
            self.attachments,
            self.checkpoints,
            self.pending
        )?;
        self.told
            .iter()
            .try_for_each(|fault| writeln!(f, "fault: {fault}"))?;
        match self.faults {
            0 => write!(f, "clean"),
            faults => write!(f, "{faults} faults"),
        }
    }
}

/// Checks `data`, which no process may be using. Changes nothing that matters: an index that a crash left behind its
/// segments is brought up to them first, as at every start; a backup gets one for as long as it is checked.
pub fn verify(data: &Path, options: Options) -> Result<Report> {
    let directory = Directory::open_to_check(data)?;
    let report = check(&directory, options);
    if directory.is(Mark::Backup) {
        rebuild::remove(&directory.index())?;
    }
    report
}

/// Checks a directory that is ours.
pub(super) fn check(directory: &Directory, options: Options) -> Result<Report> {
    let segments = Segments::of(directory)?;
    let mut report = Report::default();
    if let Some(why) = repair::doubt(directory) {
        report.fault(format!(
            "the index failed the server, which makes it anew when it is started: {why}"
        ));
    }
    let unsound = segments.dictionaries().faults()?;
    unsound.iter().for_each(|fault| report.fault(fault.to_string()));
    let (tree, meta) = match rebuild::open_index(directory, options) {
        Err(error @ Error::BadIndex(_)) => {
            report.fault(format!("{error}; the server makes it anew when it is started"));
            check_segments(&segments, &at_end(&segments), &mut report)?;
            return Ok(report);
        }
        opened => opened?,
    };
    check_segments(&segments, &meta, &mut report)?;
    let counted = check_events(&tree, &segments, &mut report)?;
    parts::check(&tree, &counted, &mut report)?;
    decisions::check(&tree, &mut report)?;
    check_attachments(&tree, &FileBlobs::new(directory.blobs()), &mut report)?;
    releases::check(&tree, &mut report)?;
    alerts::check(&tree, &meta, &mut report)?;
    check_checkpoints(&directory.checkpoints(), &mut report)?;
    journal::check(&directory.journal(), meta.recorded, |fault| report.fault(fault))?;
    let recorded = recorded(&tree, &meta)?;
    report.pending = journal::pending(&directory.journal(), &recorded)?;
    Ok(report)
}

/// As far as the segments go, for when there is no index to say how far they are sound.
fn at_end(segments: &Segments) -> Meta {
    Meta {
        applied: segments.all().last().map(|it| it.begin).unwrap_or_default(),
        ..Meta::default()
    }
}

/// Every frame is sound, and says what its kind should say.
fn check_segments(segments: &Segments, meta: &Meta, report: &mut Report) -> Result<()> {
    for segment in segments.all().into_iter().filter(|it| it.begin <= meta.applied) {
        let (path, begin) = (segments.path(segment), segment.begin);
        let walked = segments.walk(segment, begin.offset, |scanned| {
            match scanned {
                Scanned::Frame(frame, range) => {
                    report.frames += 1;
                    if let Err(error) = Fact::from_frame(frame, segments.dictionaries()) {
                        report.fault(format!("{} at byte {}: {error}", path.display(), range.start));
                    }
                }
                // What stands behind the last commit never happened, and is cut off at the next start.
                Scanned::Torn(range)
                    if begin.day == meta.applied.day && range.start >= meta.applied.offset => {}
                Scanned::Torn(range) | Scanned::Damaged(range) => {
                    let bytes = range.end - range.start;
                    report.fault(format!(
                        "{}: {bytes} damaged bytes at byte {}",
                        path.display(),
                        range.start
                    ));
                }
            }
            Ok(())
        });
        report.check(walked);
    }
    Ok(())
}

/// Every event row leads to its frame, and to its row by time; what is kept is counted by day. Answers how many events each
/// part has.
fn check_events(tree: &Tree, segments: &Segments, report: &mut Report) -> Result<HashMap<PartId, u64>> {
    let mut counted = HashMap::new();
    let mut kept = kept::Kept::default();
    for row in table::<EventRow>(tree, Table::Event) {
        let Some((key, row)) = report.check(row) else {
            continue;
        };
        *counted.entry(row.part).or_default() += 1;
        let mut pieces = Pieces::of(&key);
        let (Some(project), Some(id)) = (pieces.number(), pieces.array::<16>()) else {
            report.fault("an event's key is too short".into());
            continue;
        };
        let name = hex::encode(id);
        let by_time = Key::of(Table::EventTime)
            .number(row.part.0)
            .signed(row.time)
            .bytes(&id);
        let time = report.check(tree.read::<TimeRow>(&by_time)).flatten();
        match time {
            Some(time) => {
                kept.add(project, row.time, time.bytes);
                time.regrouped
                    .and_then(|place| report.check(segments.regrouped(place)));
            }
            None => report.fault(format!("event {name} is missing from its part")),
        }
        report.events += 1;
        match report.check(segments.event(row.place)) {
            Some(Some(event)) if (event.record.project.0, *event.record.id.as_bytes()) == (project, id) => {}
            Some(_) => report.fault(format!("event {name} is not where its row says")),
            None => {}
        }
    }
    kept.check(tree, report);
    Ok(counted)
}

/// Every attachment has its bytes.
fn check_attachments(tree: &Tree, blobs: &FileBlobs, report: &mut Report) -> Result<()> {
    for row in table::<Attachment>(tree, Table::Attachment) {
        let Some((_, file)) = report.check(row) else {
            continue;
        };
        report.attachments += 1;
        if let Some(None) = report.check(blobs.read(file.blob)) {
            report.fault(format!(
                "attachment {} of event {} has lost its bytes",
                file.number, file.event
            ));
        }
    }
    Ok(())
}

/// Every checkpoint is what was written.
fn check_checkpoints(directory: &Path, report: &mut Report) -> Result<()> {
    for checkpoint in checkpoint::list(directory)? {
        if report.check(checkpoint::check(&checkpoint)).is_some() {
            report.checkpoints += 1;
        }
    }
    Ok(())
}

/// Every row of a table can be read.
fn read_all<T: DeserializeOwned>(tree: &Tree, rows: Table, report: &mut Report) {
    for row in table::<T>(tree, rows) {
        report.check(row);
    }
}

/// All rows of a table.
fn table<T: DeserializeOwned>(tree: &Tree, table: Table) -> impl Iterator<Item = Result<(IVec, T)>> {
    tree.scan(&Key::of(table)).map(|row| {
        let (key, value) = row?;
        Ok((key, rows::decode(&value)?))
    })
}
