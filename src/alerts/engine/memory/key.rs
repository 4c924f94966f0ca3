//! The names under which things are remembered: typed here, short texts in the store.
//!
//! ```text
//! clock/<project>                        what was judged last, and until when that settles
//! pile/<project>/<pile>/<rule>           what waits to be told
//! cause/<project>/<pile>/<rule>/<n>      one thing of it
//! lane/<project>/<rule>                  what was told lately
//! fired/<rule>/<when>/<project>/<issue or ->  when it last fired by that trigger
//! spiking/<rule>/<project>/<issue or ->  that it fired for a spike that goes on
//! over/<rule>/<when>/<project>/<issue or ->  that it fired for a count that is still over: when first, and of a project why
//! released/<project>                     what went out lately
//! ahead/<project>/<happening>            that it was judged before others that wait for their minute
//! spell/<project>/<issue or ->           what the detector of spikes remembers
//! noticed/<kind>/<project or ->          that something ails the installation, as its owners were told
//! ```
//!
//! Numbers are in hex: with four of the largest, a key is still shorter than 64 bytes.

use std::fmt;
use std::str::FromStr;

use crate::model::IssueId;
use crate::model::alert::{HappeningId, RuleId};
use crate::protocol::ids::ProjectId;

/// What is remembered about what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::alerts) enum Key {
    Clock(ProjectId),
    Pile(ProjectId, Pile, RuleId),
    Cause(ProjectId, Pile, RuleId, u64),
    Lane(ProjectId, RuleId),
    Fired(RuleId, u64, ProjectId, Option<IssueId>),
    Spiking(RuleId, ProjectId, Option<IssueId>),
    Over(RuleId, u64, ProjectId, Option<IssueId>),
    Released(ProjectId),
    Ahead(ProjectId, HappeningId),
    Spell(ProjectId, Option<IssueId>),
    Noticed(u64, Option<ProjectId>),
}

/// Why something is not told at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::alerts) enum Pile {
    /// More of the same may come within the second.
    Settling,
    /// Enough was told lately, or these are quiet hours.
    Held,
}

impl Key {
    /// Where it is remembered of, if it is of one project.
    pub(super) fn project(&self) -> Option<ProjectId> {
        match *self {
            Self::Noticed(_, project) => project,
            Self::Clock(project)
            | Self::Pile(project, ..)
            | Self::Cause(project, ..)
            | Self::Lane(project, _)
            | Self::Fired(_, _, project, _)
            | Self::Spiking(_, project, _)
            | Self::Over(_, _, project, _)
            | Self::Released(project)
            | Self::Ahead(project, _)
            | Self::Spell(project, _) => Some(project),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_none = |number: Option<u64>| number.map_or("-".to_owned(), |it| format!("{it:x}"));
        let issue = |issue: Option<IssueId>| or_none(issue.map(|it| it.0));
        match *self {
            Self::Clock(project) => write!(f, "clock/{:x}", project.0),
            Self::Pile(project, pile, rule) => {
                write!(f, "pile/{:x}/{:x}/{:x}", project.0, pile as u64, rule.0)
            }
            Self::Cause(project, pile, rule, n) => {
                write!(f, "cause/{:x}/{:x}/{:x}/{n:x}", project.0, pile as u64, rule.0)
            }
            Self::Lane(project, rule) => write!(f, "lane/{:x}/{:x}", project.0, rule.0),
            Self::Fired(rule, when, project, it) => {
                write!(f, "fired/{:x}/{when:x}/{:x}/{}", rule.0, project.0, issue(it))
            }
            Self::Spiking(rule, project, it) => {
                write!(f, "spiking/{:x}/{:x}/{}", rule.0, project.0, issue(it))
            }
            Self::Over(rule, when, project, it) => {
                write!(f, "over/{:x}/{when:x}/{:x}/{}", rule.0, project.0, issue(it))
            }
            Self::Released(project) => write!(f, "released/{:x}", project.0),
            Self::Ahead(project, it) => write!(f, "ahead/{:x}/{:x}", project.0, it.0),
            Self::Spell(project, it) => write!(f, "spell/{:x}/{}", project.0, issue(it)),
            Self::Noticed(kind, project) => {
                write!(f, "noticed/{kind:x}/{}", or_none(project.map(|it| it.0)))
            }
        }
    }
}

/// A text that is no key of this version.
#[derive(Debug)]
pub(in crate::alerts) struct Unknown;

impl FromStr for Key {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        let mut parts = text.split('/');
        let kind = parts.next().ok_or(Unknown)?;
        let numbers: Option<Vec<Option<u64>>> = parts.map(number).collect();
        let project = |it: u64| ProjectId(it);
        Ok(match (kind, numbers.ok_or(Unknown)?.as_slice()) {
            ("clock", &[Some(a)]) => Self::Clock(project(a)),
            ("pile", &[Some(a), Some(b), Some(c)]) => Self::Pile(project(a), pile(b)?, RuleId(c)),
            ("cause", &[Some(a), Some(b), Some(c), Some(n)]) => {
                Self::Cause(project(a), pile(b)?, RuleId(c), n)
            }
            ("lane", &[Some(a), Some(b)]) => Self::Lane(project(a), RuleId(b)),
            ("fired", &[Some(a), Some(n), Some(b), it]) => {
                Self::Fired(RuleId(a), n, project(b), it.map(IssueId))
            }
            ("spiking", &[Some(a), Some(b), it]) => Self::Spiking(RuleId(a), project(b), it.map(IssueId)),
            ("over", &[Some(a), Some(n), Some(b), it]) => {
                Self::Over(RuleId(a), n, project(b), it.map(IssueId))
            }
            ("released", &[Some(a)]) => Self::Released(project(a)),
            ("ahead", &[Some(a), Some(it)]) => Self::Ahead(project(a), HappeningId(it)),
            ("spell", &[Some(a), it]) => Self::Spell(project(a), it.map(IssueId)),
            ("noticed", &[Some(kind), it]) => Self::Noticed(kind, it.map(project)),
            _ => return Err(Unknown),
        })
    }
}

/// A number, or that there is none; none for a text that is neither.
fn number(text: &str) -> Option<Option<u64>> {
    match text {
        "-" => Some(None),
        text => u64::from_str_radix(text, 16).ok().map(Some),
    }
}

fn pile(number: u64) -> Result<Pile, Unknown> {
    let piles = [Pile::Settling, Pile::Held];
    piles.into_iter().find(|it| *it as u64 == number).ok_or(Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        let (project, rule, issue) = (ProjectId(u64::MAX), RuleId(u64::MAX), Some(IssueId(u64::MAX)));
        let keys = [
            Key::Clock(project),
            Key::Pile(project, Pile::Held, rule),
            Key::Cause(project, Pile::Settling, rule, 19),
            Key::Lane(project, rule),
            Key::Fired(rule, 19, project, issue),
            Key::Fired(rule, 0, project, None),
            Key::Spiking(rule, project, issue),
            Key::Over(rule, 19, project, issue),
            Key::Released(project),
            Key::Ahead(project, HappeningId(u64::MAX)),
            Key::Spell(project, None),
            Key::Noticed(3, Some(project)),
            Key::Noticed(0, None),
        ];
        for key in keys {
            let text = key.to_string();
            assert_eq!(text.parse::<Key>().unwrap(), key);
            assert!(text.len() <= 64, "{text}");
        }
        for text in [
            "",
            "fired",
            "fired/1/2/3",
            "fired/1/2/3/x",
            "pile/1/7/1",
            "over/1/-/2/3",
            "tea/1",
        ] {
            assert!(text.parse::<Key>().is_err(), "{text}");
        }
    }
}
