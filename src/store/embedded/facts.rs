//! What the segments hold: facts, each a frame. The index is what they add up to.
//!
//! | kind | body |
//! |---|---|
//! | 1 event | zstd, maybe with a [dictionary](super::dictionaries), of: length u32 of the record, `model::EventRecord` as JSON, the payload |
//! | 2 catalog | `[CatalogChange]` as JSON |
//! | 3 triage | [`Before`] as JSON: as it was said before it was known who said it |
//! | 4 attachment | `model::Attachment` as JSON; its bytes are in `blobs/` |
//! | 5 outcomes | `[OutcomeCount]` as JSON |
//! | 6 dead letter | length u32 of the reason, the reason, the journal entry |
//! | 7 purge | [`Doomed`] as JSON: one more slice of its rows is gone |
//! | 9 sessions | zstd of: `[model::session::SessionReport]` as JSON |
//! | 10 release | [`ReleaseCommand`] as JSON |
//! | 8 commit | [`CommitMark`] as JSON: everything before it, back to the commit before, counts |
//! | 11 triage | `Triaged` as JSON |
//! | 12 regroup | like an event, without payload: its new record |
//! | 13 remake | project and part as JSON |
//! | 14 regrouping | `model::Regrouping` as JSON |
//! | 15 alert step | [`AlertStep`] as JSON |
//! | 16 tried | `[Tried]` as JSON |
//! | 17 charged | `[model::quota::Charge]` as JSON: what was accepted, held against limits |
//! | 18 latest | like an event: it is kept until a later one of its issue is |
//! | 19 counted | zstd of: `[model::EventRecord]` as JSON |
//! | 20 evict | [`Eviction`] as JSON |

use bytes::Bytes;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::error::Category;

use super::dictionaries::Dictionaries;
use super::journal;
use super::log::Frame;
use super::pack::{PackedEvent, Packer, decompress, join, split};
use crate::model::quota::Charge;
use crate::model::session::{SessionReport, Sessions};
use crate::model::{Attachment, EventRecord, IssueId, OutcomeCount, PartId, Regrouping, Status};
use crate::protocol::ids::ProjectId;
use crate::store::{
    AlertStep, CatalogChange, DeadLetter, Error, Eviction, ReleaseCommand, Result, Span, TriageChange,
    Triaged, Tried,
};

/// One thing that happened.
#[derive(Debug, Clone)]
pub(super) enum Fact {
    /// An event was recorded.
    Event(Box<PackedEvent>),
    /// An event was recorded, which is kept for being the latest.
    Latest(Box<PackedEvent>),
    /// Events were recorded whose payloads are not kept.
    Counted(Vec<EventRecord>),
    /// The catalog was changed.
    Catalog(Vec<CatalogChange>),
    /// Somebody changed issues.
    Triage(Triaged),
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
    /// A stored event was grouped anew.
    Regroup(Box<PackedEvent>),
    /// A part is to be counted anew.
    Remake(ProjectId, PartId),
    /// How far the history of a project is grouped anew.
    Regrouping(Box<Regrouping>),
    /// Happenings or a minute were judged by the rules of alerts.
    AlertStep(Box<AlertStep>),
    /// Messages were tried to be sent.
    Tried(Vec<Tried>),
    /// This much was accepted.
    Charged(Vec<Charge>),
    /// Payloads are no longer kept.
    Evict(Eviction),
    /// The facts before it count.
    Commit(CommitMark),
}

/// What people did to issues, as frames of kind 3 say it.
#[derive(Deserialize)]
enum Before {
    SetStatus {
        issues: Vec<IssueId>,
        status: Status,
        time: Timestamp,
    },
    Delete {
        issues: Vec<IssueId>,
    },
}

impl Before {
    /// The same as it is said now; `written` is the frame's time (µs).
    fn triaged(self, written: i64) -> Triaged {
        let (change, time) = match self {
            Self::SetStatus { issues, status, time } => {
                let ruling = status.into();
                (TriageChange::Decide { issues, ruling }, time)
            }
            Self::Delete { issues } => {
                let time = Timestamp::from_microsecond(written).unwrap_or_default();
                (TriageChange::Delete { issues }, time)
            }
        };
        Triaged {
            who: None,
            time,
            change,
        }
    }
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
    /// The ids of events that were received on this day, in days since 1970, and are not kept.
    Counted(i64),
    /// What happened and fired before then, and what was received minute by minute.
    Alerts(Timestamp),
}

/// The end of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CommitMark {
    /// The journal position before which everything is recorded with it.
    pub recorded: u64,
    /// The stretches of the journal that are recorded with it, as far as they do not follow from `recorded`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<Span>,
}

impl Fact {
    /// The kind of an event's frame.
    pub(super) const EVENT: u8 = 1;
    /// The kind of the frame of an entry that was set aside.
    pub(super) const DEAD: u8 = 6;
    /// The kind of the frame of an event that was grouped anew.
    pub(super) const REGROUP: u8 = 12;
    /// The kind of the frame of an event that is kept for being the latest.
    pub(super) const LATEST: u8 = 18;

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

    /// That rules were judged, with times as a frame says them.
    pub(super) fn alert_step(step: &AlertStep) -> Result<Self> {
        from_json(&json(step)?).map(|step| Self::AlertStep(Box::new(step)))
    }

    /// That messages were tried to be sent, with times as a frame says them.
    pub(super) fn tried(tried: &[Tried]) -> Result<Self> {
        from_json(&json(&tried)?).map(Self::Tried)
    }

    /// The fact as a frame of `time` (µs).
    pub(super) fn to_frame(&self, time: i64) -> Result<Frame> {
        let (kind, body) = match self {
            Self::Event(event) => (Self::EVENT, event.body.clone()),
            Self::Latest(event) => (Self::LATEST, event.body.clone()),
            Self::Counted(records) => (19, Packer::new()?.compress(&json(records)?, None)?),
            Self::Catalog(changes) => (2, json(changes)?),
            Self::Regroup(event) => (Self::REGROUP, event.body.clone()),
            Self::Remake(project, part) => (13, json(&(project, part))?),
            Self::Regrouping(how_far) => (14, json(how_far)?),
            Self::AlertStep(step) => (15, json(step)?),
            Self::Tried(tried) => (16, json(tried)?),
            Self::Charged(charges) => (17, json(charges)?),
            Self::Evict(eviction) => (20, json(eviction)?),
            Self::Triage(triaged) => (11, json(triaged)?),
            Self::Attachment(attachment) => (4, json(attachment)?),
            Self::Outcomes(counts) => (5, json(counts)?),
            Self::Dead(letter) => (
                6,
                join(letter.reason.as_bytes(), &journal::encode(&letter.entry)?),
            ),
            Self::Purge(doomed) => (7, json(doomed)?),
            Self::Commit(mark) => (8, json(mark)?),
            Self::Sessions(reports) => (9, Packer::new()?.compress(&json(reports)?, None)?),
            Self::Release(command) => (10, json(command)?),
        };
        let (project, event) = match self {
            Self::Event(event) | Self::Latest(event) | Self::Regroup(event) => {
                (event.record.project.0, *event.record.id.as_bytes())
            }
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

    /// The fact that a frame holds, which may be packed with one of `dictionaries`.
    pub(super) fn from_frame(frame: Frame, dictionaries: &Dictionaries) -> Result<Self> {
        Ok(match frame.kind {
            Self::EVENT => {
                let record = PackedEvent::unpack(&frame.body, dictionaries)?.record;
                Self::Event(Box::new(PackedEvent {
                    record,
                    body: frame.body,
                }))
            }
            Self::LATEST => Self::Latest(Box::new(PackedEvent {
                record: PackedEvent::unpack(&frame.body, dictionaries)?.record,
                body: frame.body,
            })),
            19 => Self::Counted(from_json(&decompress(&frame.body, dictionaries)?)?),
            2 => Self::Catalog(from_json(&frame.body)?),
            3 => Self::Triage(from_json::<Before>(&frame.body)?.triaged(frame.time)),
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
            9 => Self::Sessions(from_json(&decompress(&frame.body, dictionaries)?)?),
            10 => Self::Release(from_json(&frame.body)?),
            11 => Self::Triage(from_json(&frame.body)?),
            Self::REGROUP => Self::Regroup(Box::new(PackedEvent {
                record: PackedEvent::unpack(&frame.body, dictionaries)?.record,
                body: frame.body,
            })),
            13 => {
                let (project, part) = from_json(&frame.body)?;
                Self::Remake(project, part)
            }
            14 => Self::Regrouping(Box::new(from_json(&frame.body)?)),
            15 => Self::AlertStep(Box::new(from_json(&frame.body)?)),
            16 => Self::Tried(from_json(&frame.body)?),
            17 => Self::Charged(from_json(&frame.body)?),
            20 => Self::Evict(from_json(&frame.body)?),
            // Its checksum holds: somebody wrote this who knew what it means, and to pass it over would lose it.
            kind => return Err(Error::Newer(format!("a frame of the unknown kind {kind}"))),
        })
    }
}

/// The first schema whose programs understand a frame.
pub(super) fn schema_of(frame: &Frame) -> u32 {
    match frame.kind {
        Fact::EVENT | 9 | Fact::REGROUP if zstd::zstd_safe::get_dict_id_from_frame(&frame.body).is_some() => {
            2
        }
        // That what was counted is over no more: quotes in what people write are escaped.
        15 if frame.body.windows(14).any(|it| it == b"\"type\":\"ended\"") => 2,
        // Not in the order of the journal.
        8 if frame.body.windows(7).any(|it| it == b"\"spans\"") => 2,
        1..=16 => 1,
        _ => 2,
    }
}

pub(super) fn to_microsecond(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}

pub(super) fn json<T: Serialize>(value: &T) -> Result<Bytes> {
    match serde_json::to_vec(value) {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) => Err(Error::Damaged(format!("a frame: {error}"))),
    }
}

pub(super) fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| match error.classify() {
        // Whole JSON that says something else than we know.
        Category::Data => Error::Newer(format!("a frame: {error}")),
        _ => Error::Damaged(format!("a frame: {error}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lifecycle::decision::{ResolvedIn, Ruling};

    #[test]
    fn what_was_done_before_it_was_known_who_did_it_is_read() {
        let frame = |body: &'static str| Frame {
            kind: 3,
            project: 0,
            event: [0; 16],
            time: 5_000_000,
            body: Bytes::from_static(body.as_bytes()),
        };
        let dictionaries = Dictionaries::open("none".into());
        let read = |body| Fact::from_frame(frame(body), &dictionaries).unwrap();
        let set = r#"{"SetStatus":{"issues":[1],"status":"resolved","time":"2026-03-01T10:20:00Z"}}"#;
        let Fact::Triage(set) = read(set) else {
            panic!("no decision");
        };
        assert!(matches!(
            set.change,
            TriageChange::Decide {
                ruling: Ruling::Resolve {
                    kind: ResolvedIn::Now,
                    environment: None
                },
                ..
            }
        ));
        assert_eq!(
            (set.who, set.time),
            (None, "2026-03-01T10:20:00Z".parse().unwrap())
        );
        let Fact::Triage(removed) = read(r#"{"Delete":{"issues":[1]}}"#) else {
            panic!("no decision");
        };
        assert_eq!(removed.time, Timestamp::from_second(5).unwrap());
    }
}
