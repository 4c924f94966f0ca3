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
    let host = secret.find("://").map_or(0, |at| at + 3);
    let hidden = match secret[host..].find(['/', '?']) {
        Some(end) if host > 0 => host + end + 1,
        None if host > 0 => return secret.to_owned(),
        _ => 0,
    };
    let (head, hidden) = secret.split_at(hidden);
    let length = hidden.chars().count();
    let shown = if length < LONG_ENOUGH { 0 } else { SHOWN };
    let end: String = hidden.chars().skip(length - shown).collect();
    format!("{head}…{end}")
}

/// The channel that is asked for, with the secrets of `old` where none are given.
pub(in crate::http::api) fn channel(asked: Value, old: Option<&Channel>) -> Result<Channel, ApiError> {
    let mut faults = Faults::default();
    let read = faults.read("channel", asked).map(|asked| {
        let mut channel = said(asked);
        keep_secrets(&mut channel, old, &mut faults);
        channel
    });
    faults.end("destination")?;
    read.ok_or_else(|| ApiError::bad_request("channel is needed."))
}

/// Secrets are lent only to the same kind of channel; those of ntfy only to the same server, which would be told them.
fn keep_secrets(channel: &mut Channel, old: Option<&Channel>, faults: &mut Faults) {
    let mut old = old.filter(|old| old.name() == channel.name()).cloned();
    let mut has_moved = false;
    if let Channel::Ntfy { url, token, .. } = channel {
        let (before, kept) = match &old {
            Some(Channel::Ntfy { url, token, .. }) => (url.as_str(), token.as_deref()),
            _ => (url.as_str(), None),
        };
        has_moved = url != before;
        *token = match token.take() {
            None => kept.map(masked),
            given => given.filter(|given| !given.is_empty()),
        };
    }
    let old = old.as_mut().map(secrets).unwrap_or_default();
    for (field, given) in secrets(channel) {
        let kept = old
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, kept)| &**kept);
        let field = format!("channel.{field}");
        match kept {
            Some(kept) if given.is_empty() || *given == masked(kept) => match has_moved {
                true => faults.add(&field, "is to be given anew when url changes"),
                false => given.clone_from(kept),
            },
            _ if given.is_empty() => faults.add(&field, "is needed"),
            _ => {}
        }
    }
}

/// What is secret in a channel, under the names of its fields.
fn secrets(channel: &mut Channel) -> Vec<(&'static str, &mut String)> {
    match channel {
        Channel::SlackWebhook { url } | Channel::Discord { url } | Channel::Teams { url } => {
            vec![("url", url)]
        }
        Channel::SlackBot { token, .. } | Channel::Telegram { token, .. } => vec![("token", token)],
        Channel::PagerDuty { routing_key } => vec![("routingKey", routing_key)],
        // Whoever knows the topic reads along, and many a webhook has its password in its address.
        Channel::Ntfy { topic, token, .. } => {
            let token = token.as_mut().map(|token| ("token", token));
            [("topic", topic)].into_iter().chain(token).collect()
        }
        Channel::Webhook { url, secret } => vec![("url", url), ("secret", secret)],
        Channel::Email { .. } => Vec::new(),
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
            (
                "https://n8n.example.com/hook?token=0123456789abcdef",
                "https://n8n.example.com/…cdef",
            ),
            (
                "https://example.com?token=0123456789abcdef",
                "https://example.com?…cdef",
            ),
            ("https://hooks.slack.com/short", "https://hooks.slack.com/…"),
            ("https://hooks.slack.com", "https://hooks.slack.com"),
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

    const TOPIC: &str = "alerts-0123456789abcdef";

    #[test]
    fn nothing_is_lent_to_another_server() {
        let ntfy = |url: &str, token: Option<&str>| Channel::Ntfy {
            url: url.to_owned(),
            topic: TOPIC.to_owned(),
            token: token.map(str::to_owned),
        };
        let old = ntfy("https://ntfy.sh", Some("tk_0123456789abcdef"));
        let said = |url: &str, topic: &str, token: Value| {
            let asked = json!({"type": "ntfy", "url": url, "topic": topic, "token": token});
            channel(asked, Some(&old))
        };
        let asked = |url: &str, token: Value| said(url, TOPIC, token);
        assert_eq!(asked("https://ntfy.sh", json!(null)).unwrap(), old);
        assert_eq!(said("https://ntfy.sh", &masked(TOPIC), json!(null)).unwrap(), old);
        assert!(said("https://evil", &masked(TOPIC), json!("new")).is_err());
        assert_eq!(asked("https://ntfy.sh", json!("…cdef")).unwrap(), old);
        assert!(asked("https://evil", json!(null)).is_err());
        assert!(asked("https://evil", json!("…cdef")).is_err());
        for url in ["https://ntfy.sh", "https://evil"] {
            assert_eq!(asked(url, json!("")).unwrap(), ntfy(url, None));
            assert_eq!(asked(url, json!("new")).unwrap(), ntfy(url, Some("new")));
        }
    }
}
