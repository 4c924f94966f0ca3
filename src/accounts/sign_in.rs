//! How somebody comes in, by password or by one-time link, and leaves again.

use std::net::IpAddr;

use jiff::Timestamp;

use super::{Accounts, Error, Result, secret};
use crate::model::{SignInLink, User, UserId, WebSession};
use crate::store::{self, CatalogChange};

/// A session that just began.
#[derive(Debug)]
pub struct SignedIn {
    /// The secret that the browser keeps: shown this once.
    pub secret: String,
    /// What is kept of it.
    pub session: WebSession,
    /// Who signed in.
    pub user: User,
}

impl Accounts {
    /// Begins a session for whoever knows the password. Unknown and wrong take the same time and say the same.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<SignedIn> {
        let email = email.trim().to_lowercase();
        self.throttle.attempt(&email, address, now)?;
        let user = self.user_by_email(&email).await?;
        let kept = user.as_ref().and_then(|user| user.password_hash.as_deref());
        let matches = self.passwords.verify(password, kept).await?;
        let user = user.filter(|_| matches).ok_or(Error::WrongCredentials)?;
        self.throttle.succeeded(&email, address);
        self.begin_session(user, Vec::new(), now).await
    }

    /// Begins a session for whoever has the link, once.
    ///
    /// A link that ends was made for this person by whoever manages them: it takes the place of a forgotten password,
    /// so that they can choose another one. The first link has no end, and is void once they chose a password: a
    /// forgotten line in a log opens nothing.
    pub async fn follow_link(&self, token: &str, now: Timestamp) -> Result<SignedIn> {
        let hash = secret::hash(token);
        let link = self.catalog.link(hash).await?.filter(|link| link.expires > now);
        let link = link.ok_or(Error::LinkSpent)?;
        let user = self.user(link.user).await?;
        let mut user = user
            .filter(|user| user.password_hash.is_none() || link.expires < Timestamp::MAX)
            .ok_or(Error::LinkSpent)?;
        // The link goes in the commit that makes the session: of two who use it at once, one finds it gone.
        let mut used = vec![CatalogChange::DeleteLink(hash)];
        if user.password_hash.take().is_some() {
            used.push(CatalogChange::UpdateUser(user.clone()));
        }
        match self.begin_session(user, used, now).await {
            Err(Error::Store(store::Error::Missing(_))) => Err(Error::LinkSpent),
            other => other,
        }
    }

    /// Ends a session; one that has ended already is none of anybody's concern.
    pub async fn sign_out(&self, session: &WebSession) -> Result<()> {
        match self
            .catalog
            .apply(vec![CatalogChange::DeleteSession(session.hash)])
            .await
        {
            Err(store::Error::Missing(_)) => Ok(()),
            other => Ok(other?),
        }
    }

    async fn begin_session(&self, user: User, with: Vec<CatalogChange>, now: Timestamp) -> Result<SignedIn> {
        let secret = secret::mint();
        let session = WebSession {
            hash: secret::hash(&secret),
            user: user.id,
            csrf_token: secret::mint(),
            expires: later(now, self.lifetimes.session),
        };
        let mut changes = with;
        changes.push(CatalogChange::ForgetEnded(now));
        changes.push(CatalogChange::CreateSession(session.clone()));
        self.catalog.apply(changes).await?;
        Ok(SignedIn {
            secret,
            session,
            user,
        })
    }
}

/// A new link for `user`: its token, and what is to be kept.
pub(super) fn new_link(user: UserId, expires: Timestamp) -> (String, SignInLink) {
    let token = secret::mint();
    let hash = secret::hash(&token);
    (token, SignInLink { hash, user, expires })
}

/// `now` and a while, or the end of time.
pub(super) fn later(now: Timestamp, lifetime: jiff::SignedDuration) -> Timestamp {
    now.checked_add(lifetime).unwrap_or(Timestamp::MAX)
}
