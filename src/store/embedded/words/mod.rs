//! What events say, to be found by its words: an index of tantivy's beside the one of rows.
//!
//! ```text
//! words/            tantivy's files; its commits say up to which place of the segments they go
//! ```
//!
//! A document holds the lines that are new to a part of an issue in a week. Nothing here decides which issues those are: parts
//! lead to them, so merging and splitting issues changes no document. All of it follows from the segments: it may be deleted
//! at any time, one that is damaged is made anew, and searches find what is fed so far.

mod feed;
mod find;
mod forget;
mod keeper;
mod known;
mod lines;
mod tokens;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use tantivy::schema::{Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, IndexReader, IndexSettings, ReloadPolicy, TantivyError};

use super::index::rows::Place;
use super::lock;
use crate::model::PartId;
use crate::store::Error;

pub(super) use feed::Source;
pub(super) use find::Sought;
pub(super) use keeper::Keeper;

/// The version of what documents hold: one more when they should hold something else.
const LAYOUT: u32 = 3;
const TOKENIZER: &str = "words";

type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the index could not be fed.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    /// With what it is fed from.
    #[error(transparent)]
    Source(#[from] Error),
    /// With itself.
    #[error(transparent)]
    Words(#[from] TantivyError),
}

/// A part and a week: the week so that what is no longer kept can go, and no shorter time so that what is said every day
/// is not indexed every day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Slot(u64);

impl Slot {
    const WEEK_BITS: u32 = 16;
    const WEEK: i64 = 7 * 86_400 * 1_000_000;

    /// That of an event of `part` at `time` (µs).
    fn of(part: PartId, time: i64) -> Self {
        let last = (1 << Self::WEEK_BITS) - 1;
        let week = time.div_euclid(Self::WEEK).clamp(0, last);
        Self(part.0 << Self::WEEK_BITS | week as u64)
    }

    fn part(self) -> PartId {
        PartId(self.0 >> Self::WEEK_BITS)
    }

    /// When it begins and ends, µs. No event is from before 1970.
    fn times(self) -> (i64, i64) {
        let week = (self.0 & ((1 << Self::WEEK_BITS) - 1)) as i64;
        (week * Self::WEEK, (week + 1) * Self::WEEK)
    }
}

/// What a commit of the index says of itself.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Payload {
    layout: u32,
    fed: Place,
}

/// The index, as far as it is open; clones see the same.
#[derive(Clone)]
pub(super) struct Words(Arc<Inner>);

struct Inner {
    directory: PathBuf,
    /// None until there is something in it.
    open: RwLock<Option<Opened>>,
    /// A search failed.
    is_doubted: AtomicBool,
    /// Up to where it can be searched.
    fed: Mutex<Place>,
}

/// An open index; cheap to clone.
#[derive(Clone)]
struct Opened {
    index: Index,
    reader: IndexReader,
    slot: Field,
    text: Field,
}

impl Words {
    /// That in `directory`, which need not be there: it is opened by who feeds it.
    pub(super) fn in_directory(directory: PathBuf) -> Self {
        Self(Arc::new(Inner {
            directory,
            open: RwLock::default(),
            is_doubted: AtomicBool::new(false),
            fed: Mutex::default(),
        }))
    }

    /// Documents that can be found, and up to which place of the segments they go.
    pub(super) fn extent(&self) -> (u64, Place) {
        let documents = self.opened().map_or(0, |it| it.reader.searcher().num_docs());
        (documents, *lock(&self.0.fed))
    }

    /// Whether there is something that can be opened.
    fn is_there(&self) -> bool {
        self.0.directory.join("meta.json").exists()
    }

    fn opened(&self) -> Option<Opened> {
        let open = self.0.open.read().unwrap_or_else(PoisonError::into_inner);
        open.clone()
    }

    fn opened_or_new(&self) -> Result<Opened, Trouble> {
        self.opened().map_or_else(|| self.create(), Ok)
    }

    fn set(&self, opened: Option<Opened>, fed: Place) {
        *self.0.open.write().unwrap_or_else(PoisonError::into_inner) = opened;
        *lock(&self.0.fed) = fed;
        self.0.is_doubted.store(false, Ordering::Relaxed);
    }

    /// Opens what is there. Answers up to where it is fed; none when there is nothing, or another version wrote it.
    fn open(&self) -> tantivy::Result<Option<Place>> {
        if !self.is_there() {
            return Ok(None);
        }
        let opened = Opened::new(Index::open_in_dir(&self.0.directory)?)?;
        let said = opened.index.load_metas()?.payload;
        let payload: Option<Payload> = said.and_then(|said| serde_json::from_str(&said).ok());
        let Some(payload) = payload.filter(|it| it.layout == LAYOUT && opened.index.schema() == schema())
        else {
            return Ok(None);
        };
        self.set(Some(opened), payload.fed);
        Ok(Some(payload.fed))
    }

    /// Makes an empty one in the place of whatever is there.
    fn create(&self) -> Result<Opened, Trouble> {
        self.set(None, Place::default());
        remove(&self.0.directory)?;
        make(&self.0.directory)?;
        let index = Index::builder()
            .schema(schema())
            .settings(IndexSettings::default())
            .create_in_dir(&self.0.directory)?;
        let opened = Opened::new(index)?;
        self.set(Some(opened.clone()), Place::default());
        Ok(opened)
    }
}

impl Opened {
    fn new(index: Index) -> tantivy::Result<Self> {
        index.tokenizers().register(TOKENIZER, tokens::Splitter);
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        let schema = index.schema();
        Ok(Self {
            slot: schema.get_field("slot")?,
            text: schema.get_field("text")?,
            reader,
            index,
        })
    }
}

/// Nothing is stored, and no lengths are kept to rank by: a part is found or it is not.
fn schema() -> Schema {
    let mut schema = Schema::builder();
    schema.add_u64_field("slot", NumericOptions::default().set_indexed().set_fast());
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(TOKENIZER)
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
    schema.build()
}

fn make(directory: &Path) -> Result<(), Error> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .mode(0o700)
        .create(directory)
        .map_err(|error| Error::Io(format!("making {}", directory.display()), error))
}

fn remove(directory: &Path) -> Result<(), Error> {
    // A file may be in its place.
    let removed = match directory.is_file() {
        true => std::fs::remove_file(directory),
        false => std::fs::remove_dir_all(directory),
    };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::Io(format!("removing {}", directory.display()), error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
