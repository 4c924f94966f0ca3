//! What everybody may change about themselves.

use std::net::IpAddr;

use jiff::Timestamp;

use super::tokens::named;
use super::{Accounts, Credential, Error, Identity, Result, email};
use crate::model::User;
use crate::store::CatalogChange;

/// Changes to one's own account; what is `None` stays.
#[derive(Default)]
pub struct Edit {
    /// Name for people.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// A new password.
    pub password: Option<String>,
    /// Needed to change e-mail address or password once there is a password.
    pub current_password: Option<String>,
}

impl Accounts {
    /// Changes one's own account.
    pub async fn edit_profile(
        &self,
        caller: &Identity,
        edit: Edit,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<User> {
        let mut user = caller.user.clone();
        if edit.email.is_some() || edit.password.is_some() {
            self.confirm(&user, edit.current_password.as_deref(), address, now)
                .await?;
        }
        if let Some(name) = &edit.name {
            user.name = named(name)?;
        }
        if let Some(address) = &edit.email {
            user.email = email::normalize(address)?;
        }
        let mut changes = Vec::new();
        if let Some(password) = &edit.password {
            user.password_hash = Some(self.passwords.hash(password).await?);
            // Whoever knew the former password may be signed in somewhere.
            changes.push(CatalogChange::SignOut(user.id));
            if let Credential::Session(session) = &caller.credential {
                changes.push(CatalogChange::CreateSession(session.clone()));
            }
        }
        changes.push(CatalogChange::UpdateUser(user.clone()));
        self.catalog.apply(changes).await?;
        Ok(user)
    }

    /// A borrowed browser or a leaked token must not be enough to take the account over, nor to try passwords.
    async fn confirm(
        &self,
        user: &User,
        password: Option<&str>,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<()> {
        let Some(kept) = &user.password_hash else {
            return Ok(());
        };
        self.throttle.attempt(&user.email, address, now)?;
        if !self
            .passwords
            .verify(password.unwrap_or_default(), Some(kept))
            .await?
        {
            return Err(Error::WrongPassword);
        }
        self.throttle.succeeded(&user.email, address);
        Ok(())
    }
}
