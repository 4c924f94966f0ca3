//! Messages on their way, and what members want of them.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A message on its way.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlertDelivery {
    /// Number as a string; also its idempotency key.
    pub id: String,
    /// To whom.
    pub to: DeliveryRecipient,
    /// `firings`, `digest` or `notice`.
    pub cargo: &'static str,
    /// Ids of the firings that it tells of.
    pub firings: Vec<String>,
    /// When what it tells was received.
    pub date_caused: Timestamp,
    /// When it was put into the outbox.
    pub date_created: Timestamp,
    /// `waiting`, `delivered`, `dead` (given up) or `dropped` (nobody is there, or wants it).
    pub state: &'static str,
    /// When it is tried next, if it waits.
    pub next_try: Option<Timestamp>,
    /// How often it was tried.
    pub tries: u32,
    /// The last tries, oldest first.
    pub attempts: Vec<DeliveryAttempt>,
    /// From what caused it until it was taken, in milliseconds; null until then.
    pub latency_millis: Option<u64>,
}

/// To whom something is brought.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DeliveryRecipient {
    /// A member, by e-mail.
    Member {
        /// Id of the account.
        id: String,
        /// Null when they are no member any more.
        name: Option<String>,
    },
    /// A destination.
    Destination {
        /// Its id.
        id: String,
        /// Null when it is gone.
        name: Option<String>,
        /// What kind it is, such as `slack_webhook`; null when it is gone.
        channel: Option<&'static str>,
    },
}

/// One try.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryAttempt {
    /// When it began.
    pub date: Timestamp,
    /// How long it took, in milliseconds.
    pub millis: u64,
    /// The status of the answer, of HTTP or SMTP; null when there was none.
    pub status: Option<u16>,
    /// What the other side said, or what went wrong.
    pub answer: String,
}

/// What a member wants by e-mail.
#[derive(Debug, Serialize, ToSchema)]
pub struct Notifications {
    /// `all`, `mine` (given to or subscribed by them) or `none`.
    pub alerts: &'static str,
    /// `off`, `daily` or `weekly` (on Mondays).
    pub digest: &'static str,
    /// The hour of the day at which digests come, 0 to 23.
    pub hour: u8,
    /// Where that hour is meant, such as `Europe/Berlin`.
    pub zone: String,
}

/// What a link to unsubscribe is for.
#[derive(Debug, Serialize, ToSchema)]
pub struct Unsubscription {
    /// `alerts` or `digest`.
    pub from: &'static str,
    /// Whose mail.
    pub email: String,
}
