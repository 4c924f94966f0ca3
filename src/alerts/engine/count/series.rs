//! What is counted for one trigger: events and users by issue, sessions, or when something was last heard.

use std::collections::{BTreeMap, HashSet, VecDeque};

use super::Found;
use crate::model::IssueId;
use crate::model::alert::{Minute, Pulse};
use crate::protocol::ids::EventId;

/// All of it, in hundredths of a percent.
const WHOLE: u64 = 10_000;

/// Events and users by issue.
#[derive(Debug, Default)]
pub(super) struct Issues {
    issues: BTreeMap<IssueId, Series>,
    minutes: usize,
}

#[derive(Debug, Default)]
struct Series {
    minutes: VecDeque<Count>,
    events: u64,
    latest: Option<EventId>,
}

#[derive(Debug)]
struct Count {
    minute: Minute,
    events: u64,
    users: Box<[u32]>,
    weight: u32,
}

impl Issues {
    pub(super) fn add(&mut self, pulse: &Pulse, users: &[u32]) {
        let Some(issue) = pulse.issue.filter(|_| pulse.events > 0) else {
            return;
        };
        let series = self.issues.entry(issue).or_default();
        series.events += pulse.events;
        series.latest = pulse.latest.or(series.latest);
        series.minutes.push_back(Count {
            minute: pulse.minute,
            events: pulse.events,
            users: users.into(),
            weight: pulse.users_weight.max(1),
        });
        self.minutes += 1;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.issues.is_empty()
    }

    /// How many minutes of issues are held.
    pub(super) fn held(&self) -> usize {
        self.minutes
    }

    /// Forgets what was before.
    pub(super) fn forget(&mut self, first: Minute) {
        let minutes = &mut self.minutes;
        self.issues.retain(|_, series| {
            while let Some(old) = series.minutes.pop_front_if(|count| count.minute < first) {
                series.events -= old.events;
                *minutes -= 1;
            }
            !series.minutes.is_empty()
        });
    }

    pub(super) fn with_events(&self, least: u64) -> Vec<Found> {
        let over = self
            .issues
            .iter()
            .filter(|(_, series)| series.events >= least.max(1));
        over.map(|(issue, series)| series.found(*issue, series.events))
            .collect()
    }

    pub(super) fn with_users(&self, least: u64) -> Vec<Found> {
        // Nobody is a user without an event, so that most issues need not be looked at.
        let likely = self
            .issues
            .iter()
            .filter(|(_, series)| series.events >= least.max(1));
        let counted = likely.map(|(issue, series)| (issue, series, series.users()));
        counted
            .filter(|(.., users)| *users >= least.max(1))
            .map(|(issue, series, users)| series.found(*issue, users))
            .collect()
    }
}

impl Series {
    /// How many users there were: of samples that are coarser and finer the coarsest part is compared.
    fn users(&self) -> u64 {
        let weight = self.minutes.iter().map(|it| it.weight).max().unwrap_or(1);
        let users = self.minutes.iter().flat_map(|it| it.users.iter());
        let told_apart: HashSet<u32> = users.copied().filter(|user| user % weight == 0).collect();
        told_apart.len() as u64 * u64::from(weight)
    }

    fn found(&self, issue: IssueId, observed: u64) -> Found {
        Found {
            issue: Some(issue),
            observed,
            of: None,
            event: self.latest,
        }
    }
}

/// Sessions of the project.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    minutes: VecDeque<(Minute, Sum)>,
    sum: Sum,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    sessions: u64,
    errored: u64,
    crashed: u64,
}

impl Sessions {
    pub(super) fn add(&mut self, pulse: &Pulse) {
        let Pulse {
            sessions,
            errored,
            crashed,
            ..
        } = *pulse;
        if sessions + errored + crashed == 0 {
            return;
        }
        self.sum.sessions += sessions;
        self.sum.errored += errored;
        self.sum.crashed += crashed;
        let sum = Sum {
            sessions,
            errored,
            crashed,
        };
        self.minutes.push_back((pulse.minute, sum));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.minutes.is_empty()
    }

    pub(super) fn forget(&mut self, first: Minute) {
        while let Some((_, old)) = self.minutes.pop_front_if(|(minute, _)| *minute < first) {
            self.sum.sessions -= old.sessions;
            self.sum.errored -= old.errored;
            self.sum.crashed -= old.crashed;
        }
    }

    pub(super) fn crash_free_below(&self, below: u32, least: u64) -> Option<Found> {
        let Sum {
            sessions, crashed, ..
        } = self.sum;
        self.share(least, sessions.saturating_sub(crashed), |free| {
            free < u128::from(below) * u128::from(sessions)
        })
    }

    pub(super) fn errors_above(&self, above: u32, least: u64) -> Option<Found> {
        let Sum {
            sessions, errored, ..
        } = self.sum;
        self.share(least, errored.min(sessions), |errors| {
            errors > u128::from(above) * u128::from(sessions)
        })
    }

    /// Whether there are so many that their shares say something.
    pub(super) fn are_enough(&self, least: u64) -> bool {
        self.sum.sessions >= least.max(1)
    }

    /// The share of `part`, if `is_over` says so of ten thousand times as many.
    fn share(&self, least: u64, part: u64, is_over: impl Fn(u128) -> bool) -> Option<Found> {
        let sessions = self.sum.sessions;
        (self.are_enough(least) && is_over(u128::from(part) * u128::from(WHOLE))).then(|| Found {
            issue: None,
            observed: (u128::from(part) * u128::from(WHOLE) / u128::from(sessions)) as u64,
            of: Some(sessions),
            event: None,
        })
    }
}

/// When an event was last received.
#[derive(Debug, Default)]
pub(super) struct Silence {
    last: Option<Minute>,
    /// The last minute in which nothing could be heard.
    excused: Option<Minute>,
}

impl Silence {
    pub(super) fn add(&mut self, pulse: &Pulse) {
        if pulse.events > 0 {
            self.last = self.last.max(Some(pulse.minute));
        }
    }

    /// Takes a minute for one in which there may have been something.
    pub(super) fn excuse(&mut self, minute: Minute) {
        self.excused = self.excused.max(Some(minute));
    }

    /// Whether there was something.
    pub(super) fn is_heard(&self) -> bool {
        self.last.is_some()
    }

    /// Whether it is known if there was something from `first` on.
    pub(super) fn is_known(&self, first: Minute) -> bool {
        self.last >= Some(first) || self.is_heard() && self.excused < Some(first)
    }

    /// That there was something once, and nothing from `first` on.
    pub(super) fn since(&self, first: Minute) -> Option<Found> {
        let latest = self
            .last
            .map(|last| self.excused.map_or(last, |excused| last.max(excused)));
        latest.filter(|latest| *latest < first).map(|_| Found {
            issue: None,
            observed: 0,
            of: None,
            event: None,
        })
    }
}
