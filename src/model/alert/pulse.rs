//! What was received, minute by minute: what counts over a period, spikes and silence are judged by. By the time at which
//! the server received it, so that nothing that comes late changes what was judged before.

use serde::{Deserialize, Serialize};

use crate::model::issue::IssueId;
use crate::protocol::ids::EventId;

/// A minute, counted from 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Minute(pub i64);

impl Minute {
    /// The minute in which a moment lies.
    pub fn of(time: jiff::Timestamp) -> Self {
        Self(time.as_second().div_euclid(60))
    }

    /// The first moment behind it.
    pub fn end(self) -> jiff::Timestamp {
        crate::model::timeline::at((self.0 + 1) * 60)
    }
}

/// What was received of an issue (or of the sessions of a project) in one minute and environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulse {
    /// When.
    pub minute: Minute,
    /// Of which issue; none for the sessions of the project.
    pub issue: Option<IssueId>,
    /// From which environment.
    pub environment: Option<String>,
    /// Events.
    pub events: u64,
    /// The one of them that was recorded last.
    pub latest: Option<EventId>,
    /// What tells its users from each other, sampled: see `users_weight`.
    pub users: Vec<u32>,
    /// Of how many users each one in `users` stands for: 1 unless there were too many in an hour to keep them all.
    pub users_weight: u32,
    /// Sessions that began.
    pub sessions: u64,
    /// Sessions of which it was learned that they had an error, handled or not.
    pub errored: u64,
    /// Sessions of which it was learned that they crashed.
    pub crashed: u64,
}
