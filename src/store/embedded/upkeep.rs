//! Gives space back: see `store::retention`. Nothing here is in the way of what arrives: rows are read beside the writer,
//! evictions are small commits, and files are rewritten one at a time.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;

use super::blobs::FileBlobs;
use super::checkpoint::{self, Checkpoint};
use super::disk::Room;
use super::facts::Fact;
use super::index::keys::{Key, Pieces, Table, event_key};
use super::index::rows::{self, EventRow, KeptRow, Place, TimeRow};
use super::index::tree::{Row, Tree};
use super::lock;
use super::log::Frame;
use super::segments::{Segment, Segments};
use super::space::Space;
use super::writer::Writer;
use crate::model::retention::{Ends, KeptDay};
use crate::model::timeline::DAY;
use crate::model::{Attachment, Part, PartId};
use crate::protocol::ids::{EventId, ProjectId};
use crate::store::{DiskUse, Error, Eviction, PartDay, Result, Retention, Swept};

/// A segment is swept when this share of it is to be freed: one in so many bytes.
const WORTH: u64 = 10;

/// What it takes to give space back; cheap to clone, so that it can go to a thread that may block.
#[derive(Clone)]
pub(super) struct Upkeep {
    pub(super) data: PathBuf,
    pub(super) checkpoints: PathBuf,
    pub(super) tree: Tree,
    pub(super) segments: Segments,
    pub(super) blobs: FileBlobs,
    pub(super) room: Room,
    pub(super) writer: Arc<Writer>,
    /// Segments that were swept, with what they took then and what was pointed to.
    pub(super) swept: Arc<Mutex<BTreeMap<Place, (u64, u64)>>>,
}

#[async_trait]
impl Retention for Upkeep {
    async fn usage(&self) -> Result<DiskUse> {
        self.blocking(|it| it.room.usage()).await
    }

    async fn kept(&self) -> Result<Vec<KeptDay>> {
        self.blocking(Self::read_kept).await
    }

    async fn part_day(&self, project: ProjectId, day: i64, after: Option<PartId>) -> Result<Option<PartDay>> {
        self.blocking(move |it| it.next_part_day(project, day, after))
            .await
    }

    async fn with_files(&self, project: ProjectId, day: i64) -> Result<Vec<EventId>> {
        self.blocking(move |it| it.read_with_files(project, day)).await
    }

    async fn evict(&self, eviction: Eviction) -> Result<()> {
        self.writer.commit(vec![Fact::Evict(eviction)], None).await
    }

    async fn checkpoint(&self) -> Result<()> {
        // Of a commit of its own, so that two in a row are two.
        self.writer.commit(Vec::new(), None).await?;
        self.blocking(Self::write_checkpoint).await
    }

    async fn sweep(&self) -> Result<Option<Swept>> {
        self.blocking(Self::sweep_some).await
    }

    async fn sweep_blobs(&self, before: Timestamp) -> Result<u64> {
        self.blocking(move |it| it.sweep_unnamed(before)).await
    }
}

impl Upkeep {
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let upkeep = self.clone();
        tokio::task::spawn_blocking(move || work(&upkeep))
            .await
            .map_err(|_| Error::Closed)?
    }

    /// Writes a checkpoint of the index as it is now, while commits go on.
    pub(super) fn write_checkpoint(&self) -> Result<()> {
        self.tree.flush()?;
        checkpoint::write(&self.checkpoints, &self.tree.still()?)?;
        // Whoever copies files has the older ones for that long; the next checkpoint removes them.
        match Space::try_free(&self.data)? {
            Some(_space) => checkpoint::prune(&self.checkpoints),
            None => Ok(()),
        }
    }

    fn read_kept(&self) -> Result<Vec<KeptDay>> {
        let mut kept = Vec::new();
        for row in self.tree.scan(&Key::of(Table::Kept)) {
            let (key, value) = row?;
            let mut pieces = Pieces::of(&key);
            if let (Some(project), Some(day)) = (pieces.number(), pieces.signed()) {
                let row: KeptRow = rows::decode(&value)?;
                kept.push(KeptDay {
                    project: ProjectId(project),
                    day,
                    events: row.events,
                    bytes: row.bytes,
                    files: row.files,
                    thinning: row.thinning,
                });
            }
        }
        Ok(kept)
    }

    fn next_part_day(&self, project: ProjectId, day: i64, after: Option<PartId>) -> Result<Option<PartDay>> {
        let first = after.map_or(0, |part| part.0 + 1);
        let end = Key::of(Table::Part).number(u64::MAX).into_vec();
        for row in self
            .tree
            .range(Key::of(Table::Part).number(first).into_vec()..end)
        {
            let part: Part = rows::decode(&row?.1)?;
            if part.project == project
                && let Some(found) = self.day_of(part.id, day)?
            {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn day_of(&self, part: PartId, day: i64) -> Result<Option<PartDay>> {
        const MICROSECONDS: i64 = DAY * 1_000_000;
        let of_part = Key::of(Table::EventTime).number(part.0);
        let at = |day: i64| {
            of_part
                .clone()
                .signed(day.saturating_mul(MICROSECONDS))
                .into_vec()
        };
        let mut events = Vec::new();
        let mut found: Option<(sled::IVec, sled::IVec)> = None;
        for row in self.tree.range(at(day)..at(day + 1)) {
            let (key, value) = row?;
            if let Some(id) = key.last_chunk().copied().and_then(EventId::from_bytes) {
                events.push((id, rows::decode::<TimeRow>(&value)?.bytes));
            }
            let first = found.take().map_or_else(|| key.clone(), |(first, _)| first);
            found = Some((first, key));
        }
        let Some((first, last)) = found else {
            return Ok(None);
        };
        let mut all = self.tree.scan(&of_part);
        let is = |row: Option<Result<Row>>, wanted: &sled::IVec| match row {
            Some(row) => row.map(|(key, _)| key == *wanted),
            None => Ok(false),
        };
        let ends = Ends {
            first: is(all.next(), &first)?,
            latest: is(self.tree.scan(&of_part).next_back(), &last)?,
        };
        Ok(Some(PartDay { part, events, ends }))
    }

    fn read_with_files(&self, project: ProjectId, day: i64) -> Result<Vec<EventId>> {
        let mut events = Vec::new();
        for row in self.tree.scan(&Key::of(Table::Attachment).number(project.0)) {
            let file: Attachment = rows::decode(&row?.1)?;
            if file.received.as_second().div_euclid(DAY) == day && events.last() != Some(&file.event) {
                events.push(file.event);
            }
        }
        Ok(events)
    }

    /// Nothing behind the older of two sound checkpoints may be dropped; none while there are no two.
    fn sweepable_up_to(&self) -> Result<Option<Place>> {
        let checkpoints = checkpoint::list(&self.checkpoints)?;
        let [newest, older, ..] = checkpoints.as_slice() else {
            return Ok(None);
        };
        for kept in [newest, older] {
            checkpoint::check(kept)?;
        }
        let Checkpoint { place, .. } = older;
        Ok(Some(*place))
    }

    /// Sweeps a few segments: one look at what is pointed to serves them all.
    fn sweep_some(&self) -> Result<Option<Swept>> {
        const SOME: usize = 8;
        let Some(place) = self.sweepable_up_to()? else {
            return Ok(None);
        };
        let all = self.segments.all();
        // A segment ends where the next one begins.
        let ended = all
            .windows(2)
            .filter(|pair| pair[1].begin <= place)
            .map(|pair| pair[0]);
        let worth = self.worth_sweeping(ended)?;
        let Some(_space) = Space::try_free(&self.data)? else {
            return Ok(None);
        };
        let mut swept: Option<Swept> = None;
        for (segment, live) in worth.into_iter().take(SOME) {
            self.segments.free_up_to(place)?;
            let sizes = self
                .segments
                .sweep(segment, |frame, place| self.is_live(frame, place))?;
            lock(&self.swept).insert(segment.begin, (sizes.after, live));
            let sum = swept.get_or_insert(Swept { before: 0, after: 0 });
            sum.before += sizes.before;
            sum.after += sizes.after;
        }
        Ok(swept)
    }

    /// Those of the segments that are worth it, with the bytes in them that are pointed to; the one with the most to free
    /// first.
    fn worth_sweeping(&self, segments: impl Iterator<Item = Segment>) -> Result<Vec<(Segment, u64)>> {
        let segments: Vec<Segment> = segments.collect();
        if segments.is_empty() {
            return Ok(Vec::new());
        }
        let live = self.live_bytes()?;
        let known = lock(&self.swept).clone();
        let mut worth = Vec::new();
        for segment in segments {
            let length = self.segments.length(segment)?;
            let live = live.get(&segment.begin).copied().unwrap_or_default();
            let garbage = length.saturating_sub(live);
            // What is pointed to is estimated: sweeping again what did not change would come to the same.
            if garbage * WORTH >= length && known.get(&segment.begin) != Some(&(length, live)) {
                worth.push((Reverse(garbage), segment, live));
            }
        }
        worth.sort_unstable();
        Ok(worth
            .into_iter()
            .map(|(_, segment, live)| (segment, live))
            .collect())
    }

    /// Bytes that are still pointed to, by the beginning of their segment.
    fn live_bytes(&self) -> Result<BTreeMap<Place, u64>> {
        /// What an entry of the map takes, and about what the record of an event takes that was grouped anew.
        const ENTRY: u64 = 16;
        const REGROUPED: u64 = 500;
        let begins: Vec<Place> = self.segments.all().iter().map(|it| it.begin).collect();
        let mut live: BTreeMap<Place, u64> = BTreeMap::new();
        let mut add = |place: Place, bytes: u64| {
            let behind = begins.partition_point(|begin| *begin <= place);
            if let Some(begin) = behind.checked_sub(1).and_then(|at| begins.get(at)) {
                *live.entry(*begin).or_default() += bytes + ENTRY;
            }
        };
        for row in self.tree.scan(&Key::of(Table::EventTime)) {
            let row: TimeRow = rows::decode(&row?.1)?;
            add(row.place, row.bytes.into());
            if let Some(place) = row.regrouped {
                add(place, REGROUPED);
            }
        }
        Ok(live)
    }

    /// Whether the index points to a frame.
    fn is_live(&self, frame: &Frame, place: Place) -> Result<bool> {
        if frame.kind == Fact::DEAD {
            let key = Key::of(Table::DeadLetter)
                .signed(place.day.into())
                .number(place.offset);
            return self.tree.has(key);
        }
        if ![Fact::EVENT, Fact::LATEST, Fact::REGROUP].contains(&frame.kind) {
            return Ok(false);
        }
        let Some(id) = EventId::from_bytes(frame.event) else {
            return Ok(false);
        };
        let event: Option<EventRow> = self.tree.read(&event_key(ProjectId(frame.project), id))?;
        let Some(event) = event else { return Ok(false) };
        if event.place == place {
            return Ok(true);
        }
        let of_part = Key::of(Table::EventTime).number(event.part.0);
        let by_time = of_part.signed(event.time).bytes(&frame.event);
        let row: Option<TimeRow> = self.tree.read(&by_time)?;
        // Without one it went to another part between the two looks: the next sweep knows better.
        Ok(row.is_none_or(|row| row.regrouped == Some(place)))
    }

    fn sweep_unnamed(&self, before: Timestamp) -> Result<u64> {
        let Some(_space) = Space::try_free(&self.data)? else {
            return Ok(0);
        };
        self.blobs.sweep(before, |blob| {
            let used = self.tree.scan(&Key::of(Table::BlobUse).bytes(&blob.0)).next();
            used.transpose().map(|it| it.is_some())
        })
    }
}
