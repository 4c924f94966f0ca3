//! What may happen to an issue, told as it happened, and where it then stands.

mod any_order;
mod regressions;
mod transitions;

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::archive::{Archive, Counted, Limit, Until};
use super::decision::{Decision, Resolution, ResolvedIn, Unresolve};
use super::regression::SeenIn;
use super::{State, state};
use crate::model::Status;
use crate::model::release::order::History;
use crate::model::release::{Deploy, Release, ReleaseId, Sightings, happened};
use crate::protocol::ids::ProjectId;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// An event: where, when, and by whom.
#[derive(Debug, Clone, Default)]
struct Event {
    release: Option<&'static str>,
    environment: Option<&'static str>,
    second: i64,
    client: u64,
}

/// What happens in a story.
#[derive(Debug, Clone)]
enum Happening {
    /// An event of the issue.
    Event(Event),
    /// An event of another issue in the same project.
    Elsewhere(Event),
    Deploy(&'static str, &'static str, i64),
    Commit(&'static str, &'static str),
    Delete(&'static str),
    Decide(Decision),
}

/// One issue and the releases of its project, kept as the store keeps them.
#[derive(Default)]
struct World {
    releases: BTreeMap<&'static str, Release>,
    commits: Vec<(&'static str, &'static str)>,
    seen: BTreeMap<Option<&'static str>, Sightings>,
    events: Vec<(i64, u64)>,
    decision: Option<Decision>,
}

impl World {
    fn told(happenings: &[Happening]) -> Self {
        let mut world = Self::default();
        happenings.iter().for_each(|it| world.happen(it));
        world
    }

    fn happen(&mut self, happening: &Happening) {
        match happening {
            Happening::Event(event) => {
                let sightings = self.seen.entry(event.release).or_default();
                sightings.see(event.environment, at(event.second));
                self.events.push((event.second, event.client));
                self.see(event);
            }
            Happening::Elsewhere(event) => self.see(event),
            Happening::Deploy(version, environment, second) => self.release(version).deploy(Deploy {
                id: 1,
                environment: (*environment).to_owned(),
                name: None,
                url: None,
                started: None,
                finished: at(*second),
            }),
            Happening::Commit(sha, version) => {
                self.release(version).declared = Some(at(0));
                self.commits.push((sha, version));
            }
            Happening::Delete(version) => {
                self.releases.remove(version);
            }
            Happening::Decide(decision) => {
                let mut decision = decision.clone();
                if let Decision::Resolve(resolution) = &mut decision {
                    resolution.remember(&self.seen(), &self.history());
                }
                self.decision = Some(decision);
            }
        }
    }

    fn see(&mut self, event: &Event) {
        if let Some(version) = event.release {
            let release = self.release(version);
            release.see(event.environment, at(event.second), Some(event.client), 1);
        }
    }

    fn release(&mut self, version: &'static str) -> &mut Release {
        let begin = || Release::begin(ReleaseId(1), ProjectId(1), version, at(0));
        self.releases.entry(version).or_insert_with(begin)
    }

    fn seen(&self) -> Vec<SeenIn> {
        let of = |(release, sightings): (&Option<&str>, &Sightings)| {
            let release = release.map(str::to_owned);
            let seen = sightings.0.clone().into_iter().map(move |sighting| SeenIn {
                release: release.clone(),
                sighting,
            });
            seen.collect::<Vec<_>>()
        };
        self.seen.iter().flat_map(of).collect()
    }

    fn history(&self) -> History {
        let mut history = History::default();
        self.releases
            .values()
            .for_each(|release| history.add(release.into()));
        for (sha, _) in &self.commits {
            let having = self.commits.iter().filter(|(other, _)| other == sha);
            let versions: Vec<_> = having.map(|(_, version)| (*version).to_owned()).collect();
            history.set_commit(sha, &versions);
        }
        history
    }

    fn counted(&self) -> Counted {
        let Some(Decision::Archive(Archive { time, until, .. })) = &self.decision else {
            return Counted::default();
        };
        let (Until::Events(limit) | Until::Users(limit)) = until else {
            let hours = self
                .events
                .iter()
                .map(|(second, _)| (second.div_euclid(3_600) * 3_600, 1));
            return Counted {
                hours: hours.collect(),
                ..Counted::default()
            };
        };
        let mut periods: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
        for (second, client) in &self.events {
            if let Some(period) = limit.period(*time, at(*second)) {
                periods.entry(period).or_default().push(*client);
            }
        }
        let users =
            |clients: &Vec<u64>| clients.iter().collect::<std::collections::BTreeSet<_>>().len() as u64;
        Counted {
            events: periods
                .values()
                .map(|it| it.len() as u64)
                .max()
                .unwrap_or_default(),
            users: periods.values().map(users).max().unwrap_or_default(),
            hours: Vec::new(),
        }
    }

    fn state(&self, now: Timestamp) -> State {
        state(
            self.decision.as_ref(),
            &self.seen(),
            &self.history(),
            &self.counted(),
            now,
        )
    }
}

fn event(release: &'static str, environment: &'static str, second: i64) -> Happening {
    Happening::Event(Event {
        release: Some(release),
        environment: Some(environment),
        second,
        client: second as u64,
    })
}

/// Two clients run the release without meeting the issue.
fn runs(release: &'static str, environment: &'static str, second: i64) -> Vec<Happening> {
    let client = |client| {
        Happening::Elsewhere(Event {
            release: Some(release),
            environment: Some(environment),
            second,
            client,
        })
    };
    vec![client(1_001), client(1_002)]
}

fn resolve(kind: ResolvedIn, environment: Option<&str>, second: i64) -> Happening {
    Happening::Decide(Decision::Resolve(Resolution {
        time: at(second),
        who: None,
        kind,
        environment: environment.map(str::to_owned),
        current: Vec::new(),
    }))
}

fn unresolve(second: i64) -> Happening {
    Happening::Decide(Decision::Unresolve(Unresolve::known(at(second), None)))
}

fn archive(until: Until, second: i64) -> Happening {
    Happening::Decide(Decision::Archive(Archive {
        time: at(second),
        who: None,
        until,
    }))
}
