//! Messages on their way: to whom, how often it was tried, what the other side said.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::destination::DestinationId;
use super::firing::FiringId;
use super::notice::Notice;
use crate::model::person::UserId;

/// A delivery's number, unique in the installation; also its idempotency key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DeliveryId(pub u64);

/// To whom something is brought.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// A member, by e-mail.
    Member(UserId),
    /// A place that was set up.
    Destination(DestinationId),
}

/// What is brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cargo {
    /// That rules fired: the first is the one whose numbers are told, the others are named.
    Firings(Vec<FiringId>),
    /// A member's digest of the time before then.
    Digest {
        /// The first moment that is in it.
        since: Timestamp,
        /// The first moment that is not.
        until: Timestamp,
    },
    /// What ails the installation, to an owner.
    Notice(Notice),
}

/// A message on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Unique in the installation; given by the store.
    pub id: DeliveryId,
    /// To whom.
    pub to: Recipient,
    /// What.
    pub cargo: Cargo,
    /// When what it tells was received: the latency of an alert counts from here.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub caused: Timestamp,
    /// When it was put into the outbox.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub created: Timestamp,
    /// How it stands.
    pub state: DeliveryState,
    /// How often it was tried; since it was last sent again by hand.
    pub tries: u32,
    /// The last tries, oldest first, at most [`Delivery::MAX_ATTEMPTS`].
    pub attempts: Vec<Attempt>,
}

impl Delivery {
    /// The most tries that are remembered.
    pub const MAX_ATTEMPTS: usize = 10;

    /// Whether somebody who was to get it did not: it was given up, or dropped since nothing could bring it.
    pub fn is_undelivered(&self) -> bool {
        match self.state {
            DeliveryState::Dead => true,
            DeliveryState::Dropped => self.tries > 0,
            DeliveryState::Waiting { .. } | DeliveryState::Delivered => false,
        }
    }
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DeliveryState {
    /// It is to be tried, not before then.
    Waiting {
        /// When.
        next: Timestamp,
    },
    /// The other side took it.
    Delivered,
    /// It was given up: the other side will not take it, or was not there for too long.
    Dead,
    /// There was nobody to bring it to any more, or they do not want it; after a try, nothing could bring it, as without a
    /// mail server.
    Dropped,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When it began.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub time: Timestamp,
    /// How long it took, in milliseconds.
    pub millis: u64,
    /// The status of the answer: of HTTP or SMTP; none if there was no answer.
    pub status: Option<u16>,
    /// What the other side said, or what went wrong; at most [`Attempt::MAX_ANSWER`] bytes.
    pub answer: String,
}

impl Attempt {
    /// The most bytes of an answer that are kept.
    pub const MAX_ANSWER: usize = 500;
}
