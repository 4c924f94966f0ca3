//! How a project's stored events are grouped, and grouping them anew.

use async_trait::async_trait;

use super::Result;
use crate::model::event::EventRecord;
use crate::model::{Page, PageRequest, Part, PartId, Regrouping, StoredEvent};
use crate::protocol::ids::ProjectId;

/// In which order the events of a part are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The earliest first.
    Oldest,
    /// The latest first.
    Newest,
}

/// A step of grouping history anew. A part of which an event changes is remade, and then all its events are counted anew:
/// so everything that is counted is as if they had come like that, and nothing has to be taken back.
#[derive(Debug, Clone)]
pub enum Rework {
    /// A fresh part takes the hashes of this one over. Without events, or in the middle of being remade, it stays.
    Remake(PartId),
    /// The event with this record's id is as the record says and is counted where its hashes lead. No outcome is counted,
    /// and nothing is reopened. One that is not there any more is passed over.
    Count(Box<EventRecord>),
}

/// How a project's stored events are grouped, and grouping them anew.
#[async_trait]
pub trait Grouping: Send + Sync {
    /// The parts of a project, oldest first: only the next page is known.
    async fn parts(&self, project: ProjectId, page: PageRequest) -> Result<Page<Part>>;
    /// The events of a part: only the next page is known. What cannot be read is passed over.
    async fn events(&self, part: PartId, order: Order, page: PageRequest) -> Result<Page<StoredEvent>>;
    /// Does the steps, and keeps how far it is: as one unit. A second regrouping is refused while one runs.
    async fn regroup(&self, how_far: Regrouping, steps: Vec<Rework>) -> Result<()>;
    /// The regrouping of a project that runs, or the last one.
    async fn regrouping(&self, project: ProjectId) -> Result<Option<Regrouping>>;
}
