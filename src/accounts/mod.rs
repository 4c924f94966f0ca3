//! Who may do what: people and how they prove who they are, and what they manage for the organisation.
//!
//! In reading order: the pure parts (`permission`, `secret`, `password`, `throttle`), how somebody comes in
//! (`sign_in`, `identity`), what is managed (`profile`, `members`, `tokens`, `projects`, `keys`) and what is
//! made at the first start (`bootstrap`). It knows no cookie and no header; *now* is always an argument.

mod bootstrap;
mod email;
mod identity;
mod keys;
mod members;
mod password;
mod permission;
mod profile;
mod projects;
mod secret;
mod sign_in;
mod slug;
mod throttle;
mod tokens;

use std::sync::Arc;
use std::time::Duration;

pub use identity::{Credential, Identity};
pub use members::Invitation;
pub use permission::{Permission, allows, parse_role, role_name, scopes};
pub use profile::Edit as EditProfile;
pub use projects::{Edit as EditProject, New as NewProject};
pub use sign_in::SignedIn;

use self::password::Passwords;
use self::throttle::Throttle;
use crate::store::{self, Catalog, CatalogChange};

/// Why it was not done. The texts are read by people.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Unknown e-mail address or wrong password: which one is not said.
    #[error("E-mail or password is wrong.")]
    WrongCredentials,
    /// The link was used, has expired, or never was one.
    #[error("This link was used or has expired.")]
    LinkSpent,
    /// The current password was wrong or missing.
    #[error("The current password is wrong.")]
    WrongPassword,
    /// Too many attempts.
    #[error("Too many attempts.")]
    Throttled {
        /// When the next one is looked at.
        retry_after: Duration,
    },
    /// More sign-ins at once than memory allows.
    #[error("Too many people are signing in, try again in a moment.")]
    Busy,
    /// The role does not permit it.
    #[error("You do not have permission to do this.")]
    Forbidden,
    /// A value cannot be taken as it is.
    #[error("{0}")]
    Invalid(&'static str),
    /// It contradicts what is there.
    #[error("{0}")]
    Conflict(&'static str),
    /// There is no such thing.
    #[error("There is no such {0}.")]
    Missing(&'static str),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What this room answers.
pub type Result<T> = std::result::Result<T, Error>;

/// How long what proves an identity is good for.
#[derive(Debug, Clone, Copy)]
pub struct Lifetimes {
    /// From sign-in to the end of the session.
    pub session: jiff::SignedDuration,
    /// From an invitation to the end of its link.
    pub link: jiff::SignedDuration,
}

/// The accounts of the installation.
pub struct Accounts {
    catalog: Arc<dyn Catalog>,
    lifetimes: Lifetimes,
    passwords: Passwords,
    throttle: Throttle,
}

impl Accounts {
    /// The accounts that `catalog` keeps.
    pub fn new(catalog: Arc<dyn Catalog>, lifetimes: Lifetimes) -> Self {
        Self {
            catalog,
            lifetimes,
            passwords: Passwords::default(),
            throttle: Throttle::default(),
        }
    }

    /// Keeps what `make` makes of a number that nothing else has. Of two who are given the same number at once, the
    /// second makes it anew: somebody gets ahead each time, so that this ends.
    async fn numbered<T>(&self, make: impl AsyncFn(u64) -> Result<(T, Vec<CatalogChange>)>) -> Result<T> {
        loop {
            let number = self.catalog.next_id().await?;
            let (made, changes) = make(number).await?;
            match self.catalog.apply(changes).await {
                Err(store::Error::Conflict(_)) if self.catalog.next_id().await? != number => {}
                other => return Ok(other.map(|()| made)?),
            }
        }
    }
}
