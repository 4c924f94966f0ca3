//! Another server, for the commands that ask one: where it is, and the token that it wants.

use super::Secret;

/// What the environment says of a server. The names that sentry-cli reads are understood, too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remote {
    /// Its address: `TRIPLINE_URL`, else `SENTRY_URL`.
    pub url: Option<String>,
    /// An API token: `TRIPLINE_TOKEN`, else `SENTRY_AUTH_TOKEN`.
    pub token: Option<Secret>,
    /// The organisation's slug: `TRIPLINE_ORG`, else `SENTRY_ORG`.
    pub organization: Option<String>,
    /// The project's slug: `TRIPLINE_PROJECT`, else `SENTRY_PROJECT`.
    pub project: Option<String>,
}

impl Remote {
    /// Reads the environment; an empty variable is none.
    pub fn from_environment() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "this room reads the environment for all others"
        )]
        Self::read(|name| std::env::var(name).ok())
    }

    fn read(variable: impl Fn(&str) -> Option<String>) -> Self {
        let first = |names: [&str; 2]| {
            let values = names.into_iter().filter_map(&variable);
            values
                .map(|value| value.trim().to_owned())
                .find(|value| !value.is_empty())
        };
        Self {
            url: first(["TRIPLINE_URL", "SENTRY_URL"]),
            token: first(["TRIPLINE_TOKEN", "SENTRY_AUTH_TOKEN"]).map(Secret::from),
            organization: first(["TRIPLINE_ORG", "SENTRY_ORG"]),
            project: first(["TRIPLINE_PROJECT", "SENTRY_PROJECT"]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_names_come_first_and_empty_ones_are_none() {
        let remote = Remote::read(|name| match name {
            "TRIPLINE_URL" => Some("https://errors.example".to_owned()),
            "SENTRY_URL" => Some("https://other.example".to_owned()),
            "TRIPLINE_TOKEN" => Some(" ".to_owned()),
            "SENTRY_AUTH_TOKEN" => Some("secret\n".to_owned()),
            _ => None,
        });
        assert_eq!(remote.url.as_deref(), Some("https://errors.example"));
        assert_eq!(remote.token, Some(Secret::from("secret".to_owned())));
        assert_eq!((remote.organization, remote.project), (None, None));
    }
}
