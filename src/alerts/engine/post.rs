//! To whom firings are brought: two that say the same to the same one are one message.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::rules::{People, Rules};
use crate::model::Assignee;
use crate::model::UserId;
use crate::model::alert::delivery::Cargo;
use crate::model::alert::firing::Cause;
use crate::model::alert::{Action, Firing, FiringId, Reason, Recipient, Whom};
use crate::store::NewDelivery;

/// What came of a step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judged {
    /// What fired.
    pub firings: Vec<Firing>,
    /// Who is told; firings are named by their place in `firings`.
    pub outbox: Vec<NewDelivery>,
}

impl Judged {
    /// Adds what came of the next step.
    pub fn join(&mut self, next: Self) {
        let before = self.firings.len() as u64;
        self.firings.extend(next.firings);
        self.outbox.extend(next.outbox.into_iter().map(|mut delivery| {
            if let Cargo::Firings(ids) = &mut delivery.cargo {
                ids.iter_mut().for_each(|id| id.0 += before);
            }
            delivery
        }));
    }
}

/// A firing on its way to those who are told.
#[derive(Debug)]
pub(super) struct Letter {
    pub(super) firing: Firing,
    /// From when on its latency counts.
    pub(super) caused: Timestamp,
}

/// Says who is told of firings that are due at the same moment.
pub(super) fn address(rules: &Rules, letters: Vec<Letter>, now: Timestamp) -> Judged {
    let mut by_recipient: BTreeMap<Recipient, Vec<usize>> = BTreeMap::new();
    for (place, Letter { firing, .. }) in letters.iter().enumerate() {
        for recipient in recipients(rules, firing) {
            by_recipient.entry(recipient).or_default().push(place);
        }
    }
    let mut outbox = Vec::new();
    for (to, mut places) in by_recipient {
        places.sort_by_key(|place| (std::cmp::Reverse(letters[*place].firing.total), *place));
        let mut told: Vec<Vec<usize>> = Vec::new();
        for place in places {
            let is_in = |told: &&mut Vec<usize>| {
                told.first()
                    .is_some_and(|first| says_all(&letters[*first].firing, &letters[place].firing))
            };
            match told.iter_mut().find(is_in) {
                Some(told) => told.push(place),
                None => told.push(vec![place]),
            }
        }
        outbox.extend(told.into_iter().map(|places| {
            NewDelivery {
                to: to.clone(),
                caused: places
                    .iter()
                    .map(|place| letters[*place].caused)
                    .min()
                    .unwrap_or(now),
                cargo: Cargo::Firings(places.into_iter().map(|place| FiringId(place as u64)).collect()),
                created: now,
            }
        }));
    }
    Judged {
        firings: letters.into_iter().map(|letter| letter.firing).collect(),
        outbox,
    }
}

/// Whether one firing says all that another one does.
fn says_all(one: &Firing, other: &Firing) -> bool {
    let is_whole = |firing: &Firing| firing.total == firing.causes.len() as u64;
    let is_same = |a: &Cause, b: &Cause| match (&a.reason, &b.reason) {
        (Reason::Happened { id: a, .. }, Reason::Happened { id: b, .. }) => a == b,
        _ => (&a.when, a.issue, &a.reason) == (&b.when, b.issue, &b.reason),
    };
    let is_said = |cause: &Cause| one.causes.iter().any(|it| is_same(it, cause));
    let is_as_much = is_whole(other) || one.total == other.total;
    one.project == other.project && is_as_much && other.causes.iter().all(is_said)
}

fn recipients(rules: &Rules, firing: &Firing) -> BTreeSet<Recipient> {
    let Some(rule) = rules.get(firing.rule).filter(|_| firing.silent.is_none()) else {
        return BTreeSet::new();
    };
    let People { members, owners } = &rules.people;
    let is_member = |user: &UserId| members.contains(user);
    let mut all = BTreeSet::new();
    for action in &rule.said.actions {
        match action {
            Action::Send { destination } => {
                all.insert(Recipient::Destination(*destination));
            }
            Action::Mail { to } => {
                let members = match to {
                    Whom::Everyone => members.clone(),
                    Whom::Members(named) => named.iter().copied().filter(is_member).collect(),
                    Whom::Assignee => assignees(members, &firing.causes),
                };
                all.extend(members.into_iter().map(Recipient::Member));
            }
        }
    }
    // Whoever it was for has left: an alert that nobody hears is worse than one for somebody else.
    if all.is_empty() {
        all.extend(owners.iter().copied().map(Recipient::Member));
    }
    all
}

/// Whose the issues are; everybody's, as soon as one of them is nobody's.
fn assignees(members: &[UserId], causes: &[Cause]) -> Vec<UserId> {
    let of = |cause: &Cause| match cause.subject.assignee {
        Some(Assignee::User(user)) if members.contains(&user) => Some(user),
        _ => None,
    };
    let assignees: Option<Vec<UserId>> = causes.iter().map(of).collect();
    assignees.unwrap_or_else(|| members.to_vec())
}
