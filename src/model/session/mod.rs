//! Sessions: how often a release ran and how it ended, and ([`counts`]) the rates that follow.
//!
//! What is counted here does not depend on the order in which anything arrives: of the updates of one session the
//! weightiest stands.

mod counts;
mod health;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::release::ReleaseId;
use crate::protocol::ids::ProjectId;
use crate::protocol::session::{SessionId, SessionStatus};
pub use counts::{Exposure, SessionCounts, UserCounts, adoption};
pub use health::{Apart, Health, HealthQuery};

/// What one item said about sessions of one release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionReport {
    /// Whose they are.
    pub project: ProjectId,
    /// When the item was received.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub received: Timestamp,
    /// The version that ran.
    pub release: String,
    /// Where it ran.
    pub environment: Option<String>,
    /// What was said.
    pub sessions: Sessions,
}

/// One session as it stands, or counts of some that ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sessions {
    /// The newest state of one session.
    One(SessionUpdate),
    /// Sessions that were counted where they ran.
    Many(Vec<SessionGroup>),
}

/// The state of one session at some moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionUpdate {
    /// Which session.
    pub id: SessionId,
    /// Whose; none for nobody in particular.
    pub user: Option<String>,
    /// When it began.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub started: Timestamp,
    /// How it stands.
    pub standing: Standing,
}

/// How a session stands, and how much that weighs against what else is said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Orders the updates of a session.
    pub sequence: u64,
    /// How it goes on, or ended.
    pub status: SessionStatus,
    /// Whether it has met an error.
    pub has_errors: bool,
}

impl Standing {
    /// What two updates of one session come to, the same in any order: the end of a session outweighs that it goes on,
    /// a later word an earlier one; an error that was met stays met.
    pub fn join(self, other: Self) -> Self {
        let has_errors = self.has_errors || other.has_errors;
        let heavier = std::cmp::max_by_key(self, other, Self::weight);
        Self {
            has_errors,
            ..heavier
        }
    }

    fn weight(&self) -> (bool, u64, SessionStatus) {
        (self.status.is_terminal(), self.sequence, self.status)
    }

    /// What it counts as.
    pub fn counts(self) -> SessionCounts {
        let is = |status| u64::from(self.status == status);
        SessionCounts {
            started: 1,
            errored: u64::from(self.has_errors || self.status.is_error()),
            crashed: is(SessionStatus::Crashed),
            abnormal: is(SessionStatus::Abnormal),
            unhandled: is(SessionStatus::Unhandled),
        }
    }
}

/// Sessions of one user, or of nobody in particular, that began in the same hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionGroup {
    /// The minute in which the first of them began: SDKs tell its start and no more.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub started: Timestamp,
    /// Whose they were.
    pub user: Option<String>,
    /// How many, and how they ended.
    pub counts: SessionCounts,
}

/// Where a session was counted: what the store remembers of it until no update can come any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedSession {
    /// How it stands.
    pub standing: Standing,
    /// The release that it was counted for.
    pub release: ReleaseId,
    /// The environment that it was counted for; empty for none.
    pub environment: String,
    /// When it began, in Unix seconds.
    pub started: i64,
}

impl CountedSession {
    /// What two words about one session come to, the same in any order: it is counted where the weightier one puts it.
    pub fn join(self, other: Self) -> Self {
        let standing = self.standing.join(other.standing);
        let weight = |it: &Self| {
            (
                it.standing.weight(),
                it.release,
                it.environment.clone(),
                it.started,
            )
        };
        let heavier = std::cmp::max_by_key(self, other, weight);
        Self { standing, ..heavier }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use SessionStatus::{Abnormal, Crashed, Errored, Exited, Ok, Unhandled};
    use proptest::prelude::*;

    fn standing(sequence: u64, status: SessionStatus, has_errors: bool) -> Standing {
        Standing {
            sequence,
            status,
            has_errors,
        }
    }

    #[test]
    fn the_end_of_a_session_outweighs_that_it_goes_on() {
        for (updates, expected) in [
            (
                vec![standing(0, Ok, false), standing(5, Exited, false)],
                standing(5, Exited, false),
            ),
            (
                vec![standing(0, Exited, false), standing(9, Ok, true)],
                standing(0, Exited, true),
            ),
            (
                vec![standing(3, Exited, true), standing(2, Crashed, true)],
                standing(3, Exited, true),
            ),
            (
                vec![standing(3, Exited, false), standing(4, Crashed, true)],
                standing(4, Crashed, true),
            ),
            (
                vec![standing(3, Crashed, false), standing(3, Exited, false)],
                standing(3, Crashed, false),
            ),
            (
                vec![
                    standing(0, Ok, false),
                    standing(1, Ok, true),
                    standing(2, Unhandled, true),
                ],
                standing(2, Unhandled, true),
            ),
        ] {
            let joined = updates.iter().copied().reduce(Standing::join).unwrap();
            assert_eq!(joined, expected, "{updates:?}");
            assert_eq!(
                updates.iter().rev().copied().reduce(Standing::join),
                Some(expected),
                "{updates:?} backwards"
            );
        }
    }

    #[test]
    fn every_session_is_one_of_five() {
        for (it, healthy, only_errored, crashed, abnormal, unhandled) in [
            (standing(0, Ok, false), 1, 0, 0, 0, 0),
            (standing(0, Exited, false), 1, 0, 0, 0, 0),
            (standing(0, Exited, true), 0, 1, 0, 0, 0),
            (standing(0, Errored, false), 0, 1, 0, 0, 0),
            (standing(0, Crashed, true), 0, 0, 1, 0, 0),
            (standing(0, Abnormal, false), 0, 0, 0, 1, 0),
            (standing(0, Unhandled, false), 0, 0, 0, 0, 1),
        ] {
            let counts = it.counts();
            assert_eq!(
                (
                    counts.healthy(),
                    counts.only_errored(),
                    counts.crashed,
                    counts.abnormal,
                    counts.unhandled
                ),
                (healthy, only_errored, crashed, abnormal, unhandled),
                "{it:?}"
            );
            assert_eq!(counts.started, 1);
        }
    }

    proptest! {
        #[test]
        fn the_order_of_arrival_does_not_matter(
            updates in proptest::collection::vec((0_u64..4, 0_usize..6, any::<bool>()), 1..6),
            shuffled in any::<proptest::sample::Index>(),
        ) {
            let words = [Ok, Exited, Errored, Unhandled, Abnormal, Crashed];
            let mut updates: Vec<_> = updates.into_iter().map(|(n, word, errors)| standing(n, words[word], errors)).collect();
            let expected = updates.iter().copied().reduce(Standing::join);
            let by = shuffled.index(updates.len());
            updates.rotate_left(by);
            prop_assert_eq!(updates.iter().copied().reduce(Standing::join), expected);
            prop_assert_eq!(updates.into_iter().rev().reduce(Standing::join), expected);
        }
    }
}
