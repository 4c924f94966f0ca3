//! The roles that the index serves: reads go to its tree, writes to the writer.

mod alerting;
mod alerts;
mod catalog;
mod decisions;
mod events;
mod grouping;
mod hashes;
mod health;
mod issues;
mod latest;
mod list;
mod newest;
mod order;
mod outbox;
mod ranked;
mod releases;
mod said;
mod stats;

use std::sync::Arc;

use serde::de::DeserializeOwned;
use tokio::sync::watch;

use super::keys::{Key, Pieces, Table};
use super::roster::Roster;
use super::rows::{self, Meta};
use super::tree::Tree;
use crate::store::embedded::disk::Room;
use crate::store::embedded::doubt::Doubt;
use crate::store::embedded::journal::Recorded;
use crate::store::embedded::segments::Segments;
use crate::store::embedded::words::Words;
use crate::store::embedded::writer::Writer;
use crate::store::{Error, Newest, Position, Result, Span};

/// What of the journal is recorded.
pub(in crate::store::embedded) fn recorded(tree: &Tree, meta: &Meta) -> Result<Recorded> {
    let mut recorded = Recorded::until(meta.recorded);
    for row in tree.scan(&Key::of(Table::Spent)) {
        let (key, end) = row?;
        let begin = Pieces::of(&key).number().map(Position);
        recorded.add(Span {
            begin: begin.ok_or_else(|| Error::Damaged("a row of what is recorded has no position".into()))?,
            end: Position(rows::decode(&end)?),
        });
    }
    Ok(recorded)
}

/// Index, segments and writer of one data directory.
pub(in crate::store::embedded) struct Index {
    reader: Reader,
    writer: Arc<Writer>,
    room: Room,
    newest: watch::Receiver<Newest>,
    doubt: Arc<Doubt>,
}

/// What reading takes; cheap to clone, so that it can go to a thread that may block.
#[derive(Clone)]
pub(in crate::store::embedded) struct Reader {
    pub(in crate::store::embedded) tree: Tree,
    pub(in crate::store::embedded) segments: Segments,
    pub(in crate::store::embedded) roster: Roster,
    pub(in crate::store::embedded) words: Words,
}

impl Index {
    pub(in crate::store::embedded) fn new(
        reader: Reader,
        writer: Arc<Writer>,
        room: Room,
        newest: watch::Receiver<Newest>,
        doubt: Arc<Doubt>,
    ) -> Self {
        Self {
            reader,
            writer,
            room,
            newest,
            doubt,
        }
    }

    /// Runs `read` where it may block.
    async fn blocking<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Reader) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let reader = self.reader.clone();
        let read = tokio::task::spawn_blocking(move || read(&reader)).await;
        self.doubt.hear(read.map_err(|_| Error::Closed)?)
    }
}

impl Reader {
    fn get<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>> {
        self.tree.read(key)
    }

    /// The rows that begin with `prefix`, in order.
    fn scan<T: DeserializeOwned>(
        &self,
        prefix: &Key,
    ) -> impl Iterator<Item = Result<(sled::IVec, T)>> + use<T> {
        self.tree.scan(prefix).map(|row| {
            let (key, value) = row?;
            Ok((key, rows::decode(&value)?))
        })
    }

    /// The values of [`Reader::scan`].
    fn values<T: DeserializeOwned>(&self, prefix: &Key) -> Result<Vec<T>> {
        self.scan(prefix).map(|row| row.map(|(_, value)| value)).collect()
    }
}
