//! Data source names, the address that a user pastes into an SDK.
//!
//! ```text
//! https://0123456789abcdef0123456789abcdef@errors.example.com/prefix/7
//! scheme  public key                       host (and port)    path   project id
//! ```
//!
//! Only the public key and the project id identify anything. Host and path may be rewritten by a
//! proxy, and the secret that old SDKs still send means nothing, so none of them is kept.

use std::str::FromStr;

use super::ids::{ProjectId, PublicKey};

/// The part of a data source name that says whose events these are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dsn {
    /// The key that authenticates.
    pub public_key: PublicKey,
    /// The project that the events are for.
    pub project_id: ProjectId,
}

/// Why a text is not a data source name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not of the form `scheme://key@host/project`.
    #[error("invalid DSN")]
    Shape,
    /// The public key or the project id is malformed.
    #[error("invalid DSN: {0}")]
    Id(#[from] super::ids::Error),
}

impl FromStr for Dsn {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (_scheme, rest) = text.trim().split_once("://").ok_or(Error::Shape)?;
        let (user, address) = rest.split_once('@').ok_or(Error::Shape)?;
        let (_host_and_path, project) = address
            .trim_end_matches('/')
            .rsplit_once('/')
            .ok_or(Error::Shape)?;
        let key = user.split_once(':').map_or(user, |(key, _secret)| key);
        Ok(Self {
            public_key: key.parse()?,
            project_id: project.parse()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn key_and_project_are_found_whatever_stands_around_them() {
        for text in [
            format!("https://{KEY}@errors.example.com/7"),
            format!("http://{KEY}@127.0.0.1:9000/7/"),
            format!("http://{KEY}:secret@[::1]:9000/7"),
            format!(" https://{KEY}@example.com/sub/path/7 "),
        ] {
            let dsn: Dsn = text.parse().unwrap();
            assert_eq!(
                (dsn.public_key.to_string().as_str(), dsn.project_id),
                (KEY, ProjectId(7)),
                "{text}"
            );
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "7", "http://", "http://a@b", "http://a@b/7", "http://b/7"] {
            assert!(text.parse::<Dsn>().is_err(), "{text}");
        }
        assert!(format!("http://{KEY}@host/project").parse::<Dsn>().is_err());
    }
}
