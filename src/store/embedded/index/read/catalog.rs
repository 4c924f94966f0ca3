//! Projects, keys and people: small tables whose pages stay in memory, read where the caller stands.

use async_trait::async_trait;

use super::Index;
use crate::model::{
    ApiToken, Project, ProjectKey, ProjectLimits, SecretHash, SignInLink, User, UserId, WebSession,
};
use crate::protocol::ids::{ProjectId, PublicKey};
use crate::store::embedded::facts::Fact;
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::rows::Meta;
use crate::store::{Catalog, CatalogChange, Result};

#[async_trait]
impl Catalog for Index {
    async fn apply(&self, changes: Vec<CatalogChange>) -> Result<()> {
        self.writer.commit(vec![Fact::Catalog(changes)], None).await
    }

    async fn next_id(&self) -> Result<u64> {
        let meta: Option<Meta> = self.reader.get(&Key::meta())?;
        Ok(meta.map_or(1, |meta| meta.last_id + 1))
    }

    async fn projects(&self) -> Result<Vec<Project>> {
        let mut projects: Vec<Project> = self.reader.values(&Key::of(Table::Project))?;
        projects.sort_by(|a, b| a.slug.cmp(&b.slug));
        Ok(projects)
    }

    async fn key(&self, public: PublicKey) -> Result<Option<ProjectKey>> {
        self.reader.get(&Key::of(Table::Key).bytes(public.as_bytes()))
    }

    async fn limits(&self, project: ProjectId) -> Result<ProjectLimits> {
        let limits = self.reader.get(&Key::of(Table::Limits).number(project.0))?;
        Ok(limits.unwrap_or_default())
    }

    async fn keys(&self, project: ProjectId) -> Result<Vec<ProjectKey>> {
        let mut keys: Vec<ProjectKey> = self.reader.values(&Key::of(Table::Key))?;
        keys.retain(|key| key.project == project);
        keys.sort_by_key(|key| key.created);
        Ok(keys)
    }

    async fn users(&self) -> Result<Vec<User>> {
        self.reader.values(&Key::of(Table::User))
    }

    async fn token(&self, hash: SecretHash) -> Result<Option<ApiToken>> {
        self.reader.get(&Key::of(Table::Token).bytes(&hash.0))
    }

    async fn tokens(&self, user: UserId) -> Result<Vec<ApiToken>> {
        let mut tokens: Vec<ApiToken> = self.reader.values(&Key::of(Table::Token))?;
        tokens.retain(|token| token.user == user);
        tokens.sort_by_key(|token| token.id);
        Ok(tokens)
    }

    async fn session(&self, hash: SecretHash) -> Result<Option<WebSession>> {
        self.reader.get(&Key::of(Table::Session).bytes(&hash.0))
    }

    async fn link(&self, hash: SecretHash) -> Result<Option<SignInLink>> {
        self.reader.get(&Key::of(Table::Link).bytes(&hash.0))
    }
}
