//! What people want to be told of, and where. It is changed like all of the catalog: see
//! [`CatalogChange`](super::CatalogChange).

use async_trait::async_trait;

use super::Result;
use crate::model::UserId;
use crate::model::alert::{AlertRule, Destination, Preferences, SigningKey};

/// What people want to be told of, and where: small, strongly consistent, fast to read.
#[async_trait]
pub trait Alerting: Send + Sync {
    /// All rules, oldest first.
    async fn rules(&self) -> Result<Vec<AlertRule>>;
    /// All places that can be told, oldest first.
    async fn destinations(&self) -> Result<Vec<Destination>>;
    /// What a member wants; the default of who never said so.
    async fn preferences(&self, user: UserId) -> Result<Preferences>;
    /// The key that signs links, once it was set.
    async fn signing_key(&self) -> Result<Option<SigningKey>>;
}
