//! Rules as the engine asks them: patterns read, zones looked up, those that are switched off left out.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::condition::Conditions;
use super::quiet::Quiet;
use crate::model::alert::{AlertRule, Happened, Happening, RuleId, When};
use crate::model::{IssueId, Role, User, UserId};
use crate::protocol::ids::ProjectId;

/// The rules that are in force, and who could be told.
#[derive(Debug, Default)]
pub struct Rules {
    rules: BTreeMap<RuleId, Rule>,
    /// Who could be told.
    pub people: People,
    /// Those that do not count yet what they are to count.
    aside: BTreeSet<RuleId>,
}

/// Who could be told, by number.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct People {
    /// All members.
    pub members: Vec<UserId>,
    /// Those of them who are told when everybody whom a rule tells is gone.
    pub owners: Vec<UserId>,
}

impl People {
    /// Everybody there is.
    pub fn of(users: &[User]) -> Self {
        let owners = users.iter().filter(|user| user.role == Role::Owner);
        Self {
            members: users.iter().map(|user| user.id).collect(),
            owners: owners.map(|user| user.id).collect(),
        }
    }
}

/// One of them.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) said: AlertRule,
    pub(super) conditions: Conditions,
    quiet: Option<Quiet>,
}

impl Rules {
    /// Reads rules.
    pub fn new(rules: impl IntoIterator<Item = AlertRule>, people: People) -> Self {
        let enabled = rules.into_iter().filter(|rule| rule.enabled);
        Self {
            rules: enabled.map(|rule| (rule.id, Rule::new(rule))).collect(),
            people,
            aside: BTreeSet::new(),
        }
    }

    /// These rules count nothing, and fire for nothing that is counted, as long as their counts are taken elsewhere.
    pub fn set_aside(&mut self, rules: impl IntoIterator<Item = RuleId>) {
        self.aside = rules.into_iter().collect();
    }

    /// Whether a rule counts.
    pub(super) fn counts(&self, id: RuleId) -> bool {
        !self.aside.contains(&id)
    }

    /// Those of them that are as they were said.
    pub fn said(&self) -> impl Iterator<Item = &AlertRule> {
        self.rules.values().map(|rule| &rule.said)
    }

    pub(super) fn get(&self, id: RuleId) -> Option<&Rule> {
        self.rules.get(&id)
    }

    /// Those that watch a project.
    pub(super) fn of(&self, project: ProjectId) -> impl Iterator<Item = &Rule> {
        self.rules
            .values()
            .filter(move |rule| rule.said.project.is_none_or(|only| only == project))
    }

    /// How many minutes before a minute have to be known to judge it; 0 when nothing is counted.
    pub fn horizon(&self) -> u32 {
        let periods = self.said().flat_map(|rule| &rule.when).filter_map(period);
        periods.max().map_or(0, |longest| longest + 1)
    }
}

impl Rule {
    fn new(said: AlertRule) -> Self {
        Self {
            conditions: Conditions::new(&said.conditions),
            quiet: said.quiet.as_ref().map(Quiet::new),
            said,
        }
    }

    /// The trigger that a happening pulls, and which one that is.
    pub(super) fn pulled_by(&self, happening: &Happening) -> Option<(usize, &When)> {
        self.said
            .when
            .iter()
            .enumerate()
            .find(|(_, when)| is_pulled(when, &happening.what, happening.issue))
    }

    /// Until when it is muted, if it is at `now`.
    pub(super) fn muted(&self, now: Timestamp) -> Option<Timestamp> {
        self.said.muted_until.filter(|until| *until > now)
    }

    /// When its quiet hours end, if `now` lies in them.
    pub(super) fn quiet(&self, now: Timestamp) -> Option<Timestamp> {
        self.quiet.as_ref().and_then(|quiet| quiet.end(now))
    }

    /// For how long a trigger says nothing more about an issue after it fired for it; none for never.
    pub(super) fn pause(&self) -> Option<SignedDuration> {
        let minutes = i64::from(self.said.at_most_every);
        (minutes > 0).then(|| SignedDuration::from_mins(minutes))
    }
}

fn is_pulled(when: &When, what: &Happened, issue: Option<IssueId>) -> bool {
    match (when, what) {
        (When::NewIssue, Happened::New)
        | (When::Regressed, Happened::Regressed(_))
        | (When::Escalated, Happened::Escalated { .. })
        | (When::BadRelease, Happened::BadRelease { .. }) => true,
        (When::IssueSpike, Happened::Spiking(_)) => issue.is_some(),
        (When::ProjectSpike, Happened::Spiking(_)) => issue.is_none(),
        (When::IssueSpike, end) if end.is_end() => issue.is_some(),
        (When::ProjectSpike, end) if end.is_end() => issue.is_none(),
        _ => false,
    }
}

/// Over how many minutes a trigger counts; none for one that counts nothing.
pub(super) fn period(when: &When) -> Option<u32> {
    match when {
        When::Events { minutes, .. }
        | When::Users { minutes, .. }
        | When::CrashFree { minutes, .. }
        | When::ErrorRate { minutes, .. }
        | When::Silence { minutes } => Some((*minutes).clamp(1, AlertRule::MAX_MINUTES)),
        When::NewIssue
        | When::Regressed
        | When::Escalated
        | When::IssueSpike
        | When::ProjectSpike
        | When::BadRelease => None,
    }
}
