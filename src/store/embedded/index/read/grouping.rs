//! How a project's stored events are grouped.

use std::ops::Bound::{Excluded, Unbounded};

use async_trait::async_trait;

use super::order::Found;
use super::{Index, Reader};
use crate::model::{Cursor, NewEvent, Page, PageRequest, Part, PartId, Regrouping, StoredEvent};
use crate::protocol::ids::ProjectId;
use crate::store::embedded::facts::Fact;
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::rows;
use crate::store::embedded::pack::Packer;
use crate::store::{Error, Grouping, Order, Result, Rework};

#[async_trait]
impl Grouping for Index {
    async fn parts(&self, project: ProjectId, page: PageRequest) -> Result<Page<Part>> {
        self.blocking(move |reader| reader.parts_in(project, &page)).await
    }

    async fn events(&self, part: PartId, order: Order, page: PageRequest) -> Result<Page<StoredEvent>> {
        self.blocking(move |reader| reader.events_in(part, order, &page))
            .await
    }

    async fn regroup(&self, how_far: Regrouping, steps: Vec<Rework>) -> Result<()> {
        let pack = move || {
            let project = how_far.project;
            let mut packer = Packer::new()?;
            let mut facts = vec![Fact::Regrouping(Box::new(how_far))];
            for step in steps {
                facts.push(match step {
                    Rework::Remake(part) => Fact::Remake(project, part),
                    Rework::Count(record) => {
                        let event = NewEvent {
                            record: *record,
                            payload: bytes::Bytes::new(),
                        };
                        Fact::Regroup(Box::new(packer.pack(event, None)?))
                    }
                });
            }
            Ok(facts)
        };
        let facts = tokio::task::spawn_blocking(pack)
            .await
            .map_err(|_| Error::Closed)?;
        self.writer.commit(facts?, None).await
    }

    async fn regrouping(&self, project: ProjectId) -> Result<Option<Regrouping>> {
        self.reader.get(&Key::of(Table::Regrouping).number(project.0))
    }
}

impl Reader {
    /// A cursor is the number of the last part.
    fn parts_in(&self, project: ProjectId, page: &PageRequest) -> Result<Page<Part>> {
        let after = page.cursor.as_ref().map(|cursor| cursor.0.parse::<u64>());
        let after = after.transpose().map_err(|_| Error::BadCursor)?.unwrap_or(0);
        let begin = Key::of(Table::Part).number(after).into_vec();
        let mut items: Vec<Part> = Vec::new();
        let mut next = None;
        for row in self.tree.range((Excluded(begin), Unbounded)) {
            let (key, value) = row?;
            if key.first() != Some(&(Table::Part as u8)) {
                break;
            }
            let part: Part = rows::decode(&value)?;
            if part.project != project || self.issue(part.issue)?.is_none() {
                continue;
            }
            if items.len() == page.limit {
                next = items.last().map(|last| Cursor(last.id.0.to_string()));
                break;
            }
            items.push(part);
        }
        Ok(Page {
            items,
            previous: None,
            next,
        })
    }

    /// A cursor is the moment of the last event.
    fn events_in(&self, part: PartId, order: Order, page: &PageRequest) -> Result<Page<StoredEvent>> {
        let edge = page.cursor.as_ref().map(|cursor| hex::decode(&cursor.0));
        let edge = edge.transpose().map_err(|_| Error::BadCursor)?;
        let mut items = Vec::new();
        let mut next = None;
        if let Some(issue) = self.issue_of(part)? {
            let found: Box<dyn Iterator<Item = Result<Found>>> = match order {
                Order::Newest => Box::new(self.older(vec![part], edge.as_ref())),
                Order::Oldest => Box::new(self.newer(vec![part], edge.as_ref())),
            };
            let mut last = None;
            for found in found {
                let found = found?;
                if items.len() == page.limit {
                    next = last.map(|moment| Cursor(hex::encode::<Vec<u8>>(moment)));
                    break;
                }
                items.extend(self.stored(issue.id, &found.row)?);
                last = Some(found.moment);
            }
        }
        Ok(Page {
            items,
            previous: None,
            next,
        })
    }
}
