//! The addresses of this installation and the name of its organisation.

use jiff::Timestamp;

use crate::model::{IssueId, ProjectKey};

/// Where it is found, and what its one organisation is called.
#[derive(Debug, Clone)]
pub struct Site {
    /// The address that people and SDKs use, without a slash at the end.
    pub url: String,
    /// The organisation's name in URLs.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// When the installation was set up.
    pub created: Timestamp,
    /// Whether a mail server is set up.
    pub sends_mail: bool,
}

impl Site {
    /// Whether browsers come by https, so that cookies need not travel without.
    pub fn is_secure(&self) -> bool {
        self.url.starts_with("https://")
    }

    /// The page of an issue.
    pub fn issue(&self, id: IssueId) -> String {
        format!("{}/issues/{}", self.url, id.0)
    }

    /// The page that follows a one-time sign-in link. Its token stands behind `#`, which browsers do not send and
    /// proxies do not log.
    pub fn sign_in_link(&self, token: &str) -> String {
        format!("{}/sign-in/link#{token}", self.url)
    }

    /// What an SDK is given to send with `key`.
    pub fn dsn(&self, key: &ProjectKey) -> String {
        self.dsn_of(&key.public.to_string(), key)
    }

    /// The same with `user` as its user part.
    pub(super) fn dsn_of(&self, user: &str, key: &ProjectKey) -> String {
        let (scheme, rest) = self.url.split_once("://").unwrap_or(("http", &self.url));
        format!("{scheme}://{user}@{rest}/{}", key.project)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::ids::ProjectId;

    #[test]
    fn a_dsn_keeps_scheme_port_and_path() {
        let public = "0123456789abcdef0123456789abcdef";
        let key = ProjectKey {
            public: public.parse().unwrap(),
            project: ProjectId(7),
            label: "Default".to_owned(),
            active: true,
            created: Timestamp::UNIX_EPOCH,
        };
        for (url, dsn) in [
            (
                "http://127.0.0.1:9000",
                format!("http://{public}@127.0.0.1:9000/7"),
            ),
            (
                "https://example.com/errors",
                format!("https://{public}@example.com/errors/7"),
            ),
        ] {
            let site = Site {
                url: url.to_owned(),
                slug: "default".to_owned(),
                name: "Default".to_owned(),
                created: Timestamp::UNIX_EPOCH,
                sends_mail: false,
            };
            assert_eq!(site.dsn(&key), dsn);
        }
    }
}
