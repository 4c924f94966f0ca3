//! The book of what people want to be told of, and where: rules, destinations, what members want by e-mail, and the history
//! of what they were told.
//!
//! It checks and keeps; what fires is decided by the engine, and who may change what, by its callers.

mod destination;
mod history;
mod member;

use std::sync::Arc;

pub use history::Told;

use super::check::{self, Fault, Known};
use crate::model::alert::{AlertRule, Channel, Destination, DestinationId, Fared, RuleId};
use crate::store::{self, Alerting, Alerts, Catalog, CatalogChange, Outbox, Store};

/// The most rules: each one is judged for everything that happens.
pub const MAX_RULES: usize = 1_000;
/// The most destinations.
pub const MAX_DESTINATIONS: usize = 200;

/// Why it was not done. The texts are read by people.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing.
    #[error("There is no such {0}.")]
    Missing(&'static str),
    /// It cannot be kept as it is.
    #[error("The {what} cannot be kept.")]
    Refused {
        /// What.
        what: &'static str,
        /// Which of its fields, and why.
        faults: Vec<Fault>,
    },
    /// It contradicts what is there.
    #[error("{0}")]
    Conflict(&'static str),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What the book answers.
pub type Result<T> = std::result::Result<T, Error>;

/// The book.
pub struct Book {
    catalog: Arc<dyn Catalog>,
    alerting: Arc<dyn Alerting>,
    alerts: Arc<dyn Alerts>,
    outbox: Arc<dyn Outbox>,
}

impl Book {
    /// The book that `store` keeps.
    pub fn new(store: &Store) -> Self {
        Self {
            catalog: store.catalog.clone(),
            alerting: store.alerting.clone(),
            alerts: store.alerts.clone(),
            outbox: store.outbox.clone(),
        }
    }

    /// All rules, oldest first.
    pub async fn rules(&self) -> Result<Vec<AlertRule>> {
        Ok(self.alerting.rules().await?)
    }

    /// One rule.
    pub async fn rule(&self, id: RuleId) -> Result<AlertRule> {
        let mut rules = self.alerting.rules().await?.into_iter();
        rules.find(|rule| rule.id == id).ok_or(Error::Missing("rule"))
    }

    /// Keeps a new rule; its number is given here.
    pub async fn create_rule(&self, mut rule: AlertRule) -> Result<AlertRule> {
        self.check(&rule).await?;
        if self.alerting.rules().await?.len() >= MAX_RULES {
            return Err(Error::Conflict("There are 1000 rules already."));
        }
        self.numbered(|number| {
            rule.id = RuleId(number);
            (rule.clone(), CatalogChange::SaveRule(rule.clone()))
        })
        .await
    }

    /// Keeps a rule that was changed. Whom it tells may be gone meanwhile: that is in nobody's way who only mutes it.
    pub async fn save_rule(&self, rule: &AlertRule) -> Result<()> {
        let known = self.rule(rule.id).await?;
        let mut faults = self.faults(rule).await?;
        faults.retain(|fault| known.actions != rule.actions || !fault.field.starts_with("actions"));
        refuse("rule", faults)?;
        Ok(self
            .catalog
            .apply(vec![CatalogChange::SaveRule(rule.clone())])
            .await?)
    }

    /// Deletes a rule. What fired stays in the history.
    pub async fn delete_rule(&self, id: RuleId) -> Result<()> {
        self.rule(id).await?;
        Ok(self.catalog.apply(vec![CatalogChange::DeleteRule(id)]).await?)
    }

    /// Whether a rule makes sense, and all that it names is there.
    pub async fn check(&self, rule: &AlertRule) -> Result<()> {
        refuse("rule", self.faults(rule).await?)
    }

    async fn faults(&self, rule: &AlertRule) -> Result<Vec<check::Fault>> {
        let destinations = self.alerting.destinations().await?;
        let members = self.catalog.users().await?;
        let projects = self.catalog.projects().await?;
        Ok(check::check(
            rule,
            &Known {
                destinations: destinations.iter().map(|it| it.id).collect(),
                members: members.iter().map(|it| it.id).collect(),
                projects: projects.iter().map(|it| it.id).collect(),
            },
        ))
    }

    /// All destinations, oldest first.
    pub async fn destinations(&self) -> Result<Vec<Destination>> {
        Ok(self.alerting.destinations().await?)
    }

    /// One destination.
    pub async fn destination(&self, id: DestinationId) -> Result<Destination> {
        let mut all = self.alerting.destinations().await?.into_iter();
        all.find(|it| it.id == id).ok_or(Error::Missing("destination"))
    }

    /// How each of these destinations fared, and how many messages wait for it.
    pub async fn fared(&self, destinations: &[Destination]) -> Result<Vec<(Fared, u64)>> {
        let ids: Vec<_> = destinations.iter().map(|it| it.id).collect();
        Ok(self.outbox.fared(&ids).await?)
    }

    /// Keeps a new destination; its number is given here.
    pub async fn create_destination(&self, mut destination: Destination) -> Result<Destination> {
        refuse("destination", destination::of_destination(&destination))?;
        if self.alerting.destinations().await?.len() >= MAX_DESTINATIONS {
            return Err(Error::Conflict("There are 200 destinations already."));
        }
        self.numbered(|number| {
            destination.id = DestinationId(number);
            (
                destination.clone(),
                CatalogChange::SaveDestination(destination.clone()),
            )
        })
        .await
    }

    /// Keeps a destination that was changed.
    pub async fn save_destination(&self, destination: &Destination) -> Result<()> {
        refuse("destination", destination::of_destination(destination))?;
        let change = CatalogChange::SaveDestination(destination.clone());
        Ok(self.catalog.apply(vec![change]).await?)
    }

    /// Whether a channel can be told at all.
    pub fn check_channel(channel: &Channel) -> Result<()> {
        refuse("destination", destination::of_channel(channel))
    }

    /// Deletes a destination, unless a rule sends to it.
    pub async fn delete_destination(&self, id: DestinationId) -> Result<()> {
        self.destination(id).await?;
        Ok(self
            .catalog
            .apply(vec![CatalogChange::DeleteDestination(id)])
            .await?)
    }

    /// Keeps what `make` makes of a number that nothing else has. Of two who are given the same number at once, the
    /// second makes it anew: somebody gets ahead each time, so that this ends.
    async fn numbered<T>(&self, mut make: impl FnMut(u64) -> (T, CatalogChange)) -> Result<T> {
        loop {
            let number = self.catalog.next_id().await?;
            let (made, change) = make(number);
            match self.catalog.apply(vec![change]).await {
                Err(store::Error::Conflict(_)) if self.catalog.next_id().await? != number => {}
                other => return Ok(other.map(|()| made)?),
            }
        }
    }
}

fn refuse(what: &'static str, faults: Vec<Fault>) -> Result<()> {
    match faults.is_empty() {
        true => Ok(()),
        false => Err(Error::Refused { what, faults }),
    }
}

/// A fault, unless it `holds`.
fn unless(holds: bool, field: &str, what: &'static str) -> Option<Fault> {
    (!holds).then(|| Fault {
        field: field.to_owned(),
        what,
    })
}
