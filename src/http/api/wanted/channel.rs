//! A way of telling: what is secret in it is never shown whole, so that it need not be sent back to stay.

use serde_json::Value;

use super::Faults;
use crate::http::api::shape;
use crate::http::error::ApiError;
use crate::model::alert::Channel;

/// How much of the end of a secret is shown, in characters.
const SHOWN: usize = 4;
/// A secret that is shorter than so many characters shows nothing of itself.
const LONG_ENOUGH: usize = 16;

/// What stands for a secret: its last characters, behind the host if it is an address.
pub(in crate::http::api) fn masked(secret: &str) -> String {
    let rest = secret.split_once("://").map_or(secret, |(_, rest)| rest);
    let (head, hidden) = match rest.split_once('/') {
        Some((_, hidden)) if rest.len() < secret.len() => (&secret[..secret.len() - hidden.len()], hidden),
        _ => ("", secret),
    };
    let length = hidden.chars().count();
    let shown = if length < LONG_ENOUGH { 0 } else { SHOWN };
    let end: String = hidden.chars().skip(length - shown).collect();
    format!("{head}…{end}")
}

/// The channel that is asked for, with the secret of `old` where none is given.
pub(in crate::http::api) fn channel(asked: Value, old: Option<&Channel>) -> Result<Channel, ApiError> {
    let mut faults = Faults::default();
    let read = faults.read("channel", asked).map(|asked| {
        let mut channel = said(asked);
        keep_secret(&mut channel, old, &mut faults);
        channel
    });
    faults.end("destination")?;
    read.ok_or_else(|| ApiError::bad_request("channel is needed."))
}

/// A secret is lent only to the same kind of channel; that of ntfy only to the same server, which would be told it.
fn keep_secret(channel: &mut Channel, old: Option<&Channel>, faults: &mut Faults) {
    let mut old = old.filter(|old| old.name() == channel.name()).cloned();
    if let (
        Channel::Ntfy { url, token, .. },
        Some(Channel::Ntfy {
            url: at,
            token: Some(kept),
            ..
        }),
    ) = (&mut *channel, &old)
    {
        let stays = token.as_ref().is_none_or(|given| *given == masked(kept));
        match stays {
            true if url == at => *token = Some(kept.clone()),
            true => faults.add(
                "channel.token",
                "is to be given anew when url changes, empty for none",
            ),
            false => {}
        }
    }
    if let Channel::Ntfy { token, .. } = channel {
        *token = token.take().filter(|token| !token.is_empty());
        return;
    }
    let old = old.as_mut().and_then(secret).map(|(_, kept)| &*kept);
    let Some((field, given)) = secret(channel) else {
        return;
    };
    match old {
        Some(old) if given.is_empty() || *given == masked(old) => given.clone_from(old),
        _ if given.is_empty() => faults.add(&format!("channel.{field}"), "is needed"),
        _ => {}
    }
}

/// What is secret in a channel that cannot be without, and the name of its field.
fn secret(channel: &mut Channel) -> Option<(&'static str, &mut String)> {
    match channel {
        Channel::SlackWebhook { url } | Channel::Discord { url } | Channel::Teams { url } => {
            Some(("url", url))
        }
        Channel::SlackBot { token, .. } | Channel::Telegram { token, .. } => Some(("token", token)),
        Channel::PagerDuty { routing_key } => Some(("routingKey", routing_key)),
        Channel::Webhook { secret, .. } => Some(("secret", secret)),
        Channel::Email { .. } | Channel::Ntfy { .. } => None,
    }
}

/// The channel as it was sent: without what was not.
fn said(asked: shape::Channel) -> Channel {
    use shape::Channel as Asked;
    let text = Option::unwrap_or_default;
    match asked {
        Asked::Email { to } => Channel::Email { to },
        Asked::SlackWebhook { url } => Channel::SlackWebhook { url: text(url) },
        Asked::SlackBot { token, channel } => Channel::SlackBot {
            token: text(token),
            channel,
        },
        Asked::Discord { url } => Channel::Discord { url: text(url) },
        Asked::Teams { url } => Channel::Teams { url: text(url) },
        Asked::PagerDuty { routing_key } => Channel::PagerDuty {
            routing_key: text(routing_key),
        },
        Asked::Ntfy { url, topic, token } => Channel::Ntfy { url, topic, token },
        Asked::Telegram { token, chat } => Channel::Telegram {
            token: text(token),
            chat,
        },
        Asked::Webhook { url, secret } => Channel::Webhook {
            url,
            secret: text(secret),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_secret_shows_where_it_leads_and_how_it_ends() {
        for (secret, shown) in [
            (
                "https://hooks.slack.com/services/T0/B0/abcdefx7Qz",
                "https://hooks.slack.com/…x7Qz",
            ),
            ("https://hooks.slack.com/short", "https://hooks.slack.com/…"),
            ("https://hooks.slack.com", "….com"),
            ("xoxb-0123456789abcdef", "…cdef"),
            ("short", "…"),
            ("", "…"),
            ("💥💥💥💥💥💥💥💥💥💥💥💥💥💥💥💥", "…💥💥💥💥"),
        ] {
            assert_eq!(masked(secret), shown);
        }
    }

    #[test]
    fn what_is_not_sent_stays_where_it_belongs() {
        let hook = |url: &str| Channel::SlackWebhook { url: url.to_owned() };
        let old = hook("https://hooks.slack.com/services/T0/B0/abcdefx7Qz");
        for url in [json!(null), json!(""), json!("https://hooks.slack.com/…x7Qz")] {
            let asked = json!({"type": "slack_webhook", "url": url});
            assert_eq!(channel(asked, Some(&old)).unwrap(), old);
        }
        let asked = json!({"type": "slack_webhook", "url": "https://other"});
        assert_eq!(channel(asked, Some(&old)).unwrap(), hook("https://other"));
        for (asked, old) in [
            (json!({"type": "discord"}), Some(&old)),
            (json!({"type": "slack_webhook"}), None),
            (json!({"type": "pigeon"}), None),
            (json!({"type": "email"}), None),
            (json!([]), None),
        ] {
            assert!(channel(asked, old).is_err());
        }
    }

    #[test]
    fn a_token_is_not_lent_to_another_server() {
        let ntfy = |url: &str, token: Option<&str>| Channel::Ntfy {
            url: url.to_owned(),
            topic: "alerts".to_owned(),
            token: token.map(str::to_owned),
        };
        let old = ntfy("https://ntfy.sh", Some("tk_0123456789abcdef"));
        let asked = |url: &str, token: Value| {
            let asked = json!({"type": "ntfy", "url": url, "topic": "alerts", "token": token});
            channel(asked, Some(&old))
        };
        assert_eq!(asked("https://ntfy.sh", json!(null)).unwrap(), old);
        assert_eq!(asked("https://ntfy.sh", json!("…cdef")).unwrap(), old);
        assert!(asked("https://evil", json!(null)).is_err());
        assert!(asked("https://evil", json!("…cdef")).is_err());
        for url in ["https://ntfy.sh", "https://evil"] {
            assert_eq!(asked(url, json!("")).unwrap(), ntfy(url, None));
            assert_eq!(asked(url, json!("new")).unwrap(), ntfy(url, Some("new")));
        }
    }
}
