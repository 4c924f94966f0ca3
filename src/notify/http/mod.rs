//! The one way in which a request leaves the machine to tell somebody something: POST of a small body, its answer read
//! up to a bound, all in bounded time. Never goes where it was not meant to: each address that a name resolves to is
//! looked at ([`address`]) and the connection goes to one of these; redirects are not followed, and the proxies of the
//! environment are not asked. What an answer means is not known here.

mod address;
#[cfg(test)]
mod tests;

use std::io::Read;
use std::time::Duration;

use tokio::task::spawn_blocking;
use ureq::Agent;
use ureq::http::Uri;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use crate::config::Networks;

/// From looking up the name to the last byte of the answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The most bytes of an answer that are read; what is behind is not waited for.
const MAX_ANSWER: u64 = 64 * 1024;

/// What is sent: a POST of JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Where to, `http` or `https`. May be a secret.
    pub url: String,
    /// Headers beside those of the body.
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: String,
}

/// What was answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The header of that name.
    pub retry_after: Option<String>,
    /// The body, as far as it was read.
    pub body: String,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address cannot be one: asking again is in vain.
    #[error("{0}")]
    Url(&'static str),
    /// It leads to where nothing may be sent.
    #[error("{0}")]
    Refused(String),
    /// The other side is not there, or not in time, or does not speak HTTP or TLS.
    #[error("{0}")]
    Unreachable(String),
}

/// Sends requests. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Http {
    agent: Agent,
}

impl Http {
    /// One that sends to public addresses, and to those in `allowed`.
    pub fn new(allowed: Networks) -> Self {
        Self::with_timeout(allowed, TIMEOUT)
    }

    fn with_timeout(allowed: Networks, timeout: Duration) -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .build();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(timeout))
            .max_idle_connections(0)
            .max_response_header_size(MAX_ANSWER as usize)
            .user_agent(concat!("tripline/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls)
            .build();
        Self {
            agent: Agent::with_parts(config, DefaultConnector::default(), Checked { allowed }),
        }
    }

    /// Sends it and returns what was answered, whichever status it has.
    pub async fn send(&self, request: Request) -> Result<Answer, Error> {
        let agent = self.agent.clone();
        match spawn_blocking(move || send(&agent, request)).await {
            Ok(answer) => answer,
            Err(panic) => Err(Error::Unreachable(panic.to_string())),
        }
    }
}

fn send(agent: &Agent, request: Request) -> Result<Answer, Error> {
    let uri = uri(&request.url)?;
    let mut message = ureq::http::Request::post(uri).header("content-type", "application/json");
    for (name, value) in &request.headers {
        message = message.header(*name, value);
    }
    let message = message
        .body(request.body)
        .map_err(|_| Error::Url("a secret has characters that cannot be sent"))?;
    let response = agent.run(message).map_err(explain)?;
    let (head, body) = response.into_parts();
    let retry_after = head
        .headers
        .get("retry-after")
        .and_then(|value| value.to_str().ok());
    let mut read = Vec::new();
    // The status is what counts: an answer whose body breaks off is one.
    let _ = body.into_reader().take(MAX_ANSWER).read_to_end(&mut read);
    Ok(Answer {
        status: head.status.as_u16(),
        retry_after: retry_after.map(str::to_owned),
        body: String::from_utf8_lossy(&read).into_owned(),
    })
}

/// An address that can be asked: `http` or `https`, with a host, without user and password.
fn uri(url: &str) -> Result<Uri, Error> {
    let uri: Uri = url
        .trim()
        .parse()
        .map_err(|_| Error::Url("this is no web address"))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(Error::Url("a web address begins with http:// or https://"));
    }
    let authority = uri.authority().filter(|it| !it.host().is_empty());
    let authority = authority.ok_or(Error::Url("the web address has no host"))?;
    if authority.as_str().contains('@') {
        return Err(Error::Url(
            "a web address with a user or a password in it is not asked",
        ));
    }
    if authority.port_u16().is_none() && authority.as_str() != authority.host() {
        return Err(Error::Url("the web address has a port that is none"));
    }
    Ok(uri)
}

/// What went wrong, for people; never the address, which may be a secret.
fn explain(error: ureq::Error) -> Error {
    match error {
        ureq::Error::Other(error) if error.is::<address::Refusal>() => Error::Refused(error.to_string()),
        ureq::Error::Timeout(_) => Error::Unreachable("no answer in time".to_owned()),
        ureq::Error::HostNotFound => Error::Unreachable("there is no host of that name".to_owned()),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => Error::Url("this is no web address"),
        ureq::Error::Io(error) => Error::Unreachable(error.to_string()),
        error => Error::Unreachable(error.to_string()),
    }
}

/// Resolves names, and refuses those that lead where nothing may be sent. The connection goes to the addresses that are
/// returned here: nothing is resolved a second time.
#[derive(Debug)]
struct Checked {
    allowed: Networks,
}

impl Resolver for Checked {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout);
        let found = found.map_err(|error| match error {
            // It names no host, and what the system says of why is sometimes nothing.
            ureq::Error::Io(why) => {
                let why = why.to_string();
                let why = why.trim_end_matches([':', ' ']);
                let host = uri.host().unwrap_or_default();
                std::io::Error::other(format!("{host}: {why}")).into()
            }
            error => error,
        })?;
        for socket in found.iter() {
            address::check(socket.ip(), &self.allowed)
                .map_err(|refusal| ureq::Error::Other(refusal.into()))?;
        }
        Ok(found)
    }
}
