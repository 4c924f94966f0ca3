//! What events of a project have in common, so that a packed one holds only what is its own.
//!
//! ```text
//! dictionaries/<number>.zstd-dict   a dictionary as zstd trained it; its number is its checksum
//! dictionaries/<number>.zstd-dict-copy   the same once more
//! dictionaries/current              which project's events are packed with which: a hint
//! ```
//!
//! zstd writes the number into what it packs. A dictionary is on disk before anything is packed with it, is never changed
//! and never removed. It is trained beside the running work, of events that were packed just before.

mod courses;
mod files;
mod train;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use bytes::Bytes;
use quick_cache::sync::Cache;
use tracing::{info, warn};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

use super::lock;
use super::pack::{LEVEL, PackedEvent, decompress, plain_size};
use crate::model::NewEvent;
use crate::protocol::ids::ProjectId;
use crate::store::{Error, Result};
use courses::Courses;
use files::Current;

/// How many dictionaries are ready to pack with: half a megabyte each.
const ENCODERS: usize = 8;
/// How many are ready to unpack with: a hundred kilobytes each.
const DECODERS: usize = 16;
/// How many platforms are remembered.
const MAX_PLATFORMS: usize = 100;

/// The dictionaries of one data directory.
pub(super) struct Dictionaries {
    directory: PathBuf,
    encoders: Cache<u32, Arc<Encoder>>,
    decoders: Cache<u32, Arc<DecoderDictionary<'static>>>,
    current: Mutex<Current>,
    courses: Mutex<Courses>,
    training: Mutex<Option<JoinHandle<()>>>,
}

/// A dictionary that is ready to pack with.
pub(super) struct Encoder {
    pub(super) id: u32,
    pub(super) zstd: EncoderDictionary<'static>,
}

impl Encoder {
    fn new(dictionary: &[u8]) -> Result<Self> {
        let zstd = EncoderDictionary::try_copy(dictionary, LEVEL).map_err(unusable)?;
        let id = zstd.as_cdict().get_dict_id().map_or(0, u32::from);
        Ok(Self { id, zstd })
    }
}

/// What a batch's events are packed with.
pub(super) type Chosen = HashMap<ProjectId, Arc<Encoder>>;

impl Dictionaries {
    /// Those in `directory`, which an older version did not make.
    pub(super) fn open(directory: PathBuf) -> Arc<Self> {
        Arc::new(Self {
            current: Mutex::new(files::current(&directory)),
            directory,
            encoders: Cache::new(ENCODERS),
            decoders: Cache::new(DECODERS),
            courses: Mutex::default(),
            training: Mutex::default(),
        })
    }

    /// What to unpack with what was packed with dictionary `id`.
    pub(super) fn decoder(&self, id: u32) -> Result<Arc<DecoderDictionary<'static>>> {
        self.decoders.get_or_insert_with(&id, || {
            let dictionary = files::read(&self.directory, id)?;
            Ok(Arc::new(
                DecoderDictionary::try_copy(&dictionary).map_err(unusable)?,
            ))
        })
    }

    /// What to pack these events with: the dictionary of their project, else that of their platform.
    pub(super) fn choose(&self, events: &[NewEvent]) -> Chosen {
        let mut chosen: HashMap<ProjectId, Option<Arc<Encoder>>> = HashMap::new();
        for NewEvent { record, .. } in events {
            let one = || self.encoder(record.project, &record.platform);
            chosen.entry(record.project).or_insert_with(one);
        }
        let known = chosen.into_iter();
        known
            .filter_map(|(project, encoder)| Some((project, encoder?)))
            .collect()
    }

    /// Learns from what was packed; now and then trains a dictionary, on a thread of its own.
    pub(super) fn learn<'a>(self: &Arc<Self>, packed: impl Iterator<Item = &'a PackedEvent>) {
        let mut courses = lock(&self.courses);
        for PackedEvent { record, body } in packed {
            let gathered = plain_size(body).and_then(|plain| courses.see(record.project, body, plain));
            if let Some(gathered) = gathered {
                self.start_training(record.project, &record.platform, gathered);
            }
        }
    }

    /// Waits for what is being trained.
    pub(super) fn close(&self) {
        if let Some(training) = lock(&self.training).take() {
            // A panic of the thread was reported when it happened.
            let _ = training.join();
        }
    }

    /// What is wrong with each dictionary that is not sound.
    pub(super) fn faults(&self) -> Result<Vec<Error>> {
        let faults = |id| files::faults(&self.directory, id);
        Ok(files::ids(&self.directory)?
            .into_iter()
            .flat_map(faults)
            .collect())
    }

    /// Makes what is damaged of a dictionary and its copy anew from the other one, on a thread of its own.
    pub(super) fn mend(self: &Arc<Self>) {
        let dictionaries = Arc::clone(self);
        self.start(move || {
            for id in files::ids(&dictionaries.directory)? {
                match files::mend(&dictionaries.directory, id) {
                    Ok(None) => {}
                    Ok(Some(fault)) => info!(%fault, "a dictionary was made anew from its copy"),
                    Err(error) => warn!(%error, "events that need a dictionary cannot be read: put it back from a backup"),
                }
            }
            Ok(())
        });
    }

    fn encoder(&self, project: ProjectId, platform: &str) -> Option<Arc<Encoder>> {
        let id = {
            let current = lock(&self.current);
            let own = current.projects.get(&project);
            *own.or_else(|| current.platforms.get(platform))?
        };
        let load = || Encoder::new(&files::read(&self.directory, id)?).map(Arc::new);
        match self.encoders.get_or_insert_with(&id, load) {
            Ok(encoder) => Some(encoder),
            Err(error) => {
                warn!(%error, "events are packed without a dictionary until there is another one");
                lock(&self.current).forget(id);
                None
            }
        }
    }

    fn start_training(self: &Arc<Self>, project: ProjectId, platform: &str, events: Vec<Bytes>) {
        let (dictionaries, platform) = (Arc::clone(self), platform.to_owned());
        self.start(move || dictionaries.train(project, &platform, &events));
    }

    /// One at a time: whoever comes meanwhile is looked at again later.
    fn start(&self, work: impl FnOnce() -> Result<()> + Send + 'static) {
        let mut training = lock(&self.training);
        if training.as_ref().is_some_and(|it| !it.is_finished()) {
            return;
        }
        let run = move || {
            if let Err(error) = work() {
                warn!(%error, "a dictionary could not be made");
            }
        };
        match std::thread::Builder::new().name("dictionary".into()).spawn(run) {
            Ok(thread) => *training = Some(thread),
            Err(error) => warn!(%error, "no thread to train a dictionary on"),
        }
    }

    /// Trains a dictionary with packed events of a project, and uses it from now on if that is worth it.
    pub(super) fn train(&self, project: ProjectId, platform: &str, events: &[Bytes]) -> Result<()> {
        let plain = |body: &Bytes| Ok((decompress(body, self)?.to_vec(), body.len()));
        let events = events.iter().map(plain).collect::<Result<Vec<_>>>()?;
        let Some(trained) = train::train(&events)? else {
            return Ok(());
        };
        files::keep(&self.directory, trained.id, &trained.bytes)?;
        let mut current = lock(&self.current);
        current.projects.insert(project, trained.id);
        if current.platforms.len() < MAX_PLATFORMS || current.platforms.contains_key(platform) {
            current.platforms.insert(platform.to_owned(), trained.id);
        }
        files::keep_current(&self.directory, &current)?;
        lock(&self.courses).helped(project);
        info!(
            project.id = project.0,
            dictionary = trained.id,
            "events of project {project} take {} % of what they took, by a new dictionary",
            trained.percent
        );
        Ok(())
    }
}

impl Current {
    fn forget(&mut self, id: u32) {
        self.projects.retain(|_, known| *known != id);
        self.platforms.retain(|_, known| *known != id);
    }
}

fn unusable(error: std::io::Error) -> Error {
    Error::Damaged(format!("a dictionary: {error}"))
}
