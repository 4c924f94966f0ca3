//! Whether a destination can be told at all, as far as it shows by looking at it. Whether anybody is there, trying tells.

use url::Url;

use super::unless;
use crate::alerts::check::Fault;
use crate::model::alert::{Channel, Destination};
use crate::model::person;

/// The most characters of a name.
const MAX_NAME: usize = 100;
/// The most addresses of one destination.
const MAX_ADDRESSES: usize = 20;
/// The most bytes of an URL.
const MAX_URL: usize = 2_000;
/// The most bytes of a token, and of the name of a channel or chat.
const MAX_WORD: usize = 200;
/// A secret that signs has so many bytes at least.
const MIN_SECRET: usize = 16;

/// What is wrong with it.
pub(super) fn of_destination(destination: &Destination) -> Vec<Fault> {
    let name = unless(
        is_name(&destination.name),
        "name",
        "has 1 to 100 characters on one line",
    );
    name.into_iter().chain(of_channel(&destination.channel)).collect()
}

/// What is wrong with a channel.
pub(super) fn of_channel(channel: &Channel) -> Vec<Fault> {
    let faults = match channel {
        Channel::Email { to } => vec![addresses(to)],
        Channel::SlackWebhook { url } | Channel::Discord { url } | Channel::Teams { url } => {
            vec![url_fault(url)]
        }
        Channel::SlackBot { token, channel } => vec![
            unless(
                is_word(token) && token.starts_with("xoxb-"),
                "channel.token",
                "begins with xoxb-",
            ),
            unless(
                is_word(channel),
                "channel.channel",
                "is the name or id of a channel",
            ),
        ],
        Channel::PagerDuty { routing_key } => vec![unless(
            is_word(routing_key) && is_plain(routing_key),
            "channel.routingKey",
            "is an integration key of letters and digits",
        )],
        Channel::Ntfy { url, topic, token } => ntfy(url, topic, token.as_deref()),
        // The token becomes a part of the address.
        Channel::Telegram { token, chat } => vec![
            unless(
                is_word(token) && is_plain(&token.replacen(':', "", 1)),
                "channel.token",
                "is a bot's token, such as 123456:ABC",
            ),
            unless(is_word(chat), "channel.chat", "is the id of a chat, or @channel"),
        ],
        Channel::Webhook { url, secret } => vec![
            url_fault(url),
            unless(
                is_word(secret) && secret.len() >= MIN_SECRET,
                "channel.secret",
                "has 16 to 200 letters, digits and signs",
            ),
        ],
    };
    faults.into_iter().flatten().collect()
}

fn ntfy(url: &str, topic: &str, token: Option<&str>) -> Vec<Option<Fault>> {
    vec![
        url_fault(url),
        unless(
            is_word(topic) && is_plain(topic),
            "channel.topic",
            "has letters, digits, - and _ only",
        ),
        unless(token.is_none_or(is_word), "channel.token", "is an access token"),
    ]
}

fn addresses(to: &[String]) -> Option<Fault> {
    let fit = (1..=MAX_ADDRESSES).contains(&to.len())
        && to.iter().all(|address| person::email_address(address).is_some());
    unless(fit, "channel.to", "has 1 to 20 e-mail addresses")
}

/// An address without a name and password: it is shown, and those would be shown with it.
fn url_fault(text: &str) -> Option<Fault> {
    let url = Some(text).filter(|text| text.len() <= MAX_URL && is_visible(text));
    let url = url.and_then(|text| Url::parse(text).ok());
    let fits = url.is_some_and(|url| {
        matches!(url.scheme(), "https" | "http")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none()
    });
    unless(
        fits,
        "channel.url",
        "is an address that begins with https:// or http://, without user name and fragment",
    )
}

/// Neither empty nor endless, and nothing that cannot be seen.
fn is_word(text: &str) -> bool {
    (1..=MAX_WORD).contains(&text.len()) && is_visible(text)
}

fn is_name(text: &str) -> bool {
    (1..=MAX_NAME).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

fn is_visible(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_plain(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
