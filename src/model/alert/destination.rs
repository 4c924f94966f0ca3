//! Places that can be told: where, and with which secret.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::delivery::DeliveryState;

/// A destination's number, unique in the installation; 0 before it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct DestinationId(pub u64);

/// A place that was set up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// Unique in the installation.
    pub id: DestinationId,
    /// What people call it.
    pub name: String,
    /// How it is told.
    pub channel: Channel,
    /// When it was made.
    pub created: Timestamp,
}

/// How a destination fared with what was sent to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fared {
    /// When it took a message last.
    pub took: Option<Timestamp>,
    /// Since when it has taken none; none if it took the last one, or was changed since.
    pub failing: Option<Timestamp>,
}

impl Fared {
    /// How it fared with a try that began at `time` besides.
    pub fn and(self, time: Timestamp, state: DeliveryState) -> Self {
        match state {
            DeliveryState::Delivered => Self {
                took: self.took.max(Some(time)),
                failing: None,
            },
            DeliveryState::Waiting { .. } | DeliveryState::Dead | DeliveryState::Dropped => Self {
                failing: self.failing.or(Some(time)),
                ..self
            },
        }
    }
}

/// A way of telling, with what it needs. Secrets stand here in clear: never show one whole.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Channel {
    /// E-mail to addresses that are no members.
    Email {
        /// At most 20.
        to: Vec<String>,
    },
    /// Slack, by an incoming webhook.
    SlackWebhook {
        /// Secret.
        url: String,
    },
    /// Slack, by a bot (`chat.postMessage`).
    SlackBot {
        /// Secret; begins with `xoxb-`.
        token: String,
        /// Id or name of a channel.
        channel: String,
    },
    /// Discord, by a webhook.
    Discord {
        /// Secret.
        url: String,
    },
    /// Microsoft Teams, by a workflow's webhook.
    Teams {
        /// Secret.
        url: String,
    },
    /// PagerDuty, Events API v2.
    PagerDuty {
        /// Secret: the integration key.
        routing_key: String,
    },
    /// ntfy.
    Ntfy {
        /// The server, such as `https://ntfy.sh`.
        url: String,
        /// Secret: the topic, which everybody may read who knows it.
        topic: String,
        /// Secret: an access token.
        token: Option<String>,
    },
    /// Telegram, by a bot.
    Telegram {
        /// Secret.
        token: String,
        /// Id of the chat, or `@channel`.
        chat: String,
    },
    /// Signed JSON to any address.
    Webhook {
        /// Secret: where; many a receiver has a password in its address.
        url: String,
        /// Secret: signs what is sent.
        secret: String,
    },
}

impl std::fmt::Debug for Channel {
    /// Without secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Channel {
    /// What kind it is, as the API says it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Email { .. } => "email",
            Self::SlackWebhook { .. } => "slack_webhook",
            Self::SlackBot { .. } => "slack_bot",
            Self::Discord { .. } => "discord",
            Self::Teams { .. } => "teams",
            Self::PagerDuty { .. } => "pager_duty",
            Self::Ntfy { .. } => "ntfy",
            Self::Telegram { .. } => "telegram",
            Self::Webhook { .. } => "webhook",
        }
    }
}
