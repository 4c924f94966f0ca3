//! Where simulated releases come from.

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand_distr::{Distribution, Gamma, LogNormal, Poisson};

use crate::model::comparison::{Comparison, Limits, Observed, Past, Sessions, Side, Tally, Verdict, compare};
use crate::model::issue::IssueId;
use crate::model::session::UserCounts;

/// How many rollouts of a kind.
pub(super) const ROLLOUTS: usize = 200;

/// Fifty issues, a few loud and many quiet: the loudest strikes 1 session in 20, the third 1 in 75, the tenth 1 in 317,
/// the thirtieth 1 in 1,185, the last 1 in 2,187. One session in seven meets an error.
pub(super) fn rates() -> Vec<f64> {
    (1..=50).map(|rank| 0.05 / f64::from(rank).powf(1.2)).collect()
}

/// Whether the program tells of something.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Told {
    Yes,
    No,
}

/// What the rollouts of a kind have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct World {
    /// Sessions of the release.
    pub sessions: f64,
    /// Sessions of its baseline.
    pub before: f64,
    /// The loudest issues that strike twice as often in the release: ranks from the first to the last.
    pub doubled: (usize, usize),
    /// Events that one strike makes, in the mean; their number is geometric.
    pub burst: f64,
    /// Users with their events.
    pub users: Told,
    /// Sessions.
    pub health: Told,
    /// Standard deviation of the logarithm of how rates change without a cause in the release.
    pub drift: f64,
    /// How often one looks while the release's sessions come in.
    pub looks: u32,
    /// The share of sessions that crash, before and after.
    pub crashes: (f64, f64),
}

impl World {
    /// An unchanged release that has as many sessions as its baseline, and tells everything.
    pub(super) fn of(sessions: f64) -> Self {
        Self {
            sessions,
            before: sessions,
            doubled: (1, 0),
            burst: 1.0,
            users: Told::Yes,
            health: Told::Yes,
            drift: 0.0,
            looks: 1,
            crashes: (0.01, 0.01),
        }
    }

    pub(super) fn is_doubled(&self, id: IssueId) -> bool {
        (self.doubled.0..=self.doubled.1).contains(&(id.0 as usize))
    }

    /// The issues of one rollout at each look at it.
    pub(super) fn rollout(&self, rng: &mut StdRng) -> Vec<Vec<Observed>> {
        let mut issues: Vec<_> = (1..)
            .zip(rates())
            .map(|(rank, rate)| self.issue(rank, rate, rng))
            .collect();
        let drift = LogNormal::new(0.0, self.drift).unwrap();
        let now: Vec<f64> = (1..)
            .zip(rates())
            .map(|(rank, rate)| {
                if self.is_doubled(IssueId(rank)) {
                    2.0 * rate
                } else {
                    rate
                }
            })
            .map(|rate| rate * drift.sample(rng) * self.sessions / f64::from(self.looks))
            .collect();
        let look = |_| {
            for (issue, strikes) in issues.iter_mut().zip(&now) {
                let more = self.tally(*strikes, rng);
                issue.release.events += more.events;
                issue.release.users = issue.release.users.zip(more.users).map(|(a, b)| a + b);
            }
            issues.clone()
        };
        (0..self.looks).map(look).collect()
    }

    fn issue(&self, rank: u64, rate: f64, rng: &mut StdRng) -> Observed {
        let baseline = self.tally(rate * self.before, rng);
        let release = Tally {
            events: 0,
            users: baseline.users.map(|_| 0),
        };
        Observed {
            id: IssueId(rank),
            title: format!("Error{rank}"),
            past: Past::Known,
            release,
            baseline,
        }
    }

    /// A number of strikes, each of them a user with a burst of events.
    fn tally(&self, strikes: f64, rng: &mut StdRng) -> Tally {
        let users = Poisson::new(strikes).unwrap().sample(rng);
        let mut events = users;
        if self.burst > 1.0 && users > 0.0 {
            // So many geometric numbers add up to a negative binomial one.
            let more = Gamma::new(users, self.burst - 1.0).unwrap().sample(rng);
            events += Poisson::new(more).unwrap().sample(rng);
        }
        let users = (self.users == Told::Yes).then_some(users as u64);
        Tally {
            events: events as u64,
            users,
        }
    }

    fn side(&self, sessions: f64, crashes: f64, events: u64, rng: &mut StdRng) -> Side {
        let crashed = Poisson::new(sessions * crashes).unwrap().sample(rng) as u64;
        let sessions = Sessions {
            started: sessions as u64,
            crashed,
            users: Some(UserCounts {
                all: sessions as u64,
                crashed,
            }),
        };
        Side {
            version: "shop@1".into(),
            sessions: (self.health == Told::Yes).then_some(sessions),
            events,
        }
    }
}

/// What came of the rollouts of a kind: how many of them.
#[derive(Debug, Default)]
pub(super) struct Figures {
    /// A doubled issue was called worse; with several of them, each counts.
    pub found: usize,
    /// An issue that is as it was was called worse in any look, or the verdict was bad though nothing changed.
    pub wrong: usize,
    /// An issue that is as it was was called better or gone in any look.
    pub flattered: usize,
    /// The crash-free share was said to have fallen.
    pub fell: usize,
    /// The last verdict was good.
    pub good: usize,
    /// The last verdict was bad.
    pub bad: usize,
    /// Events from which a doubling shows, at the last look of the last rollout.
    pub detectable: Option<f64>,
}

impl Figures {
    /// Runs the rollouts; the same seed gives the same ones.
    pub(super) fn of(world: World, seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut figures = Self::default();
        for _ in 0..ROLLOUTS {
            let looks: Vec<Comparison> = world
                .rollout(&mut rng)
                .iter()
                .zip(1..)
                .map(|(issues, look)| {
                    let events = |of: fn(&Observed) -> Tally| issues.iter().map(|it| of(it).events).sum();
                    let sessions = world.sessions * f64::from(look) / f64::from(world.looks);
                    let release = world.side(sessions, world.crashes.1, events(|it| it.release), &mut rng);
                    let before =
                        world.side(world.before, world.crashes.0, events(|it| it.baseline), &mut rng);
                    compare(&release, Some(&before), issues, Limits::default())
                })
                .collect();
            figures.add(world, &looks);
        }
        figures
    }

    fn add(&mut self, world: World, looks: &[Comparison]) {
        let is_unchanged = world.doubled.0 > world.doubled.1 && world.crashes.0 >= world.crashes.1;
        let is_wrong = |seen: &Comparison| {
            let is_false = seen.worse.iter().any(|it| !world.is_doubled(it.id));
            is_false || (is_unchanged && seen.verdict == Verdict::Bad)
        };
        self.wrong += usize::from(looks.iter().any(is_wrong));
        let is_flattered = |seen: &Comparison| !seen.better.is_empty() || !seen.gone.is_empty();
        self.flattered += usize::from(looks.iter().any(is_flattered));
        let last = &looks[looks.len() - 1];
        self.found += last.worse.iter().filter(|it| world.is_doubled(it.id)).count();
        self.fell += usize::from(last.crash_free.is_some_and(|it| it.fell));
        self.good += usize::from(last.verdict == Verdict::Good);
        self.bad += usize::from(last.verdict == Verdict::Bad);
        self.detectable = last.detectable;
    }
}

/// A count of rollouts as a share of all.
pub(super) fn percent(count: usize) -> String {
    format!("{:.1} %", count as f64 * 100.0 / ROLLOUTS as f64)
}
