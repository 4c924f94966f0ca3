//! Alerts: what is worth telling (a [rule](rule)), what happened (a [happening](happening)), that a rule fired (a
//! [firing](firing)), and whom that is brought to (a [destination], by a [delivery]).
//!
//! Plain data. What fires is decided by `alerts`, how it is said by `notify`, and both only from what stands here: so
//! that a rule can be tried on the past.

pub mod delivery;
pub mod destination;
pub mod firing;
pub mod happening;
pub mod notice;
pub mod preferences;
pub mod pulse;
pub mod rule;
pub mod unsubscribe;

pub use delivery::{Attempt, Delivery, DeliveryId, DeliveryState, Recipient};
pub use destination::{Channel, Destination, DestinationId, Fared};
pub use firing::{Firing, FiringId, Held, HeldBy, Reason};
pub use happening::{Happened, Happening, HappeningId, Subject};
pub use notice::Notice;
pub use preferences::{DigestEvery, Preferences, SigningKey, WantedAlerts};
pub use pulse::{Minute, Pulse};
pub use rule::{Action, AlertRule, Condition, QuietHours, RuleId, Test, When, Whom};
pub use unsubscribe::{Mailing, Unsubscribe};
