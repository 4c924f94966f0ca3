//! How to tell someone: a [`Message`], and what becomes of it on each channel. Decides neither what is worth telling nor
//! whom to tell, and keeps nothing.
//!
//! A channel is a file here that makes a [`http::Request`] of a message, and a line in [`requests`]. E-mail is another
//! matter: a [`Letter`] that the [mail server](email) takes.

pub mod email;
pub mod letter;
pub mod message;

mod discord;
mod layout;
mod ntfy;
mod pager_duty;
mod slack;
mod teams;
mod telegram;
mod webhook;

pub mod circuit;
pub mod http;
pub mod policy;

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use crate::config;
use crate::model::alert::{Attempt, Channel};
use email::Mailer;
use http::{Answer, Error, Http, Request};
pub use letter::{Letter, Reader};
pub use message::{Kind, Links, Message, Told};
use policy::Verdict;

/// Tells. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Notify {
    http: Http,
    /// None when no mail server is set up.
    mailer: Option<Arc<Mailer>>,
}

/// What came of telling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// What the other side said, as it is kept and shown.
    pub attempt: Attempt,
    /// What that means.
    pub verdict: Verdict,
}

impl Notify {
    /// One that tells whom the settings allow. Fails when the settings of e-mail cannot be used.
    pub fn new(settings: &config::Notify, mail: &config::Mail) -> Result<Self, email::Error> {
        Ok(Self {
            http: Http::new(settings.allow_private.clone()),
            mailer: Mailer::new(mail)?.map(Arc::new),
        })
    }

    /// Whether a mail server is set up.
    pub fn sends_mail(&self) -> bool {
        self.mailer.is_some()
    }

    /// Tells, once, at `now`, and says what the other side said. Returns within a minute, whatever that is.
    pub async fn send(&self, channel: &Channel, message: &Message, now: Timestamp) -> Sent {
        if let Channel::Email { to } = channel {
            return self
                .mail(Letter::alert(message, Reader::Addresses(to)), now)
                .await;
        }
        let begun = Instant::now();
        let (status, verdict, said) = match self.ask(requests(channel, message, now), begun).await {
            Ok(answer) => (
                Some(answer.status),
                verdict(channel, &answer, after(now, begun)),
                discreet(channel, said(&answer)),
            ),
            Err(error @ Error::Unreachable(_)) => (None, Verdict::Later(None), error.to_string()),
            Err(error) => (None, Verdict::Never, error.to_string()),
        };
        Sent {
            attempt: attempt(now, begun, status, &said),
            verdict,
        }
    }

    /// Sends one request after the other, and gives the last answer: the first one that is not good, if there is one.
    async fn ask(&self, requests: Vec<Request>, begun: Instant) -> Result<Answer, Error> {
        let mut answer = Err(Error::Url("this is not told by HTTP"));
        for request in requests {
            if begun.elapsed() > LONGEST {
                return Err(Error::Unreachable(
                    "no answer in time to all that was sent".to_owned(),
                ));
            }
            answer = self.http.send(request).await;
            if !matches!(&answer, Ok(answer) if (200..300).contains(&answer.status)) {
                break;
            }
        }
        answer
    }

    /// Hands a letter to the mail server, once, at `now`. Returns within a minute.
    pub async fn mail(&self, letter: Result<Letter, letter::Error>, now: Timestamp) -> Sent {
        let begun = Instant::now();
        let (status, said, verdict) = match (&self.mailer, letter) {
            (Some(mailer), Ok(letter)) => {
                let email::Answer {
                    status,
                    text,
                    verdict,
                } = mailer.send(&letter, now).await;
                (status, text, verdict)
            }
            (None, _) => (None, NO_MAIL.to_owned(), Verdict::Nowhere),
            (_, Err(error)) => (None, error.to_string(), Verdict::Never),
        };
        Sent {
            attempt: attempt(now, begun, status, &said),
            verdict,
        }
    }
}

/// After so long no further request of a message is begun.
const LONGEST: Duration = Duration::from_secs(45);

/// What the history says of mail while no server is set up.
pub const NO_MAIL: &str = "no mail server is set up (see mail.url in the settings)";

/// How a try is kept that was made at `now` and is over.
fn attempt(now: Timestamp, begun: Instant, status: Option<u16>, said: &str) -> Attempt {
    Attempt {
        time: now,
        millis: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        status,
        answer: message::text::shown(said, Attempt::MAX_ANSWER),
    }
}

/// What time it is after something that began at `now`.
fn after(now: Timestamp, begun: Instant) -> Timestamp {
    let took = SignedDuration::try_from(begun.elapsed()).unwrap_or_default();
    now.checked_add(took).unwrap_or(now)
}

/// The requests that tell: mostly one, none for what is not told by HTTP.
fn requests(channel: &Channel, message: &Message, now: Timestamp) -> Vec<Request> {
    vec![match channel {
        Channel::SlackWebhook { url } => slack::webhook(url, message),
        Channel::SlackBot { token, channel } => slack::bot(token, channel, message),
        Channel::Discord { url } => discord::request(url, message),
        Channel::Teams { url } => teams::request(url, message),
        Channel::PagerDuty { routing_key } => return pager_duty::requests(routing_key, message),
        Channel::Ntfy { url, topic, token } => ntfy::request(url, topic, token.as_deref(), message),
        Channel::Telegram { token, chat } => telegram::request(token, chat, message),
        Channel::Webhook { url, secret } => webhook::request(url, secret, message, now),
        Channel::Email { .. } => return Vec::new(),
    }]
}

/// What an answer means: its status says it, but for those who say 200 to everything.
fn verdict(channel: &Channel, answer: &Answer, now: Timestamp) -> Verdict {
    let by_status = Verdict::of_status(answer.status, answer.retry_after.as_deref(), now);
    match channel {
        Channel::SlackBot { .. } => slack::bot_verdict(answer, by_status),
        Channel::Telegram { .. } => telegram::verdict(answer, by_status),
        _ => by_status,
    }
}

/// An answer without the secrets that it repeats: everybody may read it, and many servers say what address is not there.
fn discreet(channel: &Channel, said: String) -> String {
    /// A shorter one is no secret, and would be found everywhere.
    const SHORTEST: usize = 8;
    let behind_host = |url: &str| -> Vec<String> {
        let Ok(url) = url::Url::parse(url) else {
            return Vec::new();
        };
        let path = url.path();
        let query = url
            .query()
            .map(|query| [format!("{path}?{query}"), query.to_owned()]);
        query.into_iter().flatten().chain([path.to_owned()]).collect()
    };
    let secrets = match channel {
        Channel::SlackWebhook { url } | Channel::Discord { url } | Channel::Teams { url } => behind_host(url),
        Channel::Webhook { url, secret } => [behind_host(url), vec![secret.clone()]].concat(),
        Channel::SlackBot { token, .. } | Channel::Telegram { token, .. } => vec![token.clone()],
        Channel::PagerDuty { routing_key } => vec![routing_key.clone()],
        Channel::Ntfy { token, .. } => token.iter().cloned().collect(),
        Channel::Email { .. } => Vec::new(),
    };
    let secrets = secrets.into_iter().filter(|secret| secret.len() >= SHORTEST);
    secrets.fold(said, |said, secret| {
        let decoded = percent_encoding::percent_decode_str(&secret).decode_utf8_lossy();
        said.replace(&secret, "…").replace(decoded.as_ref(), "…")
    })
}

/// What is shown of an answer.
fn said(answer: &Answer) -> String {
    match answer.status {
        300..=399 => "it leads on to another address, which is not followed: set up that one".to_owned(),
        _ => answer.body.clone(),
    }
}

#[cfg(test)]
mod discretion {
    use super::*;

    #[test]
    fn an_answer_that_repeats_a_secret_is_kept_without_it() {
        let hook = |url: &str| Channel::Webhook {
            url: url.into(),
            secret: "0123456789abcdef".into(),
        };
        for (channel, said, shown) in [
            (
                hook("https://hooks.example/hooks/SECRET-1?token=a%2Fbcdefgh"),
                "Cannot POST /hooks/SECRET-1?token=a/bcdefgh, signed by 0123456789abcdef",
                "Cannot POST …, signed by …",
            ),
            (
                hook("https://hooks.example/in"),
                "nothing at /in",
                "nothing at /in",
            ),
            (
                Channel::Telegram {
                    token: "12345:secret".into(),
                    chat: "1".into(),
                },
                "no bot12345:secret",
                "no bot…",
            ),
        ] {
            assert_eq!(discreet(&channel, said.into()), shown);
        }
    }
}
