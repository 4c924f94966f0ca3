//! Who is asking: from a bearer token or the secret of a session to a person. It reads no header.

use jiff::Timestamp;

use super::{Accounts, Error, Permission, Result, allows, secret};
use crate::model::{User, UserId, WebSession};

/// Somebody who proved who they are.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The person.
    pub user: User,
    /// How they proved it.
    pub credential: Credential,
}

/// How somebody proved who they are.
#[derive(Debug, Clone)]
pub enum Credential {
    /// With an API token.
    Token,
    /// With the session of a browser, whose every change must repeat the session's CSRF token.
    Session(WebSession),
}

impl Identity {
    /// Fails unless their role permits it.
    pub fn require(&self, permission: Permission) -> Result<()> {
        if allows(self.user.role, permission) {
            Ok(())
        } else {
            Err(Error::Forbidden)
        }
    }
}

impl Accounts {
    /// Whose API token this is.
    pub async fn by_token(&self, token: &str) -> Result<Option<Identity>> {
        let Some(token) = self.catalog.token(secret::hash(token)).await? else {
            return Ok(None);
        };
        let user = self.user(token.user).await?;
        Ok(user.map(|user| Identity {
            user,
            credential: Credential::Token,
        }))
    }

    /// Whose session this is; nobody's when it has ended.
    pub async fn by_session(&self, session: &str, now: Timestamp) -> Result<Option<Identity>> {
        let session = self.catalog.session(secret::hash(session)).await?;
        let Some(session) = session.filter(|session| session.expires > now) else {
            return Ok(None);
        };
        let user = self.user(session.user).await?;
        Ok(user.map(|user| Identity {
            user,
            credential: Credential::Session(session),
        }))
    }

    pub(super) async fn user(&self, id: UserId) -> Result<Option<User>> {
        Ok(self.catalog.users().await?.into_iter().find(|user| user.id == id))
    }

    pub(super) async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        Ok(self
            .catalog
            .users()
            .await?
            .into_iter()
            .find(|user| user.email == email))
    }
}
