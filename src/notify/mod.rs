//! How to tell someone: a [`Message`], and what becomes of it on each channel. Decides neither what is worth telling nor
//! whom to tell, and keeps nothing.
//!
//! A channel is a file here that makes a [`http::Request`] of a message, and a line in [`request`].

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

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

use crate::config;
use crate::model::alert::{Attempt, Channel};
use http::{Answer, Error, Http, Request};
pub use message::{Kind, Links, Message, Told};
use policy::Verdict;

/// Tells. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Notify {
    http: Http,
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
    /// One that tells whom the settings allow.
    pub fn new(settings: &config::Notify) -> Self {
        Self {
            http: Http::new(settings.allow_private.clone()),
        }
    }

    /// Tells, once, at `now`, and says what the other side said. Returns within some ten seconds, whatever that is.
    pub async fn send(&self, channel: &Channel, message: &Message, now: Timestamp) -> Sent {
        let begun = Instant::now();
        let answer = match request(channel, message, now) {
            Some(request) => self.http.send(request).await,
            None => Err(Error::Url("no mail server is set up")),
        };
        let took = begun.elapsed();
        let ended = now
            .checked_add(SignedDuration::try_from(took).unwrap_or_default())
            .unwrap_or(now);
        let (status, verdict, said) = match answer {
            Ok(answer) => (
                Some(answer.status),
                verdict(channel, &answer, ended),
                said(&answer),
            ),
            Err(error @ Error::Unreachable(_)) => (None, Verdict::Later(None), error.to_string()),
            Err(error) => (None, Verdict::Never, error.to_string()),
        };
        let attempt = Attempt {
            time: now,
            millis: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            status,
            answer: message::text::shown(&said, Attempt::MAX_ANSWER),
        };
        Sent { attempt, verdict }
    }
}

/// The request that tells; none for what is not told by HTTP.
fn request(channel: &Channel, message: &Message, now: Timestamp) -> Option<Request> {
    Some(match channel {
        Channel::SlackWebhook { url } => slack::webhook(url, message),
        Channel::SlackBot { token, channel } => slack::bot(token, channel, message),
        Channel::Discord { url } => discord::request(url, message),
        Channel::Teams { url } => teams::request(url, message),
        Channel::PagerDuty { routing_key } => pager_duty::request(routing_key, message),
        Channel::Ntfy { url, topic, token } => ntfy::request(url, topic, token.as_deref(), message),
        Channel::Telegram { token, chat } => telegram::request(token, chat, message),
        Channel::Webhook { url, secret } => webhook::request(url, secret, message, now),
        Channel::Email { .. } => return None,
    })
}

/// What an answer means: its status says it, but for those who say 200 to everything.
fn verdict(channel: &Channel, answer: &Answer, now: Timestamp) -> Verdict {
    let by_status = Verdict::of_status(answer.status, answer.retry_after.as_deref(), now);
    match channel {
        Channel::SlackBot { .. } => slack::bot_verdict(answer, by_status),
        _ => by_status,
    }
}

/// What is shown of an answer.
fn said(answer: &Answer) -> String {
    match answer.status {
        300..=399 => "it leads on to another address, which is not followed: set up that one".to_owned(),
        _ => answer.body.clone(),
    }
}
