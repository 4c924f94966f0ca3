//! E-mail addresses as names to sign in with. Whether one can receive mail is not checked.

use super::{Error, Result};

/// The most bytes of an address (RFC 5321, 4.5.3.1.3).
const MAX_BYTES: usize = 254;

/// The address as it is kept: trimmed and in lower case.
pub(super) fn normalize(text: &str) -> Result<String> {
    let email = text.trim().to_lowercase();
    let is_address = email.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && !host.is_empty() && !host.contains('@') && email.len() <= MAX_BYTES
    });
    if !is_address || email.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Error::Invalid("This is not an e-mail address."));
    }
    Ok(email)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_kept_in_one_spelling() {
        assert_eq!(normalize(" Ann@Example.COM ").unwrap(), "ann@example.com");
        for text in ["", "ann", "@example.com", "ann@", "a@b@c", "a b@c", "a@b\u{0}"] {
            assert!(normalize(text).is_err(), "{text:?}");
        }
        assert!(normalize(&format!("{}@b", "a".repeat(300))).is_err());
    }
}
