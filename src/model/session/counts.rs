//! Sessions, users and events as numbers, and the rates that follow. Who is without data has no rate, rather than a good
//! one.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
