//! Alert rules, destinations and preferences: small tables whose pages stay in memory, read where the caller stands.

use async_trait::async_trait;

use super::Index;
use crate::model::UserId;
use crate::model::alert::{AlertRule, Destination, Preferences, SigningKey};
use crate::store::embedded::index::alerts::{preferences_key, signing_key};
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::{Alerting, Result};

#[async_trait]
impl Alerting for Index {
    async fn rules(&self) -> Result<Vec<AlertRule>> {
        self.reader.values(&Key::of(Table::AlertRule))
    }

    async fn destinations(&self) -> Result<Vec<Destination>> {
        self.reader.values(&Key::of(Table::Destination))
    }

    async fn preferences(&self, user: UserId) -> Result<Preferences> {
        let known = self.reader.get(&preferences_key(user))?;
        Ok(known.unwrap_or_default())
    }

    async fn signing_key(&self) -> Result<Option<SigningKey>> {
        self.reader.get(&signing_key())
    }
}
