//! What is made at start when it is absent: the first owner, a token of theirs, the first project.
//!
//! Nothing that is there is changed: a setting that was used once has no effect later.

use jiff::Timestamp;

use super::sign_in::new_link;
use super::{Accounts, Result, email, keys, projects, secret};
use crate::model::alert::{AlertRule, RuleId};
use crate::model::{GroupingRules, Project, ProjectKey, Role, User, UserId};
use crate::protocol::ids::{ProjectId, PublicKey};
use crate::store::CatalogChange;

impl Accounts {
    /// The owner with this address, made when there is none; without an address the oldest owner, rather one who has
    /// a password, or a new `admin@localhost`.
    pub async fn ensure_owner(
        &self,
        address: Option<&str>,
        password: Option<&str>,
        now: Timestamp,
    ) -> Result<User> {
        let users = self.catalog.users().await?;
        let wanted = address.map(email::normalize).transpose()?;
        let found = match &wanted {
            Some(email) => users.into_iter().find(|user| user.email == *email),
            None => users
                .into_iter()
                .filter(|user| user.role == Role::Owner)
                .min_by_key(|user| user.password_hash.is_none()),
        };
        if let Some(user) = found {
            return Ok(user);
        }
        let email = wanted.unwrap_or_else(|| "admin@localhost".to_owned());
        let password_hash = match password {
            Some(password) => Some(self.passwords.hash(password).await?),
            None => None,
        };
        let id = UserId(self.catalog.next_id().await?);
        let user = User {
            id,
            name: email.clone(),
            email,
            password_hash,
            role: Role::Owner,
            created: now,
        };
        self.catalog
            .apply(vec![CatalogChange::CreateUser(user.clone())])
            .await?;
        Ok(user)
    }

    /// Makes `token` an API token of `user` unless it is known.
    pub async fn ensure_token(&self, user: UserId, token: &str, now: Timestamp) -> Result<()> {
        if self.catalog.token(secret::hash(token)).await?.is_none() {
            self.keep_token(user, token, "bootstrap".to_owned(), now).await?;
        }
        Ok(())
    }

    /// While `user` has no password: the token of a one-time sign-in link for them, good until it is used or they
    /// chose a password. Earlier ones that were not used are void.
    pub async fn first_link(&self, user: UserId) -> Result<Option<String>> {
        let pending = |user: User| user.password_hash.is_none();
        if !self.user(user).await?.is_some_and(pending) {
            return Ok(None);
        }
        let (token, link) = new_link(user, Timestamp::MAX);
        let changes = vec![CatalogChange::ForgetEndlessLinks, CatalogChange::CreateLink(link)];
        self.catalog.apply(changes).await?;
        Ok(Some(token))
    }

    /// The project with this slug and the `key` that was asked for, else its oldest one; what is absent is made.
    pub async fn ensure_project(
        &self,
        slug: &str,
        id: Option<ProjectId>,
        key: Option<PublicKey>,
        now: Timestamp,
    ) -> Result<(Project, ProjectKey)> {
        let projects = self.catalog.projects().await?;
        if let Some(project) = projects.into_iter().find(|it| it.slug == slug) {
            let key = self.ensure_key(project.id, key, now).await?;
            return Ok((project, key));
        }
        let number = self.catalog.next_id().await?;
        let id = id.unwrap_or(ProjectId(number));
        let slug = projects::valid(slug.to_owned())?;
        let project = Project {
            id,
            name: slug.clone(),
            slug,
            platform: None,
            created: now,
            grouping: GroupingRules::default(),
            retention_days: None,
        };
        let key = default_key(id, key, now);
        let changes = vec![
            CatalogChange::CreateProject(project.clone(), key.clone()),
            CatalogChange::SaveRule(AlertRule::first(RuleId(number), id, now)),
        ];
        self.catalog.apply(changes).await?;
        Ok((project, key))
    }

    async fn ensure_key(
        &self,
        project: ProjectId,
        wanted: Option<PublicKey>,
        now: Timestamp,
    ) -> Result<ProjectKey> {
        let known = self.catalog.keys(project).await?;
        let fits = |key: &ProjectKey| wanted.is_none_or(|wanted| key.public == wanted);
        match known.into_iter().find(fits) {
            Some(key) => Ok(key),
            None => self.keep_key(default_key(project, wanted, now)).await,
        }
    }

    async fn keep_key(&self, key: ProjectKey) -> Result<ProjectKey> {
        self.catalog
            .apply(vec![CatalogChange::CreateKey(key.clone())])
            .await?;
        Ok(key)
    }
}

/// A key by the name that a project's first one has: the `wanted` one, or any.
fn default_key(project: ProjectId, wanted: Option<PublicKey>, now: Timestamp) -> ProjectKey {
    let minted = keys::mint(project, "Default".to_owned(), now);
    ProjectKey {
        public: wanted.unwrap_or(minted.public),
        ..minted
    }
}
