//! `tripline release check`: asks a running server whether a release may go on, for build machines.
//!
//! The verdict is the server's; this asks, waits and tells.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use jiff::SignedDuration;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_html_form::to_string;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

use super::Unsound;
use crate::config::{Remote, Secret};

/// How long one answer may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// While it waits it asks forty times, for which the server's verdicts are made; but no more often than this.
const LOOKS: u32 = 40;
const PAUSE: Duration = Duration::from_secs(5);

/// What is written otherwise in a part of a path; the rest stays legible in messages.
const PART: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'@');

/// What is done about releases.
#[derive(Debug, Subcommand)]
pub enum ReleaseCommand {
    /// Ask a server whether a release is worse than the one before it. Exits 1 if it is, 2 if that cannot be said.
    Check(Check),
}

/// Which release, and whom to ask.
#[derive(Debug, Clone, Args)]
pub struct Check {
    /// The release, such as shop@2.4.0.
    pub release: String,
    /// Compare with this release instead of the newest older one that has data enough.
    #[arg(long, value_name = "RELEASE")]
    pub baseline: Option<String>,
    /// Look at this environment only.
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,
    /// Allow at most so many new issues. Without it they count by how frequent they are.
    #[arg(long, value_name = "N")]
    pub max_new: Option<u64>,
    /// Wait so long for data enough, such as 10m.
    #[arg(long, value_name = "TIME")]
    pub wait: Option<SignedDuration>,
    /// Print the server's answer as JSON.
    #[arg(long)]
    pub json: bool,
    /// The server's address. Or set TRIPLINE_URL, or SENTRY_URL.
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// An API token. Better set TRIPLINE_TOKEN, or SENTRY_AUTH_TOKEN: others can read a command line.
    #[arg(long, value_name = "TOKEN")]
    pub token: Option<String>,
    /// The project, needed when several have such a release. Or set TRIPLINE_PROJECT, or SENTRY_PROJECT.
    #[arg(long, value_name = "SLUG")]
    pub project: Option<String>,
    /// The organisation: `default` unless the server is set up otherwise. Or set TRIPLINE_ORG, or SENTRY_ORG.
    #[arg(long, value_name = "SLUG")]
    pub org: Option<String>,
}

/// The answer, as far as it is told.
#[derive(Debug, Deserialize)]
struct Verdict {
    baseline: Option<String>,
    verdict: String,
    reasons: Vec<String>,
}

/// What came of asking once.
enum Look {
    /// The server's answer, as text too.
    Told(Verdict, String),
    /// It has no answer yet, or cannot be reached; the text says why.
    NotYet(String),
}

/// Asks, and has `say` print the answer. Fails with [`Unsound`] when the release is bad.
pub fn release_check(check: &Check, say: impl Fn(&str) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let server = Server::of(check, &Remote::from_environment())?;
    let (verdict, text) = server.wait(check)?;
    match check.json {
        true => say(&format!("{text}\n"))?,
        false => say(&told(check, &verdict))?,
    }
    match verdict.verdict.as_str() {
        "bad" => Err(Unsound(format!("{} is bad", check.release)).into()),
        _ => Ok(()),
    }
}

fn told(check: &Check, verdict: &Verdict) -> String {
    let mut text = check.release.clone();
    if let Some(baseline) = &verdict.baseline {
        let _ = write!(text, " after {baseline}");
    }
    if let Some(environment) = &check.environment {
        let _ = write!(text, " in {environment}");
    }
    let _ = writeln!(text, ": {}", verdict.verdict.replace('_', " "));
    for reason in &verdict.reasons {
        let _ = writeln!(text, "* {reason}");
    }
    text
}

/// Whom to ask.
struct Server {
    agent: Agent,
    address: String,
    token: Secret,
}

impl Server {
    fn of(check: &Check, environment: &Remote) -> anyhow::Result<Self> {
        let url = check.url.clone().or_else(|| environment.url.clone());
        let url = url.context("which server? Give --url, or set TRIPLINE_URL")?;
        let token = check.token.clone().map(Secret::from);
        let token = token.or_else(|| environment.token.clone());
        let organization = check.org.as_ref().or(environment.organization.as_ref());
        let project = check.project.as_ref().or(environment.project.as_ref());
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .build();
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(TIMEOUT))
            .tls_config(tls);
        Ok(Self {
            agent: agent.build().into(),
            address: address(
                &url,
                organization.map_or("default", |it| it),
                project.map(|it| it.as_str()),
                check,
            )?,
            token: token.context("an API token is needed: give --token, or set TRIPLINE_TOKEN")?,
        })
    }

    /// Asks until the verdict is good or bad, or the time is over.
    fn wait(&self, check: &Check) -> anyhow::Result<(Verdict, String)> {
        let wait = check.wait.unwrap_or_default().unsigned_abs();
        let (begin, pause) = (Instant::now(), PAUSE.max(wait / LOOKS));
        loop {
            let look = self.look()?;
            let left = wait.saturating_sub(begin.elapsed());
            match look {
                Look::Told(verdict, text) if verdict.verdict != "too_little_data" || left.is_zero() => {
                    return Ok((verdict, text));
                }
                Look::NotYet(why) if left.is_zero() => bail!(why),
                Look::Told(..) | Look::NotYet(_) => std::thread::sleep(pause.min(left)),
            }
        }
    }

    fn look(&self) -> anyhow::Result<Look> {
        let bearer = format!("Bearer {}", self.token.expose());
        let asked = self
            .agent
            .get(&self.address)
            .header("Authorization", bearer)
            .call();
        let mut answer = match asked {
            Ok(answer) => answer,
            Err(error) => return Ok(Look::NotYet(format!("cannot ask {}: {error}", self.address))),
        };
        let status = answer.status().as_u16();
        let text = answer
            .body_mut()
            .read_to_string()
            .context("the answer broke off")?;
        let detail = || {
            let problem: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
            let detail = problem["detail"].as_str().unwrap_or("no reason given");
            format!("{} answers {status}: {detail}", self.address)
        };
        match status {
            200 => {
                let verdict = serde_json::from_str(&text);
                let verdict = verdict.with_context(|| format!("{} gives no verdict", self.address))?;
                Ok(Look::Told(verdict, text))
            }
            // A release is not known before its first event, and servers are restarted.
            404 | 429 | 500.. => Ok(Look::NotYet(detail())),
            _ => bail!(detail()),
        }
    }
}

fn address(url: &str, organization: &str, project: Option<&str>, check: &Check) -> anyhow::Result<String> {
    let encode = |text: &str| utf8_percent_encode(text, PART).to_string();
    let url = url.trim_end_matches('/');
    if !url.starts_with("https://") && !url.starts_with("http://") {
        bail!("{url} is no address: it begins with https:// or http://");
    }
    let below = match project {
        Some(project) => format!("projects/{}/{}", encode(organization), encode(project)),
        None => format!("organizations/{}", encode(organization)),
    };
    let asked = [
        ("baseline", check.baseline.clone()),
        ("environment", check.environment.clone()),
        ("maxNew", check.max_new.map(|most| most.to_string())),
    ];
    let asked: Vec<_> = asked
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect();
    let release = encode(&check.release);
    let verdict = format!("{url}/api/0/{below}/releases/{release}/verdict/");
    Ok(match asked.is_empty() {
        true => verdict,
        false => format!("{verdict}?{}", to_string(asked)?),
    })
}
