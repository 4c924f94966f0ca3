//! Messages on their way.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Index, Reader};
use crate::model::alert::{Delivery, DeliveryId, DestinationId, Fared, FiringId, Recipient};
use crate::model::{Page, PageRequest};
use crate::store::embedded::facts::Fact;
use crate::store::embedded::index::alerts::{
    alerts_line, behind_line, delivery_key, due_of, fared_key, firing_deliveries_key,
};
use crate::store::embedded::index::keys::{Key, Pieces, Table};
use crate::store::{Deliveries, Outbox, Result, Tried};

#[async_trait]
impl Outbox for Index {
    async fn due(&self, now: Timestamp, limit: usize) -> Result<(Vec<Delivery>, Option<Timestamp>)> {
        self.blocking(move |reader| reader.due_deliveries(now, limit))
            .await
    }

    async fn tried(&self, tried: Vec<Tried>) -> Result<()> {
        self.writer.commit(vec![Fact::tried(&tried)?], None).await
    }

    async fn deliveries(&self, which: Deliveries, page: PageRequest) -> Result<Page<Delivery>> {
        let table = match which {
            Deliveries::Undelivered => Table::DeadDelivery,
            Deliveries::All => Table::Delivery,
        };
        self.blocking(move |reader| {
            let load = |id| reader.get(&delivery_key(DeliveryId(id)));
            reader.latest(&Key::of(table), &page, load)
        })
        .await
    }

    async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>> {
        self.reader.get(&delivery_key(id))
    }

    async fn deliveries_of(&self, ids: &[FiringId]) -> Result<Vec<Delivery>> {
        let ids = ids.to_vec();
        self.blocking(move |reader| reader.deliveries_of(&ids)).await
    }

    async fn fared(&self, ids: &[DestinationId]) -> Result<Vec<(Fared, u64)>> {
        let ids = ids.to_vec();
        self.blocking(move |reader| ids.into_iter().map(|id| reader.fared(id)).collect())
            .await
    }
}

impl Reader {
    /// Goes from line to line, however many stand in one: to somebody who is not there for a day it may be thousands.
    fn due_deliveries(&self, now: Timestamp, limit: usize) -> Result<(Vec<Delivery>, Option<Timestamp>)> {
        let (mut due, mut next) = (Vec::new(), None);
        let mut line = Key::of(Table::Due).into_vec();
        let end = Key::of(Table::Due).bytes(&[u8::MAX]).into_vec();
        while let Some(row) = self.tree.range(line..end.clone()).next() {
            let (key, _) = row?;
            line = behind_line(&key);
            match due_of(&key) {
                Some((time, id)) if time <= now.as_microsecond() => due.push((time, id)),
                Some((time, _)) => next = Some(next.map_or(time, |next: i64| next.min(time))),
                None => {}
            }
        }
        due.sort_unstable_by_key(|(time, id)| (*time, id.0));
        let mut deliveries = Vec::new();
        for (_, id) in due.into_iter().take(limit) {
            deliveries.extend(self.get::<Delivery>(&delivery_key(id))?);
        }
        Ok((
            deliveries,
            next.and_then(|next| Timestamp::from_microsecond(next).ok()),
        ))
    }

    fn fared(&self, id: DestinationId) -> Result<(Fared, u64)> {
        let fared = self.get(&fared_key(id))?.unwrap_or_default();
        let waiting = self.scan::<()>(&alerts_line(&Recipient::Destination(id)));
        Ok((fared, waiting.count() as u64))
    }

    fn deliveries_of(&self, firings: &[FiringId]) -> Result<Vec<Delivery>> {
        let mut ids = BTreeSet::new();
        for firing in firings {
            for row in self.scan::<()>(&firing_deliveries_key(*firing)) {
                let (key, ()) = row?;
                let mut pieces = Pieces::of(&key);
                if let (Some(_), Some(id)) = (pieces.number(), pieces.number()) {
                    ids.insert(DeliveryId(id));
                }
            }
        }
        let mut deliveries = Vec::new();
        for id in ids {
            deliveries.extend(self.get::<Delivery>(&delivery_key(id))?);
        }
        Ok(deliveries)
    }
}
