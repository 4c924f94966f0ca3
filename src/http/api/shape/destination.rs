//! Destinations: places that can be told, and trying one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A place that can be told.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Destination {
    /// Number as a string.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// How it is told.
    pub channel: Channel,
    /// When it was made.
    pub date_created: Timestamp,
    /// Ids of the rules that send to it.
    pub used_by: Vec<String>,
    /// When it took a message last; tests do not count.
    pub last_delivered: Option<Timestamp>,
    /// Since when it has taken none; null if it took the last one, or was changed since.
    pub failing_since: Option<Timestamp>,
    /// How many messages wait for it.
    pub waiting: u64,
}

/// A way of telling. Secrets are shown as `…` and their last characters, an address with its host in front; what is
/// absent, null, empty or sent back as shown stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Channel {
    /// E-mail to addresses that are no members.
    Email {
        /// 1 to 20.
        to: Vec<String>,
    },
    /// Slack, by an incoming webhook.
    SlackWebhook {
        /// Secret.
        url: Option<String>,
    },
    /// Slack, by a bot.
    SlackBot {
        /// Secret; begins with `xoxb-`.
        token: Option<String>,
        /// Id or name of a channel.
        channel: String,
    },
    /// Discord, by a webhook.
    Discord {
        /// Secret.
        url: Option<String>,
    },
    /// Microsoft Teams, by a workflow's webhook.
    Teams {
        /// Secret.
        url: Option<String>,
    },
    /// PagerDuty, Events API v2.
    PagerDuty {
        /// Secret: the integration key.
        routing_key: Option<String>,
    },
    /// ntfy.
    Ntfy {
        /// The server, such as `https://ntfy.sh`.
        url: String,
        /// Secret: the topic. To be given anew when `url` changes.
        topic: String,
        /// Secret: an access token; empty for none. To be given anew when `url` changes.
        token: Option<String>,
    },
    /// Telegram, by a bot.
    Telegram {
        /// Secret.
        token: Option<String>,
        /// Id of the chat, or `@channel`.
        chat: String,
    },
    /// Signed JSON to any address.
    Webhook {
        /// Secret: where.
        url: String,
        /// Secret: signs what is sent; 16 to 200 characters.
        secret: Option<String>,
    },
}

/// What the other side said to a test.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tested {
    /// Whether it was taken.
    pub delivered: bool,
    /// The status of the answer, of HTTP or SMTP; null when there was none.
    pub status: Option<u16>,
    /// What the other side said, or what went wrong.
    pub answer: String,
    /// How long it took, in milliseconds.
    pub millis: u64,
}
