//! What fired, and what became of the messages; sending again what was given up.

use jiff::Timestamp;

use super::{Book, Error, Result};
use crate::alerts::engine;
use crate::model::alert::delivery::Cargo;
use crate::model::alert::{Delivery, DeliveryId, DeliveryState, Firing, FiringId, RuleId};
use crate::model::{IssueId, Page, PageRequest};
use crate::store::{Deliveries, FiringFilter, Tried};

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
        Ok(Page {
            items: self.told(page.items).await?,
            previous: page.previous,
            next: page.next,
        })
    }

    /// These firings, in the order asked; those that are gone are left out.
    pub async fn fired(&self, ids: &[FiringId]) -> Result<Vec<Told>> {
        self.told(self.alerts.firing(ids).await?).await
    }

    async fn told(&self, firings: Vec<Firing>) -> Result<Vec<Told>> {
        let ids: Vec<_> = firings.iter().map(|it| it.id).collect();
        let deliveries = self.outbox.deliveries_of(&ids).await?;
        let told = firings.into_iter().map(|firing| {
            let tells = |it: &&Delivery| matches!(&it.cargo, Cargo::Firings(ids) if ids.contains(&firing.id));
            let deliveries = deliveries.iter().filter(tells).cloned().collect();
            Told { firing, deliveries }
        });
        Ok(told.collect())
    }

    /// What is held at the moment, what is told next first.
    pub async fn held(&self, filter: &FiringFilter) -> Result<Vec<Firing>> {
        let (_, kept) = self.alerts.progress().await?;
        let mut held = engine::held(kept, &self.alerting.rules().await?);
        held.retain(|firing| {
            let is_about = |issue: IssueId| firing.causes.iter().any(|cause| cause.issue == Some(issue));
            (filter.projects.is_empty() || filter.projects.contains(&firing.project))
                && filter.rule.is_none_or(|rule| rule == firing.rule)
                && filter.issue.is_none_or(is_about)
        });
        Ok(held)
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
    pub async fn deliveries(&self, which: Deliveries, page: PageRequest) -> Result<Page<Delivery>> {
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
