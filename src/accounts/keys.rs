//! The keys of a project: everybody reads them, owners and admins make, change and delete them.

use jiff::Timestamp;

use super::tokens::named;
use super::{Accounts, Error, Identity, Permission, Result};
use crate::model::ProjectKey;
use crate::protocol::ids::{ProjectId, PublicKey};
use crate::store::CatalogChange;

impl Accounts {
    /// The keys of a project, oldest first.
    pub async fn keys(&self, project: ProjectId) -> Result<Vec<ProjectKey>> {
        Ok(self.catalog.keys(project).await?)
    }

    /// Makes a key.
    pub async fn create_key(
        &self,
        caller: &Identity,
        project: ProjectId,
        name: Option<&str>,
        now: Timestamp,
    ) -> Result<ProjectKey> {
        caller.require(Permission::ManageProjects)?;
        let key = mint(project, named(name.unwrap_or("Key"))?, now);
        self.catalog
            .apply(vec![CatalogChange::CreateKey(key.clone())])
            .await?;
        Ok(key)
    }

    /// Renames a key, or switches it on or off.
    pub async fn edit_key(
        &self,
        caller: &Identity,
        project: ProjectId,
        public: &str,
        name: Option<&str>,
        active: Option<bool>,
    ) -> Result<ProjectKey> {
        caller.require(Permission::ManageProjects)?;
        let mut key = self.key_of(project, public).await?;
        if let Some(name) = name {
            key.label = named(name)?;
        }
        key.active = active.unwrap_or(key.active);
        self.catalog
            .apply(vec![CatalogChange::UpdateKey(key.clone())])
            .await?;
        Ok(key)
    }

    /// Deletes a key.
    pub async fn delete_key(&self, caller: &Identity, project: ProjectId, public: &str) -> Result<()> {
        caller.require(Permission::ManageProjects)?;
        let key = self.key_of(project, public).await?;
        Ok(self
            .catalog
            .apply(vec![CatalogChange::DeleteKey(key.public)])
            .await?)
    }

    async fn key_of(&self, project: ProjectId, public: &str) -> Result<ProjectKey> {
        let public = public.parse::<PublicKey>().map_err(|_| Error::Missing("key"))?;
        let mut keys = self.catalog.keys(project).await?.into_iter();
        keys.find(|key| key.public == public).ok_or(Error::Missing("key"))
    }
}

/// A new key of a project.
pub(super) fn mint(project: ProjectId, label: String, now: Timestamp) -> ProjectKey {
    ProjectKey {
        public: PublicKey::from_bytes(rand::random()),
        project,
        label,
        active: true,
        created: now,
    }
}
