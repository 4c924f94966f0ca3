//! Sessions: how often a release ran and how it ended, and the rates that follow.
//!
//! What is counted here does not depend on the order in which anything arrives: of the updates of one session the
//! weightiest stands, and whoever is without data has no rate, rather than a good one.

use std::ops::AddAssign;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::release::ReleaseId;
use crate::protocol::ids::ProjectId;
use crate::protocol::session::{SessionId, SessionStatus};

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
    /// When they began.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub started: Timestamp,
    /// Whose they were.
    pub user: Option<String>,
    /// How many, and how they ended.
    pub counts: SessionCounts,
}

/// How many sessions, and how they went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SessionCounts {
    /// All of them.
    pub started: u64,
    /// Those that met an error or did not end well: the crashed, abnormal and unhandled ones among them.
    pub errored: u64,
    /// Those that crashed.
    pub crashed: u64,
    /// Those that never said that they ended.
    pub abnormal: u64,
    /// Those with an error that nobody caught.
    pub unhandled: u64,
}

impl SessionCounts {
    /// Those without any error.
    pub fn healthy(&self) -> u64 {
        self.started.saturating_sub(self.errored)
    }

    /// Those that met an error and ended well all the same.
    pub fn only_errored(&self) -> u64 {
        self.errored
            .saturating_sub(self.crashed + self.abnormal + self.unhandled)
    }

    /// The share, 0 to 1, that did not crash; none without sessions.
    pub fn crash_free(&self) -> Option<f64> {
        share(self.crashed, self.started).map(|crashed| 1.0 - crashed)
    }

    /// Takes back what was counted.
    pub fn take(&mut self, other: &Self) {
        let pairs = [
            (&mut self.started, other.started),
            (&mut self.errored, other.errored),
            (&mut self.crashed, other.crashed),
            (&mut self.abnormal, other.abnormal),
            (&mut self.unhandled, other.unhandled),
        ];
        for (count, less) in pairs {
            *count = count.saturating_sub(less);
        }
    }
}

impl AddAssign for SessionCounts {
    fn add_assign(&mut self, other: Self) {
        self.started += other.started;
        self.errored += other.errored;
        self.crashed += other.crashed;
        self.abnormal += other.abnormal;
        self.unhandled += other.unhandled;
    }
}

/// How many users: exact for few, an estimate within 2 % for many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct UserCounts {
    /// All of them.
    pub all: u64,
    /// Those for whom it crashed.
    pub crashed: u64,
}

impl UserCounts {
    /// The share, 0 to 1, of users for whom nothing crashed; none when no session said whose it was.
    pub fn crash_free(&self) -> Option<f64> {
        share(self.crashed, self.all).map(|crashed| 1.0 - crashed)
    }
}

/// How much a release was used in some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Exposure {
    /// Its sessions.
    pub sessions: SessionCounts,
    /// Its events.
    pub events: u64,
}

impl AddAssign for Exposure {
    fn add_assign(&mut self, other: Self) {
        self.sessions += other.sessions;
        self.events += other.events;
    }
}

/// What share, 0 to 1, of a project's use was of one release: by sessions, or by events when the project has no
/// sessions; none when it was not used at all.
pub fn adoption(release: &Exposure, project: &Exposure) -> Option<f64> {
    share(release.sessions.started, project.sessions.started)
        .or_else(|| share(release.events, project.events))
}

/// A part of a whole, 0 to 1; none of nothing. Two estimates may contradict each other: no share is above 1.
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| (part as f64 / whole as f64).min(1.0))
}

/// Which use is asked for, and what is told apart in the answer.
#[derive(Debug, Clone)]
pub struct HealthQuery {
    /// Of these projects.
    pub projects: Vec<ProjectId>,
    /// In this span, by hour.
    pub range: super::timeline::TimeRange,
    /// Of these versions; empty for everything, also of what names no release.
    pub releases: Vec<String>,
    /// In these environments, `""` for what names none; empty for all.
    pub environments: Vec<String>,
    /// What has a row of its own.
    pub apart: Apart,
}

/// What has a row of its own in an answer; the rest is summed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Apart {
    /// Each project.
    pub projects: bool,
    /// Each release.
    pub releases: bool,
    /// Each environment.
    pub environments: bool,
}

/// How something was used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Health {
    /// Whose, when projects were told apart.
    pub project: Option<ProjectId>,
    /// The version, when releases were told apart; none too for what names no release.
    pub release: Option<String>,
    /// The environment, when environments were told apart; none too for what names none.
    pub environment: Option<String>,
    /// By hour: its start in Unix seconds; in order, hours without use left out.
    pub hours: Vec<(i64, Exposure)>,
    /// Users by day of UTC: its start in Unix seconds; in order. Of a day that is only partly asked for, all.
    pub days: Vec<(i64, UserCounts)>,
    /// Users of all these days, each counted once.
    pub users: UserCounts,
}

impl Health {
    /// All hours added up.
    pub fn total(&self) -> Exposure {
        let mut total = Exposure::default();
        self.hours.iter().for_each(|(_, exposure)| total += *exposure);
        total
    }
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

    #[test]
    fn without_data_there_is_no_rate() {
        assert_eq!(SessionCounts::default().crash_free(), None);
        assert_eq!(UserCounts::default().crash_free(), None);
        let counts = SessionCounts {
            started: 8,
            crashed: 2,
            ..SessionCounts::default()
        };
        assert_eq!(counts.crash_free(), Some(0.75));
        assert_eq!(
            UserCounts { all: 4, crashed: 5 }.crash_free(),
            Some(0.0),
            "estimates may contradict"
        );
    }

    #[test]
    fn adoption_is_by_sessions_and_else_by_events() {
        let exposure = |started, events| Exposure {
            sessions: SessionCounts {
                started,
                ..SessionCounts::default()
            },
            events,
        };
        assert_eq!(adoption(&exposure(1, 90), &exposure(4, 100)), Some(0.25));
        assert_eq!(adoption(&exposure(0, 90), &exposure(0, 100)), Some(0.9));
        assert_eq!(adoption(&exposure(0, 90), &exposure(4, 100)), Some(0.0));
        assert_eq!(adoption(&exposure(0, 0), &exposure(0, 0)), None);
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
