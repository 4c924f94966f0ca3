//! Destinations, without their secrets.

use crate::http::api::shape;
use crate::http::api::wanted::masked;
use crate::model::alert::{Action, AlertRule, Channel, Destination, Fared};

/// A destination, which of `rules` send to it, and how it fared.
pub(in crate::http::api) fn destination(
    kept: &Destination,
    rules: &[AlertRule],
    (fared, waiting): (Fared, u64),
) -> shape::Destination {
    let sends = |rule: &&AlertRule| {
        let to = Action::Send { destination: kept.id };
        rule.actions.contains(&to)
    };
    shape::Destination {
        id: kept.id.0.to_string(),
        name: kept.name.clone(),
        channel: channel(&kept.channel),
        date_created: kept.created,
        used_by: rules
            .iter()
            .filter(sends)
            .map(|rule| rule.id.0.to_string())
            .collect(),
        last_delivered: fared.took,
        failing_since: fared.failing,
        waiting,
    }
}

fn channel(kept: &Channel) -> shape::Channel {
    use shape::Channel as Shown;
    let secret = |text: &String| Some(masked(text));
    match kept {
        Channel::Email { to } => Shown::Email { to: to.clone() },
        Channel::SlackWebhook { url } => Shown::SlackWebhook { url: secret(url) },
        Channel::SlackBot { token, channel } => Shown::SlackBot {
            token: secret(token),
            channel: channel.clone(),
        },
        Channel::Discord { url } => Shown::Discord { url: secret(url) },
        Channel::Teams { url } => Shown::Teams { url: secret(url) },
        Channel::PagerDuty { routing_key } => Shown::PagerDuty {
            routing_key: secret(routing_key),
        },
        Channel::Ntfy { url, topic, token } => Shown::Ntfy {
            url: url.clone(),
            topic: masked(topic),
            token: token.as_ref().and_then(secret),
        },
        Channel::Telegram { token, chat } => Shown::Telegram {
            token: secret(token),
            chat: chat.clone(),
        },
        Channel::Webhook { url, secret: signs } => Shown::Webhook {
            url: masked(url),
            secret: secret(signs),
        },
    }
}
