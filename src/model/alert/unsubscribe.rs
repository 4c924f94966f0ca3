//! Links by which a member stops mail without signing in: who and which mail, signed, so that nobody stops another's.
//!
//! ```text
//! 12.digest.<64 hex digits of HMAC-SHA256 over "unsubscribe 12.digest">
//! ```

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::preferences::SigningKey;
use crate::model::person::UserId;

/// Which mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mailing {
    /// That rules fired.
    Alerts,
    /// What happened in a day or a week.
    Digest,
}

impl Mailing {
    const ALL: [Self; 2] = [Self::Alerts, Self::Digest];

    /// Its name in links, and on the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alerts => "alerts",
            Self::Digest => "digest",
        }
    }
}

/// That a member wants no more mail of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsubscribe {
    /// Who.
    pub user: UserId,
    /// Which mail.
    pub from: Mailing,
}

impl Unsubscribe {
    /// What stands in the link.
    pub fn token(self, key: &SigningKey) -> String {
        let said = self.said();
        let signature = hex::encode(signer(key, &said).finalize().into_bytes());
        format!("{said}.{signature}")
    }

    /// What a token says; none unless it was signed with `key`.
    pub fn read(token: &str, key: &SigningKey) -> Option<Self> {
        let (said, signature) = token.rsplit_once('.')?;
        signer(key, said)
            .verify_slice(&hex::decode(signature).ok()?)
            .ok()?;
        let (user, from) = said.split_once('.')?;
        Some(Self {
            user: UserId(user.parse().ok()?),
            from: Mailing::ALL.into_iter().find(|it| it.name() == from)?,
        })
    }

    fn said(self) -> String {
        format!("{}.{}", self.user.0, self.from.name())
    }
}

/// The key signs other links, too: what it is for is signed along.
fn signer(SigningKey(key): &SigningKey, said: &str) -> Hmac<Sha256> {
    // A key that is shorter than a block is one with zeros behind it (RFC 2104).
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut signer = Hmac::<Sha256>::new(&block.into());
    signer.update(b"unsubscribe ");
    signer.update(said.as_bytes());
    signer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_signed_is_read() {
        let (key, other) = (SigningKey([1; 32]), SigningKey([2; 32]));
        let it = Unsubscribe {
            user: UserId(12),
            from: Mailing::Digest,
        };
        let token = it.token(&key);
        assert!(token.starts_with("12.digest."), "{token}");
        assert_eq!(Unsubscribe::read(&token, &key), Some(it));
        assert_eq!(Unsubscribe::read(&token, &other), None);
        for forged in [
            token.replace("12.", "13."),
            token.replace("digest", "alerts"),
            token[..token.len() - 2].to_owned(),
            "12.digest.".to_owned(),
            "12.digest".to_owned(),
            "..".to_owned(),
            "💥".to_owned(),
            String::new(),
        ] {
            assert_eq!(Unsubscribe::read(&forged, &key), None, "{forged}");
        }
    }
}
