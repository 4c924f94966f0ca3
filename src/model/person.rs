//! People, and the ways by which they prove who they are.
//!
//! Secrets never stand here: passwords as argon2id strings, tokens, sessions and links as SHA-256.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A person's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UserId(pub u64);

/// The most bytes of an address (RFC 5321, 4.5.3.1.3).
const MAX_EMAIL: usize = 254;

/// An e-mail address as it is kept: trimmed and in lower case. Whether one can receive mail is not checked.
pub fn email_address(text: &str) -> Option<String> {
    let email = text.trim().to_lowercase();
    let is_address = email.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && !host.is_empty() && !host.contains('@') && email.len() <= MAX_EMAIL
    });
    let is_clean = !email.chars().any(|c| c.is_whitespace() || c.is_control());
    (is_address && is_clean).then_some(email)
}

/// What a member may do. Owners may do all; admins all but making owners; members work on issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads everything and triages issues.
    Member,
    /// Also manages projects, keys and members.
    Admin,
    /// Also manages owners.
    Owner,
}

/// A member of the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Their number.
    pub id: UserId,
    /// Unique, lower case.
    pub email: String,
    /// What pages call them.
    pub name: String,
    /// An argon2id PHC string; none until they chose a password.
    pub password_hash: Option<String>,
    /// What they may do.
    pub role: Role,
    /// When they were added.
    pub created: Timestamp,
}

/// SHA-256 of a secret that was drawn at random, so that no salt is needed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SecretHash(pub [u8; 32]);

impl std::fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

/// A token for the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    /// Hash of the token.
    pub hash: SecretHash,
    /// Unique among all tokens; names it in URLs.
    pub id: u64,
    /// Whose it is: it may do what they may do.
    pub user: UserId,
    /// What its owner calls it.
    pub name: String,
    /// Its last four characters, so that its owner recognises it.
    pub preview: String,
    /// When it was made.
    pub created: Timestamp,
}

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebSession {
    /// Hash of the cookie's value.
    pub hash: SecretHash,
    /// Who signed in.
    pub user: UserId,
    /// What unsafe requests of this session must repeat in a header.
    pub csrf_token: String,
    /// When it ends.
    pub expires: Timestamp,
}

/// A link that signs one person in, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInLink {
    /// Hash of the link's token.
    pub hash: SecretHash,
    /// Whom it signs in.
    pub user: UserId,
    /// When it ends.
    pub expires: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_kept_in_one_spelling() {
        assert_eq!(email_address(" Ann@Example.COM ").unwrap(), "ann@example.com");
        for text in ["", "ann", "@example.com", "ann@", "a@b@c", "a b@c", "a@b\u{0}"] {
            assert!(email_address(text).is_none(), "{text:?}");
        }
        assert!(email_address(&format!("{}@b", "a".repeat(300))).is_none());
    }
}
