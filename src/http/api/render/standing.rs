//! Where an issue stands, why, and whose it is.

use super::account::{team, user};
use super::{status_name, substatus_name};
use crate::http::api::shape::{Actor, CommitId, IssueChange, IssueStatusDetails, MergedIssues};
use crate::model::lifecycle::archive::Until;
use crate::model::lifecycle::decision::{Decision, Resolution, ResolvedIn, Ruling};
use crate::model::lifecycle::regression::Because;
use crate::model::lifecycle::{Why, archived};
use crate::model::{Assignee, Issue, Status, Substatus, User, UserId};
use crate::triage::Merge;

/// Whoever looks after an issue; nobody if they are not a member any more.
pub(in crate::http::api) fn actor(assignee: Option<Assignee>, people: &[User]) -> Option<Actor> {
    Some(match assignee? {
        Assignee::Team => Actor {
            kind: "team",
            id: team().id.to_owned(),
            name: team().name.to_owned(),
            email: None,
        },
        Assignee::User(id) => {
            let person = user(named(id, people)?);
            Actor {
                kind: "user",
                id: person.id,
                name: person.name,
                email: Some(person.email),
            }
        }
    })
}

/// In what an issue is resolved, or until when it is archived.
pub(super) fn status_details(issue: &Issue, people: &[User]) -> IssueStatusDetails {
    let details = match (issue.status, &issue.decision) {
        (Status::Resolved, Some(Decision::Resolve(resolution))) => resolved(resolution),
        (Status::Archived, Some(Decision::Archive(archive))) => until(&archive.until),
        _ => return IssueStatusDetails::default(),
    };
    let who = issue.decision.as_ref().and_then(Decision::who);
    IssueStatusDetails {
        actor: who.and_then(|id| named(id, people)).map(user),
        ..details
    }
}

/// Why it stands where it stands, in a sentence.
pub(super) fn status_reason(issue: &Issue, people: &[User]) -> Option<String> {
    let decision = issue.decision.as_ref()?;
    let why = issue.why.as_ref().map(Why::to_string);
    let sentence = match (&issue.why, why) {
        // Every resolve has events before it: they need no word.
        (Some(Why::Held(it)), Some(held)) if it.because != Because::Before => {
            format!("{}; {held}", decided(decision, people))
        }
        (None | Some(Why::Held(_)), _) => decided(decision, people),
        (Some(_), why) => why?,
    };
    Some(capital(&sentence))
}

/// `resolved in shop@2.3.0 by Ann`.
pub(super) fn decided(decision: &Decision, people: &[User]) -> String {
    match decision.who().and_then(|id| named(id, people)) {
        Some(person) => format!("{decision} by {}", user(person).name),
        None => decision.to_string(),
    }
}

/// What a ruling makes of every issue that it is for.
pub(in crate::http::api) fn ruled(ruling: &Ruling, changed: &mut IssueChange) {
    let (status, substatus, details) = match ruling {
        Ruling::Unresolve => (
            Status::Unresolved,
            Substatus::Ongoing,
            IssueStatusDetails::default(),
        ),
        Ruling::Renew => (Status::Unresolved, Substatus::New, IssueStatusDetails::default()),
        Ruling::Resolve { kind, environment } => {
            let details = IssueStatusDetails {
                environment: environment.clone(),
                ..resolved_in(kind, "latest")
            };
            (Status::Resolved, Substatus::Ongoing, details)
        }
        Ruling::Archive(condition) => (Status::Archived, archived(condition), until(condition)),
    };
    changed.status = Some(status_name(status));
    changed.substatus = substatus_name(status, substatus);
    changed.status_details = Some(details);
}

/// What a merge came to.
pub(in crate::http::api) fn merged(merge: &Merge) -> MergedIssues {
    MergedIssues {
        parent: merge.into.0.to_string(),
        children: merge.from.iter().map(|id| id.0.to_string()).collect(),
    }
}

fn resolved(resolution: &Resolution) -> IssueStatusDetails {
    let current = resolution.current.first().map(|release| release.version.as_str());
    IssueStatusDetails {
        environment: resolution.environment.clone(),
        ..resolved_in(&resolution.kind, current.unwrap_or("latest"))
    }
}

fn resolved_in(kind: &ResolvedIn, current: &str) -> IssueStatusDetails {
    let mut details = IssueStatusDetails::default();
    match kind {
        ResolvedIn::Now => {}
        ResolvedIn::Release(version) => details.in_release = Some(version.clone()),
        ResolvedIn::CurrentRelease => details.in_release = Some(current.to_owned()),
        ResolvedIn::NextRelease => details.in_next_release = Some(true),
        ResolvedIn::Commit(sha) => details.in_commit = Some(CommitId { commit: sha.clone() }),
    }
    details
}

fn until(until: &Until) -> IssueStatusDetails {
    let mut details = IssueStatusDetails::default();
    match until {
        Until::Forever | Until::Escalating => {}
        Until::Time(time) => details.ignore_until = Some(*time),
        Until::Events(limit) => {
            details.ignore_count = Some(limit.count);
            details.ignore_window = limit.minutes;
        }
        Until::Users(limit) => {
            details.ignore_user_count = Some(limit.count);
            details.ignore_user_window = limit.minutes;
        }
    }
    details
}

pub(super) fn named(id: UserId, people: &[User]) -> Option<&User> {
    people.iter().find(|person| person.id == id)
}

/// A sentence begins with a capital.
pub(super) fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
