//! Issues and their events.

use std::sync::Arc;

use async_trait::async_trait;
use tracing::error;

use super::{Index, Reader, list};
use crate::model::{
    Attachment, EventRef, Issue, IssueFilter, IssueId, IssueSort, NewEvent, Page, PageRequest, Part, PartId,
    Project, ShortId, StoredEvent, TagKey,
};
use crate::protocol::ids::{EventId, ProjectId};
use crate::store::embedded::dictionaries::Dictionaries;
use crate::store::embedded::facts::Fact;
use crate::store::embedded::index::apply::sum::part_in;
use crate::store::embedded::index::keys::{COUNTED_DAYS, Key, Table, counted_key, event_key};
use crate::store::embedded::index::rows::{EventRow, Meta, TimeRow};
use crate::store::embedded::pack::Packer;
use crate::store::{Batch, Error, IssueDetail, Issues, PlacedEvent, Result, Searchable};

/// How many reports of sessions a frame holds.
const SESSIONS: usize = 1_000;
/// How many events one packer takes at the least: making one costs as much as packing a few.
const PACKED_BY_ONE: usize = 32;

#[async_trait]
impl Issues for Index {
    async fn record(&self, batch: Batch) -> Result<()> {
        let spans = batch.spans;
        let dictionaries = self.reader.segments.dictionaries().clone();
        let pack = move || {
            let mut facts = pack_all(batch.events, &dictionaries)?;
            facts.extend(batch.attachments.into_iter().map(Fact::Attachment));
            let sessions = batch.sessions.chunks(SESSIONS);
            facts.extend(sessions.map(|some| Fact::sessions(some.to_vec())));
            if !batch.outcomes.is_empty() {
                facts.push(Fact::Outcomes(batch.outcomes));
            }
            if !batch.charges.is_empty() {
                facts.push(Fact::Charged(batch.charges));
            }
            facts.extend(batch.dead.into_iter().map(Fact::Dead));
            Ok(facts)
        };
        let facts = tokio::task::spawn_blocking(pack)
            .await
            .map_err(|_| Error::Closed)??;
        self.writer.commit(facts, Some(spans)).await
    }

    async fn issue(&self, id: IssueId) -> Result<Option<Issue>> {
        self.reader.issue(id)
    }

    async fn by_short_id(&self, id: &ShortId) -> Result<Option<Issue>> {
        let projects: Vec<Project> = self.reader.values(&Key::of(Table::Project))?;
        let Some(project) = projects.iter().find(|project| project.slug == id.slug) else {
            return Ok(None);
        };
        let key = Key::of(Table::IssueNumber)
            .number(project.id.0)
            .number(id.number.into());
        match self.reader.get(&key)? {
            Some(id) => self.reader.issue(id),
            None => Ok(None),
        }
    }

    async fn list(&self, filter: &IssueFilter, sort: IssueSort, page: PageRequest) -> Result<Page<Issue>> {
        let filter = filter.clone();
        self.blocking(move |reader| list::list(reader, &reader.heard(filter)?, sort, &page))
            .await
    }

    async fn detail(&self, id: IssueId) -> Result<Option<IssueDetail>> {
        self.blocking(move |reader| reader.detail(id)).await
    }

    async fn events(
        &self,
        id: IssueId,
        environment: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<StoredEvent>> {
        let environment = environment.map(str::to_owned);
        self.blocking(move |reader| reader.events(id, environment.as_deref(), &page))
            .await
    }

    async fn newest(
        &self,
        project: ProjectId,
        environment: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<StoredEvent>> {
        let environment = environment.map(str::to_owned);
        self.blocking(move |reader| reader.newest(project, environment.as_deref(), &page))
            .await
    }

    async fn event_of(&self, id: IssueId, which: EventRef) -> Result<Option<PlacedEvent>> {
        self.blocking(move |reader| reader.event_of(id, which)).await
    }

    async fn event(&self, project: ProjectId, id: EventId) -> Result<Option<StoredEvent>> {
        self.blocking(move |reader| reader.event(project, id)).await
    }

    async fn is_counted(&self, project: ProjectId, id: EventId) -> Result<bool> {
        self.reader.is_counted(project, id)
    }

    async fn changed(&self, known: Option<u64>) -> Result<u64> {
        Ok(self.reader.roster.touched(known).await)
    }

    async fn searchable(&self) -> Result<Searchable> {
        self.blocking(Reader::searchable).await
    }

    async fn attachments(&self, project: ProjectId, event: EventId) -> Result<Vec<Attachment>> {
        self.reader.values(
            &Key::of(Table::Attachment)
                .number(project.0)
                .bytes(event.as_bytes()),
        )
    }
}

/// Packs events, in their order, on all cores.
fn pack_all(events: Vec<NewEvent>, dictionaries: &Arc<Dictionaries>) -> Result<Vec<Fact>> {
    use rayon::prelude::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
    let chosen = dictionaries.choose(&events);
    let packed = events
        .into_par_iter()
        .with_min_len(PACKED_BY_ONE)
        .map_init(Packer::new, |packer, event| match packer {
            Ok(packer) => {
                let encoder = chosen.get(&event.record.project);
                packer.pack(event, encoder.map(|it| &**it))
            }
            Err(error) => Err(error.again()),
        })
        .collect::<Result<Vec<_>>>()?;
    dictionaries.learn(packed.iter());
    Ok(packed
        .into_iter()
        .map(|event| Fact::Event(Box::new(event)))
        .collect())
}

impl Reader {
    /// An issue, or the one that it is in now; none when it was removed.
    pub(super) fn issue(&self, id: IssueId) -> Result<Option<Issue>> {
        let mut id = id;
        for _ in 0..Issue::MAX_MERGES {
            let project = self.get::<ProjectId>(&Key::of(Table::IssueProject).number(id.0))?;
            let Some(project) = project else { return Ok(None) };
            match self.get(&Key::of(Table::Issue).number(project.0).number(id.0))? {
                Some(Issue {
                    merged_into: Some(into),
                    ..
                }) => id = into,
                found => return Ok(found),
            }
        }
        Ok(None)
    }

    fn detail(&self, id: IssueId) -> Result<Option<IssueDetail>> {
        let Some(issue) = self.issue(id)? else {
            return Ok(None);
        };
        let mut detail = IssueDetail::default();
        let parts = self.parts(issue.id)?;
        for &part in &parts {
            for key in self.tag_keys(part)? {
                if !detail.tags.iter().any(|(known, _)| *known == key)
                    && let Some(values) = self.tag(issue.id, &key)?
                {
                    detail.tags.push((key, values));
                }
            }
        }
        detail.hashes = self.hashes(&parts)?;
        Ok(Some(detail))
    }

    /// The parts of an issue, oldest first.
    pub(super) fn parts(&self, issue: IssueId) -> Result<Vec<PartId>> {
        let mut parts = Vec::new();
        for row in self.scan::<()>(&Key::of(Table::IssuePart).number(issue.0)) {
            parts.extend(part_in(&row?.0));
        }
        Ok(parts)
    }

    /// The tag keys of a part.
    pub(super) fn tag_keys(&self, part: PartId) -> Result<Vec<String>> {
        Ok(self.get(&Key::of(Table::Tag).number(part.0))?.unwrap_or_default())
    }

    /// The values of one tag of an issue.
    pub(super) fn tag(&self, issue: IssueId, key: &str) -> Result<Option<TagKey>> {
        let mut sum: Option<TagKey> = None;
        for part in self.parts(issue)? {
            let row: Option<TagKey> = self.get(&Key::of(Table::Tag).number(part.0).bytes(key.as_bytes()))?;
            match (&mut sum, row) {
                (Some(sum), Some(row)) => sum.join(row),
                (none, row) => *none = none.take().or(row),
            }
        }
        Ok(sum)
    }

    fn event(&self, project: ProjectId, id: EventId) -> Result<Option<StoredEvent>> {
        let row: Option<EventRow> = self.get(&event_key(project, id))?;
        let Some(row) = row else { return Ok(None) };
        // The events of a removed issue are cleared away bit by bit: they are gone at once all the same.
        match self.issue_of(row.part)? {
            Some(issue) => {
                let found = self.found_in(row.part, row.time, id)?;
                found.map_or(Ok(None), |found| self.stored(issue.id, &found.row))
            }
            None => Ok(None),
        }
    }

    fn is_counted(&self, project: ProjectId, id: EventId) -> Result<bool> {
        let meta: Meta = self.get(&Key::meta())?.unwrap_or_default();
        let first = meta.counted_from.max(meta.last_counted - COUNTED_DAYS);
        for day in first..=meta.last_counted {
            let key = counted_key(day, project, id);
            if self.tree.has(key)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The issue that a part belongs to; none when it was removed.
    pub(super) fn issue_of(&self, part: PartId) -> Result<Option<Issue>> {
        match self.get::<Part>(&Key::of(Table::Part).number(part.0))? {
            Some(part) => self.issue(part.issue),
            None => Ok(None),
        }
    }

    /// The event of a row by time; none when its segment is gone, or its frame is damaged.
    pub(super) fn stored(&self, issue: IssueId, row: &TimeRow) -> Result<Option<StoredEvent>> {
        let Some(event) = unless_damaged(self.segments.event(row.place))? else {
            return Ok(None);
        };
        let record = match row.regrouped {
            Some(place) => unless_damaged(self.segments.regrouped(place))?,
            None => None,
        };
        Ok(Some(StoredEvent {
            issue,
            record: record.unwrap_or(event.record),
            payload: event.payload,
        }))
    }
}

/// What a frame holds; none when it is damaged, which must not cost the pages that show others beside it.
fn unless_damaged<T>(read: Result<Option<T>>) -> Result<Option<T>> {
    match read {
        Err(Error::Damaged(damage)) => {
            error!(damage, "a stored event is lost to damage");
            Ok(None)
        }
        read => read,
    }
}
