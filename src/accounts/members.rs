//! The members of the organisation, managed by owners and admins. Only owners make, change and remove owners.

use jiff::Timestamp;

use super::sign_in::{later, new_link};
use super::tokens::named;
use super::{Accounts, Error, Identity, Permission, Result, email};
use crate::model::{Role, User, UserId};
use crate::store::CatalogChange;

/// A member who was just invited.
#[derive(Debug)]
pub struct Invitation {
    /// The new member.
    pub user: User,
    /// Token of their sign-in link: shown this once.
    pub token: String,
}

impl Accounts {
    /// All members, oldest first.
    pub async fn members(&self, caller: &Identity) -> Result<Vec<User>> {
        caller.require(Permission::ManageMembers)?;
        Ok(self.catalog.users().await?)
    }

    /// All members, for who did what: every member may know.
    pub async fn people(&self) -> Result<Vec<User>> {
        Ok(self.catalog.users().await?)
    }

    /// Adds a member, who comes in by a one-time link.
    pub async fn invite(
        &self,
        caller: &Identity,
        address: &str,
        role: Role,
        name: Option<&str>,
        now: Timestamp,
    ) -> Result<Invitation> {
        caller.require(manage(role))?;
        let email = email::normalize(address)?;
        if self.user_by_email(&email).await?.is_some() {
            return Err(Error::Conflict("There is a member with this e-mail address."));
        }
        let name = name.map_or_else(|| Ok(email.clone()), named)?;
        self.numbered(async |number| {
            let user = User {
                id: UserId(number),
                email: email.clone(),
                name: name.clone(),
                password_hash: None,
                role,
                created: now,
            };
            let (token, link) = new_link(user.id, later(now, self.lifetimes.link));
            let changes = vec![
                CatalogChange::CreateUser(user.clone()),
                CatalogChange::CreateLink(link),
            ];
            Ok((Invitation { user, token }, changes))
        })
        .await
    }

    /// A new sign-in link for a member who lost theirs or forgot the password: its token, shown this once.
    pub async fn renew_link(&self, caller: &Identity, id: &str, now: Timestamp) -> Result<String> {
        let user = self.managed(caller, id).await?;
        let (token, link) = new_link(user.id, later(now, self.lifetimes.link));
        self.catalog.apply(vec![CatalogChange::CreateLink(link)]).await?;
        Ok(token)
    }

    /// Changes a member's role or name.
    pub async fn edit_member(
        &self,
        caller: &Identity,
        id: &str,
        role: Option<Role>,
        name: Option<&str>,
    ) -> Result<User> {
        let mut user = self.managed(caller, id).await?;
        if let Some(role) = role {
            caller.require(manage(role))?;
            user.role = role;
        }
        if let Some(name) = name {
            user.name = named(name)?;
        }
        self.catalog
            .apply(vec![CatalogChange::UpdateUser(user.clone())])
            .await?;
        Ok(user)
    }

    /// Removes a member with their tokens and sessions.
    pub async fn remove_member(&self, caller: &Identity, id: &str) -> Result<()> {
        let user = self.managed(caller, id).await?;
        Ok(self
            .catalog
            .apply(vec![CatalogChange::DeleteUser(user.id)])
            .await?)
    }

    /// The member with this id, if `caller` may manage them.
    async fn managed(&self, caller: &Identity, id: &str) -> Result<User> {
        caller.require(Permission::ManageMembers)?;
        let users = self.catalog.users().await?;
        let user = users
            .into_iter()
            .find(|user| user.id.0.to_string() == id)
            .ok_or(Error::Missing("member"))?;
        caller.require(manage(user.role))?;
        Ok(user)
    }
}

/// What it takes to give or take this role.
fn manage(role: Role) -> Permission {
    match role {
        Role::Owner => Permission::ManageOwners,
        Role::Admin | Role::Member => Permission::ManageMembers,
    }
}
