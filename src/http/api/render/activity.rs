//! The story of an issue.

use serde_json::{Value, json};

use super::{actor, status_name, substatus_name, user};
use crate::http::api::shape::{Activity, Actor};
use crate::model::lifecycle::archive::{Returned, Until};
use crate::model::lifecycle::decision::{Decision, ResolvedIn};
use crate::model::{self, Deed, GroupHash, Issue, IssueId, Project, ShortId, User};

/// An entry; `people` are those who may have made it.
pub(in crate::http::api) fn activity(
    entry: &model::Activity,
    project: &Project,
    people: &[User],
) -> Activity {
    let (kind, data) = told(&entry.what, project, people);
    let who = people.iter().find(|person| Some(person.id) == entry.who);
    let is_undone = entry.undone.is_some();
    Activity {
        id: entry.id.0.to_string(),
        kind,
        user: who.map(user),
        date_created: entry.time,
        data,
        can_undo: !is_undone && matches!(entry.what, Deed::Merged { .. } | Deed::Unmerged { .. }),
        is_undone,
    }
}

/// The entry that stands at the beginning of every story.
pub(in crate::http::api) fn first_seen(issue: &Issue) -> Activity {
    Activity {
        id: "0".to_owned(),
        kind: "first_seen",
        user: None,
        date_created: issue.seen.first_seen,
        data: json!({}),
        can_undo: false,
        is_undone: false,
    }
}

/// The type of an entry, and what there is to say about it.
fn told(deed: &Deed, project: &Project, people: &[User]) -> (&'static str, Value) {
    let name = |issue: &IssueId, number: &u32| issue_name(*issue, *number, project);
    match deed {
        Deed::Decided(decision) => decided(decision),
        Deed::Regressed { why, event } => {
            let data = json!({
                "eventID": event.map(|id| id.to_string()),
                "version": why.release,
                "environment": why.environment,
                "reason": why.to_string(),
            });
            ("set_regression", data)
        }
        Deed::Returned(why) => returned(why),
        Deed::Reconsidered {
            status,
            substatus,
            why,
        } => {
            let data = json!({
                "status": status_name(*status),
                "substatus": substatus_name(*status, *substatus),
                "reason": why.as_ref().map(ToString::to_string),
            });
            ("reconsidered", data)
        }
        Deed::Assigned(None) => ("unassigned", json!({})),
        Deed::Assigned(to) => ("assigned", assigned(actor(*to, people))),
        Deed::Commented { text, edited } => ("note", json!({"text": text, "edited": edited})),
        Deed::Merged { from, .. } => {
            let issues: Vec<Value> = from.iter().map(|it| name(&it.issue, &it.number)).collect();
            ("merge", json!({"issues": issues}))
        }
        Deed::MergedInto { into, number, .. } => ("merged_into", json!({"destination": name(into, number)})),
        Deed::CameBack { from, number } => ("came_back", json!({"source": name(from, number)})),
        Deed::Unmerged {
            into, number, hashes, ..
        } => {
            let hashes: Vec<String> = hashes.iter().map(GroupHash::to_string).collect();
            let data = json!({"fingerprints": hashes, "destination": name(into, number)});
            ("unmerge_source", data)
        }
        Deed::SplitFrom { from, number, .. } => {
            ("unmerge_destination", json!({"source": name(from, number)}))
        }
        Deed::WentBack { to, number } => ("went_back", json!({"destination": name(to, number)})),
        Deed::Undone(entry) => ("undo", json!({"activity": entry.0.to_string()})),
    }
}

/// In Sentry's words, and in a sentence.
fn decided(decision: &Decision) -> (&'static str, Value) {
    let reason = decision.to_string();
    match decision {
        Decision::Unresolve(_) => ("set_unresolved", json!({"reason": reason})),
        Decision::Resolve(it) => {
            let current = it.current.first().map(|release| &release.version);
            let environment = &it.environment;
            match &it.kind {
                ResolvedIn::Now => (
                    "set_resolved",
                    json!({"environment": environment, "reason": reason}),
                ),
                ResolvedIn::Commit(sha) => (
                    "set_resolved_in_commit",
                    json!({"commit": {"id": sha}, "environment": environment, "reason": reason}),
                ),
                ResolvedIn::Release(version) => in_release(Some(version), environment, &reason),
                ResolvedIn::CurrentRelease => in_release(current, environment, &reason),
                ResolvedIn::NextRelease => {
                    let (kind, mut data) = in_release(None, environment, &reason);
                    data["inNextRelease"] = json!(true);
                    (kind, data)
                }
            }
        }
        Decision::Archive(it) => {
            let mut data = json!({"ignoreUntilEscalating": it.until == Until::Escalating, "reason": reason});
            match it.until {
                Until::Forever | Until::Escalating => {}
                Until::Time(time) => data["ignoreUntil"] = json!(time),
                Until::Events(limit) => {
                    data["ignoreCount"] = json!(limit.count);
                    data["ignoreWindow"] = json!(limit.minutes);
                }
                Until::Users(limit) => {
                    data["ignoreUserCount"] = json!(limit.count);
                    data["ignoreUserWindow"] = json!(limit.minutes);
                }
            }
            ("set_ignored", data)
        }
    }
}

fn in_release(version: Option<&String>, environment: &Option<String>, reason: &str) -> (&'static str, Value) {
    let data = json!({"version": version, "environment": environment, "reason": reason});
    ("set_resolved_in_release", data)
}

fn returned(why: &Returned) -> (&'static str, Value) {
    let reason = why.to_string();
    match why {
        Returned::Escalated(it) => (
            "set_escalating",
            json!({"eventCount": it.events, "forecast": it.expected, "hours": it.hours, "reason": reason}),
        ),
        Returned::Time(_) | Returned::Events(_) | Returned::Users(_) => {
            ("set_unresolved", json!({"reason": reason}))
        }
    }
}

/// Whoever it is; none are told of who is not a member any more.
fn assigned(actor: Option<Actor>) -> Value {
    match actor {
        Some(it) => json!({
            "assignee": it.id,
            "assigneeType": it.kind,
            "assigneeName": it.name,
            "assigneeEmail": it.email,
        }),
        None => json!({"assignee": null}),
    }
}

fn issue_name(id: IssueId, number: u32, project: &Project) -> Value {
    let slug = project.slug.clone();
    json!({"id": id.0.to_string(), "shortId": ShortId { slug, number }.to_string()})
}
