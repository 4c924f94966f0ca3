//! What fired, and what became of the messages; sending again what was given up.

use jiff::Timestamp;

use super::{Book, Error, Result};
use crate::model::alert::delivery::Cargo;
use crate::model::alert::{Delivery, DeliveryId, DeliveryState, Firing, RuleId};
use crate::model::{Page, PageRequest};
use crate::store::{FiringFilter, OnlyDead, Tried};

/// That a rule fired, and what is brought to whom for that.
#[derive(Debug, Clone)]
pub struct Told {
    /// What fired.
    pub firing: Firing,
    /// Its messages, oldest first.
    pub deliveries: Vec<Delivery>,
}

impl Book {
    /// What fired, latest first.
    pub async fn history(&self, filter: &FiringFilter, page: PageRequest) -> Result<Page<Told>> {
        let page = self.alerts.firings(filter, page).await?;
        let ids: Vec<_> = page.items.iter().map(|it| it.id).collect();
        let deliveries = self.outbox.deliveries_of(&ids).await?;
        Ok(page.map(|firing| {
            let tells = |it: &&Delivery| matches!(&it.cargo, Cargo::Firings(ids) if ids.contains(&firing.id));
            let deliveries = deliveries.iter().filter(tells).cloned().collect();
            Told { firing, deliveries }
        }))
    }

    /// When a rule fired last; none if it did not as far as the history goes back.
    pub async fn last_fired(&self, rule: RuleId) -> Result<Option<Timestamp>> {
        let filter = FiringFilter {
            rule: Some(rule),
            ..FiringFilter::default()
        };
        let page = self.alerts.firings(&filter, PageRequest::first(1)).await?;
        Ok(page.items.first().map(|firing| firing.time))
    }

    /// Messages, latest first.
    pub async fn deliveries(&self, which: OnlyDead, page: PageRequest) -> Result<Page<Delivery>> {
        Ok(self.outbox.deliveries(which, page).await?)
    }

    /// Has a message tried again, from now on; one that waits is tried at once.
    pub async fn send_again(&self, id: DeliveryId, now: Timestamp) -> Result<Delivery> {
        let missing = || Error::Missing("delivery");
        let delivery = self.outbox.delivery(id).await?.ok_or_else(missing)?;
        if delivery.state == DeliveryState::Delivered {
            return Err(Error::Conflict("It was delivered already."));
        }
        let again = Tried {
            delivery: id,
            created: delivery.created,
            attempt: None,
            state: DeliveryState::Waiting { next: now },
        };
        self.outbox.tried(vec![again]).await?;
        self.outbox.delivery(id).await?.ok_or_else(missing)
    }
}
