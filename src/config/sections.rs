//! The sections of the settings and what is valid in each. The defaults stand in `tripline.example.toml`.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;

use super::{Networks, Secret};

/// `[server]`: the listening socket and its time limits.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address and port to listen on; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Address that people and SDKs use, without a slash at the end; `None` derives it from the socket.
    pub url: Option<String>,
    /// Peers whose `X-Forwarded-For` says where a sign-in comes from.
    pub trusted_proxies: Networks,
    /// Threads that parse requests; 0 takes one a processor core.
    pub workers: usize,
    /// Connections served at once by all threads together.
    pub max_connections: usize,
    /// Seconds a client may stay silent in the middle of a request.
    pub idle_timeout_seconds: u64,
    /// Seconds a whole request may take, the sending of its body included.
    pub request_timeout_seconds: u64,
    /// Seconds that requests under way may take to end when the server stops.
    pub shutdown_seconds: u64,
}

/// `[storage]`: the data directory and its bounds.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    /// The directory that holds everything.
    pub data: PathBuf,
    /// Free bytes on the disk below which nothing is accepted any more.
    pub min_free_disk_bytes: u64,
    /// Bytes that accepted, not yet digested envelopes may take.
    pub max_journal_bytes: u64,
    /// Bytes that everything below the data directory may take; 0 for no bound but the disk's.
    pub max_disk_bytes: u64,
    /// Days that payloads are kept, unless their project says otherwise.
    pub retention_days: u32,
    /// Bytes of memory for the pages of the index; in the worst case as many again for what waits to be written to them.
    pub cache_bytes: u64,
    /// Events of one kind that are kept in full in an hour, before only a sample is; 0 keeps all.
    pub sample_above: u64,
}

/// `[ingest]`: bounds on what SDKs may send.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ingest {
    /// Bytes of a request body as it was sent.
    pub max_body_bytes: usize,
    /// Bytes of a request body after it was decompressed.
    pub max_envelope_bytes: usize,
    /// Bytes of an event.
    pub max_event_bytes: usize,
    /// Bytes of all attachments of an envelope together.
    pub max_attachments_bytes: usize,
    /// Number of attachments of an envelope.
    pub max_attachments: usize,
    /// Bytes of memory for the bodies of all requests under way.
    pub max_inflight_bytes: usize,
}

/// `[log]`: the program's own log.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// How a line is written.
    pub format: LogFormat,
    /// The least severe level that is written, or a list of directives `target=level`.
    pub level: String,
}

/// How a log line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Text on a terminal, JSON otherwise.
    Auto,
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// `[organization]`: the one organisation of this installation.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// Its name in URLs.
    pub slug: String,
    /// Its name as people read it.
    pub name: String,
}

/// `[auth]`: sessions and sign-in links.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// Days from a sign-in to the end of its session.
    pub session_days: u32,
    /// Hours that a one-time sign-in link can be used.
    pub sign_in_link_hours: u32,
}

/// `[notify]`: where messages may go.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notify {
    /// Networks that may be told although they are not of the public internet.
    pub allow_private: Networks,
}

/// `[bootstrap]`: what is created at start when it is absent.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bootstrap {
    /// E-mail address of the first owner.
    pub email: Option<String>,
    /// Password of the first owner.
    pub password: Option<Secret>,
    /// Slug of a project.
    pub project: Option<String>,
    /// Number of that project.
    pub project_id: Option<u64>,
    /// Public key of that project's DSN, 32 lower-case hexadecimal digits.
    pub dsn_key: Option<String>,
    /// A token of the first owner for the web API.
    pub api_token: Option<Secret>,
}

impl Server {
    /// The address that people use: `url`, else the one that the socket is `bound` to, without a final slash.
    pub fn public_url(&self, bound: SocketAddr) -> String {
        match &self.url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None if bound.ip().is_unspecified() => format!("http://localhost:{}", bound.port()),
            None => format!("http://{bound}"),
        }
    }

    pub(super) fn check(&self, faults: &mut Vec<String>) {
        if let Some(url) = &self.url
            && !is_http_url(url)
        {
            faults.push("server.url: expected an address like https://errors.example.com".to_owned());
        }
        positive("server.max_connections", self.max_connections as u64, faults);
        positive("server.idle_timeout_seconds", self.idle_timeout_seconds, faults);
        positive(
            "server.request_timeout_seconds",
            self.request_timeout_seconds,
            faults,
        );
    }
}

impl Storage {
    /// The index does not survive a write that finds no room (sled 0.34 takes none after it): nothing is accepted, and
    /// nothing committed, long before.
    const LEAST_FREE: u64 = 16 << 20;

    /// A budget has to hold an index, checkpoints and what is written while space is freed.
    const LEAST_BUDGET: u64 = 64 << 20;

    pub(super) fn check(&self, faults: &mut Vec<String>) {
        positive("storage.retention_days", self.retention_days.into(), faults);
        if (1..Self::LEAST_BUDGET).contains(&self.max_disk_bytes) {
            faults.push(format!(
                "storage.max_disk_bytes: expected 0 or at least {}",
                Self::LEAST_BUDGET
            ));
        }
        if self.data.as_os_str().is_empty() {
            faults.push("storage.data: expected a directory".to_owned());
        }
        if self.min_free_disk_bytes < Self::LEAST_FREE {
            faults.push(format!(
                "storage.min_free_disk_bytes: expected at least {}",
                Self::LEAST_FREE
            ));
        }
        positive("storage.max_journal_bytes", self.max_journal_bytes, faults);
        positive("storage.cache_bytes", self.cache_bytes, faults);
    }
}

impl Ingest {
    /// A larger envelope would never fit into the journal, however often it is sent again.
    const LARGEST_ENVELOPE: usize = 240 << 20;

    pub(super) fn check(&self, faults: &mut Vec<String>) {
        positive("ingest.max_body_bytes", self.max_body_bytes as u64, faults);
        positive(
            "ingest.max_envelope_bytes",
            self.max_envelope_bytes as u64,
            faults,
        );
        positive("ingest.max_event_bytes", self.max_event_bytes as u64, faults);
        if self.max_envelope_bytes > Self::LARGEST_ENVELOPE {
            faults.push(format!(
                "ingest.max_envelope_bytes: expected at most {}",
                Self::LARGEST_ENVELOPE
            ));
        }
        if self.max_inflight_bytes < self.max_envelope_bytes {
            faults.push("ingest.max_inflight_bytes: expected at least ingest.max_envelope_bytes".to_owned());
        }
    }
}

impl Organization {
    pub(super) fn check(&self, faults: &mut Vec<String>) {
        slug("organization.slug", &self.slug, faults);
        if self.name.trim().is_empty() {
            faults.push("organization.name: expected a name".to_owned());
        }
    }
}

impl Auth {
    pub(super) fn check(&self, faults: &mut Vec<String>) {
        positive("auth.session_days", self.session_days.into(), faults);
        positive("auth.sign_in_link_hours", self.sign_in_link_hours.into(), faults);
    }
}

impl Bootstrap {
    pub(super) fn check(&self, faults: &mut Vec<String>) {
        let mut expect = |valid: bool, key: &str, what: &str| {
            if !valid {
                faults.push(format!("bootstrap.{key}: expected {what}"));
            }
        };
        expect(
            self.email.as_ref().is_none_or(|it| is_email(it)),
            "email",
            "an e-mail address",
        );
        let long_enough = self
            .password
            .as_ref()
            .is_none_or(|it| it.expose().chars().count() >= 8);
        expect(long_enough, "password", "at least 8 characters");
        expect(self.project_id != Some(0), "project_id", "a number above 0");
        expect(
            self.dsn_key.as_ref().is_none_or(|it| is_dsn_key(it)),
            "dsn_key",
            "32 lower-case hexadecimal digits",
        );
        let printable =
            |it: &Secret| !it.expose().is_empty() && it.expose().bytes().all(|b| b.is_ascii_graphic());
        expect(
            self.api_token.as_ref().is_none_or(printable),
            "api_token",
            "printable characters without spaces",
        );
        if let Some(project) = &self.project {
            slug("bootstrap.project", project, faults);
        }
    }
}

impl Log {
    /// A word that is no level would be read as the name of a target, and silence everything else.
    pub(super) fn check(&self, faults: &mut Vec<String>) {
        const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
        let says_a_level = |directive: &str| {
            let level = directive.rsplit('=').next().unwrap_or_default().trim();
            directive.contains('[') || LEVELS.contains(&level.to_ascii_lowercase().as_str())
        };
        if !self.level.split(',').all(says_a_level) {
            faults.push(format!(
                "log.level: expected one of {}, or target=level",
                LEVELS.join(", ")
            ));
        }
    }
}

fn positive(key: &str, value: u64, faults: &mut Vec<String>) {
    if value == 0 {
        faults.push(format!("{key}: expected a number above 0"));
    }
}

fn slug(key: &str, value: &str, faults: &mut Vec<String>) {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    // A slug of digits only could not be told from a number in a URL.
    if value.is_empty()
        || value.len() > 50
        || !value.bytes().all(allowed)
        || value.bytes().all(|b| b.is_ascii_digit())
    {
        faults.push(format!(
            "{key}: expected at most 50 of a-z, 0-9, - and _, and not digits only"
        ));
    }
}

fn is_http_url(text: &str) -> bool {
    text.strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && !rest.contains(char::is_whitespace))
}

pub(super) fn is_email(text: &str) -> bool {
    let mut parts = text.split('@');
    let named = parts.next().is_some_and(|part| !part.is_empty())
        && parts.next().is_some_and(|part| !part.is_empty());
    named && parts.next().is_none() && !text.contains(char::is_whitespace)
}

fn is_dsn_key(text: &str) -> bool {
    text.len() == 32
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}
