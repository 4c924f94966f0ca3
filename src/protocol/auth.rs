//! Who sends: the project key, in any of the places where SDKs put it.
//!
//! ```text
//! X-Sentry-Auth: Sentry sentry_key=0123…, sentry_version=7, sentry_client=sentry.python/2.75.0
//! ```
//!
//! The same pairs stand in `Authorization`, or in the query string (browsers); OTLP exporters use
//! `Authorization: Basic`. This module reads what was presented. It does not know which keys exist.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::percent_decode_str;

use super::dsn::Dsn;
use super::ids::PublicKey;

/// The newest protocol version; assumed when a client names none.
const LATEST_VERSION: u16 = 7;
/// Longest kept name of a client.
const CLIENT_CHARS: usize = 128;

/// The credentials of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Auth {
    /// The project key.
    pub public_key: PublicKey,
    /// The protocol version that the client speaks, 2 to 7.
    pub version: u16,
    /// Name and version of the client, such as `sentry.python/2.75.0`; cut to 128 characters.
    pub client: Option<String>,
}

/// Where a request may carry credentials; each as it was received.
#[derive(Debug, Clone, Copy, Default)]
pub struct Presented<'a> {
    /// The `X-Sentry-Auth` header.
    pub x_sentry_auth: Option<&'a str>,
    /// The `Authorization` header.
    pub authorization: Option<&'a str>,
    /// The raw query string.
    pub query: Option<&'a str>,
    /// A key in the path.
    pub path: Option<&'a str>,
}

/// Why credentials were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A Sentry credential without a key in it.
    #[error("malformed authentication information")]
    Malformed,
    /// Two places name different keys.
    #[error("conflicting authentication information")]
    Conflict,
    /// The key is not 32 hex digits.
    #[error("invalid public key")]
    Key,
    /// A protocol version that is neither absent nor 2 to 7.
    #[error("unsupported protocol version")]
    Version,
}

impl From<Dsn> for Auth {
    /// An envelope that travels through a tunnel has nothing but the DSN in its header.
    fn from(dsn: Dsn) -> Self {
        Self {
            public_key: dsn.public_key,
            version: LATEST_VERSION,
            client: None,
        }
    }
}

/// Reads what was presented: headers first, then the query, then the path. `Ok(None)` when the
/// request carries nothing, in which case the DSN of an envelope header may still speak.
pub fn resolve(presented: Presented<'_>) -> Result<Option<Auth>, Error> {
    let sources = [
        presented.x_sentry_auth.map(sentry_scheme),
        presented.authorization.and_then(authorization),
        presented.query.and_then(query),
        presented
            .path
            .map(|key| Auth::read([("sentry_key", key)].into_iter())),
    ];
    let mut chosen: Option<Auth> = None;
    for source in sources.into_iter().flatten() {
        let auth = source?;
        match &chosen {
            Some(earlier) if earlier.public_key != auth.public_key => return Err(Error::Conflict),
            Some(_) => {}
            None => chosen = Some(auth),
        }
    }
    Ok(chosen)
}

impl Auth {
    fn read<K: AsRef<str>, V: AsRef<str>>(pairs: impl Iterator<Item = (K, V)>) -> Result<Self, Error> {
        let (mut key, mut version, mut client) = (None, LATEST_VERSION, None);
        for (name, value) in pairs {
            let value = value.as_ref();
            match name.as_ref() {
                "sentry_key" => key = Some(value.parse().map_err(|_| Error::Key)?),
                "sentry_version" => version = read_version(value)?,
                "sentry_client" => client = Some(value.chars().take(CLIENT_CHARS).collect()),
                // The secret and the timestamp are obsolete, and anything else is unknown.
                _ => {}
            }
        }
        Ok(Self {
            public_key: key.ok_or(Error::Malformed)?,
            version,
            client,
        })
    }
}

fn read_version(text: &str) -> Result<u16, Error> {
    // sentry-java once sent `7.0`.
    let whole = text.split('.').next().unwrap_or_default();
    match whole.parse() {
        Ok(version @ 2..=LATEST_VERSION) => Ok(version),
        _ => Err(Error::Version),
    }
}

/// `Sentry key=value, …`; the scheme in any case, since OTLP exporters write `sentry`.
fn sentry_scheme(header: &str) -> Result<Auth, Error> {
    let (scheme, pairs) = header.trim().split_once(' ').ok_or(Error::Malformed)?;
    if !scheme.eq_ignore_ascii_case("sentry") {
        return Err(Error::Malformed);
    }
    Auth::read(
        pairs
            .split(',')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key.trim(), value.trim())),
    )
}

/// What is not for us is somebody else's: `transportOptions.headers` of @sentry/node puts a bearer
/// token for a proxy beside a key in the query, and a proxy in front may ask for a name and password.
fn authorization(header: &str) -> Option<Result<Auth, Error>> {
    let (scheme, rest) = header.trim().split_once(' ')?;
    if scheme.eq_ignore_ascii_case("sentry") {
        return Some(sentry_scheme(header));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(BASE64_STANDARD.decode(rest.trim()).ok()?).ok()?;
    let key = text.split_once(':').map_or(text.as_str(), |(key, _password)| key);
    Auth::read([("sentry_key", key)].into_iter()).ok().map(Ok)
}

fn query(query: &str) -> Option<Result<Auth, Error>> {
    let pairs = || {
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| {
                let value = value.replace('+', " ");
                (name, percent_decode_str(&value).decode_utf8_lossy().into_owned())
            })
    };
    pairs()
        .any(|(name, _)| name == "sentry_key")
        .then(|| Auth::read(pairs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef";
    const OTHER: &str = "fedcba9876543210fedcba9876543210";

    fn header(text: &str) -> Result<Option<Auth>, Error> {
        resolve(Presented {
            x_sentry_auth: Some(text),
            ..Presented::default()
        })
    }

    #[test]
    fn headers_are_read_in_every_spelling() {
        for text in [
            format!("Sentry sentry_key={KEY}, sentry_version=7, sentry_client=raven/1.0"),
            format!("sentry sentry_client=raven/1.0,sentry_timestamp=1.25,sentry_key={KEY}"),
            format!("SENTRY  sentry_secret=x , sentry_key={KEY} ,sentry_client=raven/1.0"),
        ] {
            let auth = header(&text).unwrap().unwrap();
            assert_eq!(auth.public_key.to_string(), KEY, "{text}");
            assert_eq!(
                (auth.version, auth.client.as_deref()),
                (7, Some("raven/1.0")),
                "{text}"
            );
        }
    }

    #[test]
    fn bad_headers_say_why() {
        for (text, error) in [
            ("", Error::Malformed),
            ("Sentry", Error::Malformed),
            ("Sentry sentry_version=7", Error::Malformed),
            ("Bearer abc", Error::Malformed),
            ("Sentry sentry_key=abc", Error::Key),
            (
                &format!("Sentry sentry_key={KEY}, sentry_version=1"),
                Error::Version,
            ),
            (
                &format!("Sentry sentry_key={KEY}, sentry_version=8"),
                Error::Version,
            ),
            (
                &format!("Sentry sentry_key={KEY}, sentry_version=x"),
                Error::Version,
            ),
        ] {
            assert_eq!(header(text), Err(error), "{text}");
        }
    }

    #[test]
    fn query_and_basic_are_read() {
        let query = format!("sentry_version=5&sentry_key={KEY}&sentry_client=sentry.javascript.node%2F11");
        let auth = resolve(Presented {
            query: Some(&query),
            ..Presented::default()
        })
        .unwrap()
        .unwrap();
        assert_eq!(
            (auth.version, auth.client.as_deref()),
            (5, Some("sentry.javascript.node/11"))
        );

        let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{KEY}:")));
        let auth = resolve(Presented {
            authorization: Some(&basic),
            ..Presented::default()
        })
        .unwrap()
        .unwrap();
        assert_eq!(auth.public_key.to_string(), KEY);
    }

    #[test]
    fn places_may_agree_but_not_disagree() {
        let (x_sentry_auth, same, other) = (
            format!("Sentry sentry_key={KEY}, sentry_client=a"),
            format!("sentry_key={KEY}&sentry_client=b"),
            format!("sentry_key={OTHER}"),
        );
        let both = |query| {
            resolve(Presented {
                x_sentry_auth: Some(&x_sentry_auth),
                query: Some(query),
                ..Presented::default()
            })
        };
        assert_eq!(both(&same).unwrap().unwrap().client.as_deref(), Some("a"));
        assert_eq!(both("page=2").unwrap().unwrap().client.as_deref(), Some("a"));
        assert_eq!(both(&other), Err(Error::Conflict));
    }

    #[test]
    fn foreign_schemes_and_silence_are_no_credentials() {
        let foreign = Presented {
            authorization: Some("Bearer token"),
            query: Some("x=1"),
            ..Presented::default()
        };
        assert_eq!(resolve(foreign), Ok(None));
        let basic = format!("Basic {}", BASE64_STANDARD.encode("ann:correct horse"));
        let query = format!("sentry_key={KEY}");
        for authorization in [basic.as_str(), "Basic ???", "Basic /w=="] {
            let beside = Presented {
                authorization: Some(authorization),
                query: Some(&query),
                ..Presented::default()
            };
            let auth = resolve(beside).unwrap().unwrap();
            assert_eq!(auth.public_key.to_string(), KEY, "{authorization}");
            let alone = Presented {
                query: None,
                ..beside
            };
            assert_eq!(resolve(alone), Ok(None), "{authorization}");
        }
        assert_eq!(resolve(Presented::default()), Ok(None));
    }
}
