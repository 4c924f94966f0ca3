//! API tokens: everybody manages their own, and each may do what its owner may do.

use jiff::Timestamp;

use super::{Accounts, Error, Identity, Result, secret};
use crate::model::{ApiToken, UserId};
use crate::store::CatalogChange;

/// The most characters of a name.
pub(super) const MAX_NAME: usize = 64;

impl Accounts {
    /// One's own tokens, oldest first.
    pub async fn tokens(&self, caller: &Identity) -> Result<Vec<ApiToken>> {
        Ok(self.catalog.tokens(caller.user.id).await?)
    }

    /// Makes a token: the secret, shown this once, and what is kept of it.
    pub async fn create_token(
        &self,
        caller: &Identity,
        name: &str,
        now: Timestamp,
    ) -> Result<(String, ApiToken)> {
        let secret = secret::mint_token();
        let token = self
            .keep_token(caller.user.id, &secret, named(name)?, now)
            .await?;
        Ok((secret, token))
    }

    /// Revokes one of one's own tokens.
    pub async fn delete_token(&self, caller: &Identity, id: &str) -> Result<()> {
        let tokens = self.catalog.tokens(caller.user.id).await?;
        let token = tokens
            .into_iter()
            .find(|token| token.id.to_string() == id)
            .ok_or(Error::Missing("token"))?;
        Ok(self
            .catalog
            .apply(vec![CatalogChange::DeleteToken(token.hash)])
            .await?)
    }

    pub(super) async fn keep_token(
        &self,
        user: UserId,
        secret: &str,
        name: String,
        now: Timestamp,
    ) -> Result<ApiToken> {
        let last_four = secret.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
        self.numbered(async |number| {
            let token = ApiToken {
                hash: secret::hash(secret),
                id: number,
                user,
                name: name.clone(),
                preview: secret[last_four..].to_owned(),
                created: now,
            };
            Ok((token.clone(), vec![CatalogChange::CreateToken(token)]))
        })
        .await
    }
}

/// A name for people, trimmed; neither empty nor endless.
pub(super) fn named(name: &str) -> Result<String> {
    match name.trim() {
        "" => Err(Error::Invalid("A name is needed.")),
        name if name.chars().count() > MAX_NAME => Err(Error::Invalid("A name has at most 64 characters.")),
        name => Ok(name.to_owned()),
    }
}
