//! Stories: what happens, in seconds and minutes from noon, and who is told what.

mod any_split;
mod counts;
mod holding;
mod telling;

use jiff::Timestamp;

use super::{Counts, Judged, Memory, People, Rules, advance, judge_happening, judge_minute};
use crate::model::alert::delivery::Cargo;
use crate::model::alert::happening::Spike;
use crate::model::alert::{
    AlertRule, Firing, Happened, Happening, HappeningId, Minute, Pulse, Recipient, RuleId, Subject, When,
};
use crate::model::{IssueId, UserId, timeline};
use crate::protocol::ids::ProjectId;

/// Noon, in Unix seconds.
const NOON: i64 = 1_763_726_400;
const SHOP: ProjectId = ProjectId(1);

/// A moment, in milliseconds from noon.
fn at(millis: i64) -> Timestamp {
    timeline::at(NOON) + jiff::SignedDuration::from_millis(millis)
}

/// The minute that begins so many minutes after noon.
fn minute(n: i64) -> Minute {
    Minute(NOON / 60 + n)
}

/// A rule that tells everybody, of new issues unless it is changed.
fn rule(id: u64, change: impl FnOnce(&mut AlertRule)) -> AlertRule {
    let mut rule = AlertRule::first(RuleId(id), SHOP, at(0));
    rule.when = vec![When::NewIssue];
    change(&mut rule);
    rule
}

/// Two members, of whom the second is an owner, and these rules.
fn rules(rules: impl IntoIterator<Item = AlertRule>) -> Rules {
    let people = People {
        members: vec![UserId(1), UserId(2)],
        owners: vec![UserId(2)],
    };
    Rules::new(rules, people)
}

/// That something happened to an issue; 0 for the project.
fn happening(id: u64, millis: i64, issue: u64, what: Happened) -> Happening {
    let issue = Some(IssueId(issue)).filter(|issue| issue.0 > 0);
    Happening {
        id: HappeningId(id),
        time: at(millis),
        project: SHOP,
        issue,
        what,
        subject: Subject {
            first_seen: issue.map(|_| at(millis)),
            ..Subject::default()
        },
    }
}

fn spike() -> Spike {
    Spike {
        since: at(0),
        observed: 100,
        minutes: 5,
        expected_milli: 1_000,
        baseline: "nothing before".into(),
    }
}

fn released(version: &str) -> Happened {
    Happened::Released {
        version: version.into(),
        environment: None,
    }
}

/// What was received of an issue in a minute.
fn pulse(n: i64, issue: u64, events: u64) -> Pulse {
    Pulse {
        minute: minute(n),
        issue: Some(IssueId(issue)).filter(|issue| issue.0 > 0),
        environment: None,
        events,
        latest: None,
        users: Vec::new(),
        users_weight: 1,
        sessions: 0,
        errored: 0,
        crashed: 0,
    }
}

/// Everything that the engine has.
struct World {
    rules: Rules,
    memory: Memory,
    counts: Counts,
    judged: Judged,
    happenings: u64,
}

impl World {
    fn new(said: impl IntoIterator<Item = AlertRule>) -> Self {
        Self {
            rules: rules(said),
            memory: Memory::default(),
            counts: Counts::default(),
            judged: Judged::default(),
            happenings: 0,
        }
    }

    fn happens(&mut self, millis: i64, issue: u64, what: Happened) {
        self.happenings += 1;
        self.hears(&happening(self.happenings, millis, issue, what));
    }

    fn hears(&mut self, happening: &Happening) {
        let judged = judge_happening(&self.rules, &mut self.memory, happening);
        self.judged.join(judged);
    }

    fn until(&mut self, millis: i64) {
        self.judged
            .join(advance(&self.rules, &mut self.memory, at(millis)));
    }

    fn minute(&mut self, n: i64, pulses: &[Pulse]) {
        self.counts.add(&self.rules, SHOP, pulses);
        let counted = self.counts.end(&self.rules, &self.memory, minute(n));
        let subjects = counted.over.iter().map(|_| Some(Subject::default())).collect();
        let judged = judge_minute(&self.rules, &mut self.memory, minute(n), counted, subjects);
        self.judged.join(judged);
    }

    /// What fired since this was last asked.
    fn fired(&mut self) -> Vec<String> {
        let judged = std::mem::take(&mut self.judged);
        judged.firings.iter().map(say).collect()
    }

    /// Who was told since this was last asked: by the numbers of rules.
    fn told(&mut self) -> Vec<String> {
        let Judged { firings, outbox } = std::mem::take(&mut self.judged);
        let told = outbox.into_iter().map(|delivery| {
            let Cargo::Firings(ids) = delivery.cargo else {
                return String::new();
            };
            let of = ids.iter().map(|id| firings[id.0 as usize].rule.0.to_string());
            let who = match delivery.to {
                Recipient::Member(user) => format!("member {}", user.0),
                Recipient::Destination(place) => format!("place {}", place.0),
            };
            format!("{who}: {}", of.collect::<Vec<_>>().join("+"))
        });
        told.collect()
    }
}

/// `rule 1 at 0.2: 3+4 of 9 after v2`.
fn say(firing: &Firing) -> String {
    let name = |issue: Option<IssueId>| issue.map_or("all".to_owned(), |it| it.0.to_string());
    let causes: Vec<_> = firing.causes.iter().map(|it| name(it.issue)).collect();
    let seconds = firing.time.duration_since(at(0)).as_millis() as f64 / 1000.0;
    let mut said = format!("rule {} at {seconds}: {}", firing.rule.0, causes.join("+"));
    if firing.total != causes.len() as u64 {
        said += &format!(" of {}", firing.total);
    }
    if let Some((version, _)) = &firing.released {
        said += &format!(" after {version}");
    }
    if let Some(silent) = &firing.silent {
        said += &format!(" ({silent})");
    }
    if let Some(held) = firing.held {
        let second = |time: Timestamp| time.duration_since(at(0)).as_millis() as f64 / 1000.0;
        let (since, until) = (second(held.since), second(held.until));
        said += &format!(", held {since} to {until} {}", held.by.why());
    }
    said
}
