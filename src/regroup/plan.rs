//! What other rules would make of events that are stored: which issues go on, which meet, which come apart. Pure.
//!
//! An issue should go on under its new names where that makes sense, so names are *claimed* for it. Then the events
//! are led to issues as the store would lead them: the first name that is known decides, the others are learnt.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::model::{GroupHash, IssueId};
use crate::protocol::ids::EventId;

/// A stored event, as other rules see it.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    /// Which.
    pub event: EventId,
    /// What it is called by the other rules.
    pub title: String,
    /// The issue that it is in.
    pub issue: IssueId,
    /// The name by which it is counted there.
    pub part: GroupHash,
    /// Its names by the other rules; never empty.
    pub names: Vec<GroupHash>,
    /// How many events it stands for.
    pub weight: u64,
}

/// Where events would go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// To an issue that there is.
    Issue(IssueId),
    /// To a new one, counted from 0.
    New(usize),
}

/// Events of one issue that would go the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// About how many.
    pub events: u64,
    /// The latest of them that was looked at.
    pub example: EventId,
    /// What that is called by the other rules.
    pub title: String,
}

/// What would come of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// New names, and the issues that should go on under them.
    pub claims: Vec<(GroupHash, IssueId)>,
    flows: BTreeMap<(IssueId, Target), Flow>,
}

/// Plans for `samples`, oldest first; `known` says where names lead already.
pub(super) fn plan(samples: &[Sample], known: &HashMap<GroupHash, IssueId>) -> Plan {
    let claims = claims(samples, known);
    let mut targets: HashMap<GroupHash, Target> = known
        .iter()
        .map(|(name, issue)| (*name, Target::Issue(*issue)))
        .chain(claims.iter().map(|(name, issue)| (*name, Target::Issue(*issue))))
        .collect();
    let mut begun = 0;
    let mut flows: BTreeMap<(IssueId, Target), Flow> = BTreeMap::new();
    for sample in samples {
        let found = sample.names.iter().find_map(|name| targets.get(name).copied());
        let target = found.unwrap_or_else(|| {
            begun += 1;
            Target::New(begun - 1)
        });
        for name in &sample.names {
            targets.entry(*name).or_insert(target);
        }
        let flow = flows.entry((sample.issue, target)).or_insert(Flow {
            events: 0,
            example: sample.event,
            title: String::new(),
        });
        flow.events += sample.weight;
        flow.example = sample.event;
        flow.title.clone_from(&sample.title);
    }
    Plan { claims, flows }
}

/// A new name claims the issue from which most of its events come, of those that have a part of which most go by this
/// name. By parts, so that issues that people merged stay merged.
fn claims(samples: &[Sample], known: &HashMap<GroupHash, IssueId>) -> Vec<(GroupHash, IssueId)> {
    let mut by_part: BTreeMap<(IssueId, GroupHash), BTreeMap<GroupHash, u64>> = BTreeMap::new();
    let mut by_name: BTreeMap<GroupHash, BTreeMap<IssueId, u64>> = BTreeMap::new();
    for sample in samples {
        let Some(&name) = sample.names.first() else {
            continue;
        };
        let part = by_part.entry((sample.issue, sample.part)).or_default();
        *part.entry(name).or_default() += sample.weight;
        let issue = by_name.entry(name).or_default().entry(sample.issue);
        *issue.or_default() += sample.weight;
    }
    let largest = |(&(issue, _), names): (&(IssueId, GroupHash), &BTreeMap<GroupHash, u64>)| {
        let (name, _) = names
            .iter()
            .max_by_key(|(name, events)| (**events, Reverse(**name)))?;
        Some((*name, issue))
    };
    let mut heirs: BTreeMap<GroupHash, IssueId> = BTreeMap::new();
    for (name, issue) in by_part.iter().filter_map(largest) {
        if known.contains_key(&name) {
            continue;
        }
        let events = |issue: IssueId| (by_name[&name][&issue], Reverse(issue));
        let heir = heirs.entry(name).or_insert(issue);
        if events(issue) > events(*heir) {
            *heir = issue;
        }
    }
    heirs.into_iter().collect()
}

impl Plan {
    /// The targets to which events of several issues go, or of another one than themselves, and what comes from where.
    pub(super) fn merges(&self) -> Vec<(Target, Vec<(IssueId, Flow)>)> {
        let mut arrivals: BTreeMap<Target, Vec<(IssueId, Flow)>> = BTreeMap::new();
        for ((from, to), flow) in &self.flows {
            arrivals.entry(*to).or_default().push((*from, flow.clone()));
        }
        arrivals.retain(|to, from| match to {
            Target::Issue(issue) => from.iter().any(|(from, _)| from != issue),
            Target::New(_) => from.len() > 1,
        });
        let mut merges: Vec<_> = arrivals.into_iter().collect();
        merges.sort_by_key(|(_, from)| Reverse(from.iter().map(|(_, flow)| flow.events).sum::<u64>()));
        merges
    }

    /// The issues whose events go several ways, and which.
    pub(super) fn splits(&self) -> Vec<(IssueId, Vec<(Target, Flow)>)> {
        let mut departures: BTreeMap<IssueId, Vec<(Target, Flow)>> = BTreeMap::new();
        for ((from, to), flow) in &self.flows {
            departures.entry(*from).or_default().push((*to, flow.clone()));
        }
        departures.retain(|_, to| to.len() > 1);
        let mut splits: Vec<_> = departures.into_iter().collect();
        splits
            .iter_mut()
            .for_each(|(_, to)| to.sort_by_key(|(_, flow)| Reverse(flow.events)));
        splits.sort_by_key(|(_, to)| Reverse(to.iter().map(|(_, flow)| flow.events).sum::<u64>()));
        splits
    }

    /// How many issues keep exactly what they have.
    pub(super) fn unchanged(&self) -> usize {
        let moves = self.flows.keys().filter(|(from, to)| *to != Target::Issue(*from));
        let touched: HashSet<IssueId> = moves
            .flat_map(|&(from, to)| match to {
                Target::Issue(to) => [from, to],
                Target::New(_) => [from, from],
            })
            .collect();
        let issues = self.issues();
        issues.iter().filter(|issue| !touched.contains(issue)).count()
    }

    /// The issues whose events were looked at.
    pub(super) fn issues(&self) -> Vec<IssueId> {
        let mut issues: Vec<IssueId> = self.flows.keys().map(|(from, _)| *from).collect();
        issues.dedup();
        issues
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> GroupHash {
        let mut bytes = [0; 16];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        GroupHash(bytes)
    }

    fn issue(letter: &str) -> IssueId {
        IssueId(u64::from(letter.as_bytes()[0]))
    }

    fn letter(issue: IssueId) -> char {
        char::from(issue.0 as u8)
    }

    /// `Ap:xy` is an event of issue A, counted in its part p, whose new names are x and y; `*3` in front: it stands for
    /// three.
    fn sample(text: &str) -> Sample {
        let (weight, text) = text.split_once('*').unwrap_or(("1", text));
        let (place, names) = text.split_once(':').unwrap();
        Sample {
            event: EventId::from_bytes([7; 16]).unwrap(),
            title: "tea".to_owned(),
            issue: issue(place),
            part: name(&place[1..]),
            names: names.chars().map(|it| name(&it.to_string())).collect(),
            weight: weight.parse().unwrap(),
        }
    }

    /// Where events of which issue go, a capital for one that is there, a digit for a new one.
    fn planned(samples: &str, known: &str) -> (String, Plan) {
        let samples: Vec<Sample> = samples.split_whitespace().map(sample).collect();
        let known = known
            .split_whitespace()
            .map(|it| (name(&it[..1]), issue(&it[2..])));
        let plan = plan(&samples, &known.collect());
        let target = |to: Target| match to {
            Target::Issue(issue) => letter(issue),
            Target::New(number) => char::from_digit(number as u32, 10).unwrap(),
        };
        let flows = plan
            .flows
            .iter()
            .map(|((from, to), flow)| format!("{}{}{}", letter(*from), target(*to), flow.events));
        (flows.collect::<Vec<_>>().join(" "), plan)
    }

    #[test]
    fn issues_go_on_meet_and_come_apart() {
        for (samples, known, flows, why) in [
            ("Aa:a Aa:a", "a=A", "AA2", "nothing changes"),
            (
                "Aa:x Aa:x Bb:y",
                "a=A b=B",
                "AA2 BB1",
                "issues go on under new names",
            ),
            (
                "Aa:x Aa:x Bb:x",
                "a=A b=B",
                "AA2 BA1",
                "the smaller one goes into the larger",
            ),
            (
                "Aa:x 9*Bb:x",
                "a=A b=B",
                "AB1 BB9",
                "what an event stands for counts",
            ),
            (
                "Aa:x Aa:x Aa:y",
                "a=A",
                "AA2 A01",
                "the larger group goes on, the other begins",
            ),
            (
                "Aa:x Aa:y Bb:x",
                "a=A b=B",
                "AA1 A01 BA1",
                "of two groups alike the first goes on",
            ),
            ("Aa:x Aa:x Ac:y", "a=A c=A", "AA3", "what was merged stays merged"),
            (
                "Aa:a Aa:a Ac:x",
                "a=A c=A",
                "AA3",
                "also where only a part changes",
            ),
            (
                "9*Aa:x 2*Aa:y Bb:y",
                "a=A b=B",
                "AA9 AB2 BB1",
                "the heir is one that would be left with nothing",
            ),
            (
                "Aa:x Aa:x Bb:x",
                "x=B",
                "AB2 BB1",
                "a name that is known leads where it leads",
            ),
            (
                "Aa:xs Aa:xs Aa:ys",
                "s=A",
                "AA3",
                "the second name leads to where the first is unknown",
            ),
            (
                "2*Aa:v 2*Bb:w Aa:xs Bb:ys",
                "",
                "AA2 A01 BB2 B01",
                "a name that came along is learnt",
            ),
        ] {
            assert_eq!(planned(samples, known).0, flows, "{why}: {samples}");
        }
    }

    #[test]
    fn what_would_come_of_it_is_summed_up() {
        let (_, plan) = planned("3*Aa:x Bb:x 5*Cc:y 2*Cc:z Dd:d Ee:w Ff:w", "d=D");
        let merges: Vec<_> = plan
            .merges()
            .into_iter()
            .map(|(to, from)| (to, from.len()))
            .collect();
        let into = |text| Target::Issue(issue(text));
        assert_eq!(merges, [(into("A"), 2), (into("E"), 2)]);
        let splits = plan.splits();
        assert_eq!(
            (splits.len(), splits[0].0, splits[0].1[0].0),
            (1, issue("C"), into("C"))
        );
        assert_eq!((splits[0].1[1].0, splits[0].1[1].1.events), (Target::New(0), 2));
        assert_eq!((plan.unchanged(), plan.issues().len()), (1, 6));
        assert_eq!(plan.claims.len(), 3);
    }

    #[test]
    fn pieces_of_several_issues_may_make_a_new_one() {
        let (flows, plan) = planned("3*Aa:x Aa:z 3*Bb:y Bb:z", "");
        assert_eq!(flows, "AA3 A01 BB3 B01");
        assert_eq!(
            (plan.merges().len(), plan.splits().len(), plan.unchanged()),
            (1, 2, 0)
        );
    }
}
