//! Messages on their way.

use std::collections::{BTreeSet, HashSet};

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Index, Reader};
use crate::model::alert::{Delivery, DeliveryId, FiringId, Recipient};
use crate::model::{Page, PageRequest};
use crate::store::embedded::facts::Fact;
use crate::store::embedded::index::alerts::{delivery_key, firing_deliveries_key};
use crate::store::embedded::index::keys::{Key, Pieces, Table};
use crate::store::{OnlyDead, Outbox, Result, Tried};

#[async_trait]
impl Outbox for Index {
    async fn due(&self, now: Timestamp, limit: usize) -> Result<(Vec<Delivery>, Option<Timestamp>)> {
        self.blocking(move |reader| reader.due_deliveries(now, limit))
            .await
    }

    async fn tried(&self, tried: Vec<Tried>) -> Result<()> {
        self.writer.commit(vec![Fact::tried(&tried)?], None).await
    }

    async fn deliveries(&self, which: OnlyDead, page: PageRequest) -> Result<Page<Delivery>> {
        let table = match which {
            OnlyDead::Dead => Table::DeadDelivery,
            OnlyDead::All => Table::Delivery,
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
}

impl Reader {
    fn due_deliveries(&self, now: Timestamp, limit: usize) -> Result<(Vec<Delivery>, Option<Timestamp>)> {
        let mut due = Vec::new();
        let mut known = HashSet::new();
        for row in self.scan::<Recipient>(&Key::of(Table::Due)) {
            let (key, to) = row?;
            let mut pieces = Pieces::of(&key);
            let (Some(time), Some(id)) = (pieces.signed(), pieces.number()) else {
                continue;
            };
            if time > now.as_microsecond() {
                return Ok((due, Timestamp::from_microsecond(time).ok()));
            }
            if due.len() < limit && known.insert(to) {
                due.extend(self.get::<Delivery>(&delivery_key(DeliveryId(id)))?);
            }
        }
        Ok((due, None))
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
