//! What the segments hold: facts, each a frame. The index is what they add up to.
//!
//! | kind | body |
//! |---|---|
//! | 1 event | zstd of: length u32 of the record, `model::EventRecord` as JSON, the payload |
//! | 2 catalog | `[CatalogChange]` as JSON |
//! | 3 triage | `TriageChange` as JSON |
//! | 4 attachment | `model::Attachment` as JSON; its bytes are in `blobs/` |
//! | 5 outcomes | `[OutcomeCount]` as JSON |
//! | 6 dead letter | length u32 of the reason, the reason, the journal entry |
//! | 7 purge | [`Doomed`] as JSON: one more slice of its rows is gone |
//! | 9 sessions | zstd of: `[model::session::SessionReport]` as JSON |
//! | 10 release | [`ReleaseCommand`] as JSON |
//! | 8 commit | `{"recorded": journal position}`: everything before it, back to the commit before, counts |

use bytes::Bytes;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::journal;
use super::log::{Frame, MAX_BODY};
use crate::model::event::{EventRecord, NewEvent};
use crate::model::session::{SessionReport, Sessions};
use crate::model::{Attachment, IssueId, OutcomeCount};
use crate::protocol::ids::ProjectId;
use crate::store::{CatalogChange, DeadLetter, Error, ReleaseCommand, Result, TriageChange};

/// zstd's level: 3 is where its speed and size are best for payloads of a few KB.
const LEVEL: i32 = 3;
/// One thing that happened.
#[derive(Debug, Clone)]
pub(super) enum Fact {
    /// An event was recorded.
    Event(Box<PackedEvent>),
    /// The catalog was changed.
    Catalog(Vec<CatalogChange>),
    /// Somebody changed issues.
    Triage(TriageChange),
    /// A file came.
    Attachment(Attachment),
    /// Items were counted.
    Outcomes(Vec<OutcomeCount>),
    /// A journal entry was set aside.
    Dead(DeadLetter),
    /// Clients told of sessions.
    Sessions(Vec<SessionReport>),
    /// Somebody changed a release.
    Release(Box<ReleaseCommand>),
    /// A slice of something removed was cleared away.
    Purge(Doomed),
    /// The facts before it count.
    Commit(CommitMark),
}

/// Something removed that has more rows than one commit should touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Doomed {
    /// An issue's events.
    Issue(ProjectId, IssueId),
    /// A project's issues and counts.
    Project(ProjectId),
    /// What is remembered of the sessions that began on this day, in days since 1970: no update can come any more.
    Sessions(i64),
}

/// The end of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CommitMark {
    /// The journal position that is recorded with it.
    pub recorded: u64,
}

/// An event with its payload packed.
#[derive(Debug, Clone)]
pub(super) struct PackedEvent {
    /// What the index needs of it.
    pub record: EventRecord,
    /// Record and payload, compressed.
    pub body: Bytes,
}

impl PackedEvent {
    /// Packs an event: the costly part, not for the writer's thread.
    pub(super) fn pack(event: &NewEvent) -> Result<Self> {
        let mut record = event.record.clone();
        // As a frame says it: what is applied now must be what is applied when the frame is read again.
        record.timestamp = to_microsecond(record.timestamp);
        record.received = to_microsecond(record.received);
        let plain = join(&json(&record)?, &event.payload);
        let body = compress(&plain)?;
        Ok(Self { record, body })
    }

    /// Record and payload of an event's frame.
    pub(super) fn unpack(body: &[u8]) -> Result<NewEvent> {
        let plain = decompress(body)?;
        let (record, payload) =
            split(&plain).ok_or_else(|| Error::Damaged("an event's frame is cut short".into()))?;
        Ok(NewEvent {
            record: from_json(&record)?,
            payload,
        })
    }
}

impl Fact {
    /// The kind of an event's frame.
    pub(super) const EVENT: u8 = 1;

    /// That clients told of sessions, with times as a frame says them.
    pub(super) fn sessions(mut reports: Vec<SessionReport>) -> Self {
        for report in &mut reports {
            report.received = to_microsecond(report.received);
            if let Sessions::One(update) = &mut report.sessions {
                update.started = to_microsecond(update.started);
            }
        }
        Self::Sessions(reports)
    }

    /// That somebody changed a release, with times as a frame says them.
    pub(super) fn release(command: &ReleaseCommand) -> Result<Self> {
        from_json(&json(command)?).map(|command| Self::Release(Box::new(command)))
    }

    /// The fact as a frame of `time` (µs).
    pub(super) fn to_frame(&self, time: i64) -> Result<Frame> {
        let (kind, body) = match self {
            Self::Event(event) => (Self::EVENT, event.body.clone()),
            Self::Catalog(changes) => (2, json(changes)?),
            Self::Triage(change) => (3, json(change)?),
            Self::Attachment(attachment) => (4, json(attachment)?),
            Self::Outcomes(counts) => (5, json(counts)?),
            Self::Dead(letter) => (
                6,
                join(letter.reason.as_bytes(), &journal::encode(&letter.entry)?),
            ),
            Self::Purge(doomed) => (7, json(doomed)?),
            Self::Commit(mark) => (8, json(mark)?),
            Self::Sessions(reports) => (9, compress(&json(reports)?)?),
            Self::Release(command) => (10, json(command)?),
        };
        let (project, event) = match self {
            Self::Event(event) => (event.record.project.0, *event.record.id.as_bytes()),
            Self::Attachment(attachment) => (attachment.project.0, *attachment.event.as_bytes()),
            Self::Dead(letter) => (letter.entry.head.project.0, [0; 16]),
            _ => (0, [0; 16]),
        };
        Ok(Frame {
            kind,
            project,
            event,
            time,
            body,
        })
    }

    /// The fact that a frame holds.
    pub(super) fn from_frame(frame: Frame) -> Result<Self> {
        Ok(match frame.kind {
            Self::EVENT => {
                let record = PackedEvent::unpack(&frame.body)?.record;
                Self::Event(Box::new(PackedEvent {
                    record,
                    body: frame.body,
                }))
            }
            2 => Self::Catalog(from_json(&frame.body)?),
            3 => Self::Triage(from_json(&frame.body)?),
            4 => Self::Attachment(from_json(&frame.body)?),
            5 => Self::Outcomes(from_json(&frame.body)?),
            6 => {
                let damaged = || Error::Damaged("a dead letter's frame is cut short".into());
                let (reason, entry) = split(&frame.body).ok_or_else(damaged)?;
                let reason = String::from_utf8_lossy(&reason).into_owned();
                Self::Dead(DeadLetter {
                    entry: journal::decode(&entry)?,
                    reason,
                })
            }
            7 => Self::Purge(from_json(&frame.body)?),
            8 => Self::Commit(from_json(&frame.body)?),
            9 => Self::Sessions(from_json(&decompress(&frame.body)?)?),
            10 => Self::Release(from_json(&frame.body)?),
            kind => return Err(Error::Damaged(format!("a frame of the unknown kind {kind}"))),
        })
    }
}

fn to_microsecond(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}

fn compress(plain: &[u8]) -> Result<Bytes> {
    let body = zstd::bulk::compress(plain, LEVEL);
    body.map(Bytes::from)
        .map_err(|error| Error::Io("compressing a frame".into(), error))
}

fn decompress(body: &[u8]) -> Result<Bytes> {
    let size = zstd::zstd_safe::get_frame_content_size(body).ok().flatten();
    let size = size
        .and_then(|size| usize::try_from(size).ok())
        .filter(|&size| size <= MAX_BODY);
    let size = size.ok_or_else(|| Error::Damaged("a frame does not say its size".into()))?;
    let plain = zstd::bulk::decompress(body, size);
    plain
        .map(Bytes::from)
        .map_err(|error| Error::Damaged(format!("a frame: {error}")))
}

fn join(first: &[u8], second: &[u8]) -> Bytes {
    let mut joined = Vec::with_capacity(4 + first.len() + second.len());
    joined.extend_from_slice(&(first.len() as u32).to_be_bytes());
    joined.extend_from_slice(first);
    joined.extend_from_slice(second);
    joined.into()
}

fn split(joined: &Bytes) -> Option<(Bytes, Bytes)> {
    let (length, _) = joined.split_first_chunk()?;
    let end = 4 + u32::from_be_bytes(*length) as usize;
    (end <= joined.len()).then(|| (joined.slice(4..end), joined.slice(end..)))
}

fn json<T: Serialize>(value: &T) -> Result<Bytes> {
    match serde_json::to_vec(value) {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) => Err(Error::Damaged(format!("a frame: {error}"))),
    }
}

fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| Error::Damaged(format!("a frame: {error}")))
}
