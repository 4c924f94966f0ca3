//! Secrets drawn at random, and the hashes by which they are kept.
//!
//! A secret has 256 random bits, so that an unsalted SHA-256 of it tells nothing and can be looked up.

use sha2::{Digest, Sha256};

use crate::model::SecretHash;

/// How API tokens begin, so that scanners of leaked secrets and people recognise them.
const TOKEN_PREFIX: &str = "sntryu_";

/// 64 random hex digits.
pub(super) fn mint() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

/// A new API token, `sntryu_` and 64 hex digits.
pub(super) fn mint_token() -> String {
    format!("{TOKEN_PREFIX}{}", mint())
}

/// What is kept of a secret.
pub(super) fn hash(secret: &str) -> SecretHash {
    SecretHash(Sha256::digest(secret.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_have_the_form_that_clients_expect() {
        let token = mint_token();
        let digits = token.strip_prefix("sntryu_").unwrap();
        assert_eq!(digits.len(), 64);
        assert!(
            digits
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase())
        );
        assert_ne!(token, mint_token());
    }

    #[test]
    fn the_hash_is_sha_256() {
        let SecretHash(bytes) = hash("abc");
        assert_eq!(
            hex::encode(bytes),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
