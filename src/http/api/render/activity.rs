//! The story of an issue.

use serde_json::{Value, json};

use super::{status_name, substatus_name, user};
use crate::http::api::shape::Activity;
use crate::model::lifecycle::decision::Decision;
use crate::model::{self, Assignee, Deed, GroupHash, Issue, IssueId, Project, ShortId, User};

/// An entry; `people` are those who may have made it.
pub(in crate::http::api) fn activity(
    entry: &model::Activity,
    project: &Project,
    people: &[User],
) -> Activity {
    let (kind, data) = told(&entry.what, project);
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
fn told(deed: &Deed, project: &Project) -> (&'static str, Value) {
    let name = |issue: &IssueId, number: &u32| issue_name(*issue, *number, project);
    match deed {
        Deed::Decided(decision) => {
            let kind = match decision {
                Decision::Resolve(_) => "set_resolved",
                Decision::Unresolve(_) => "set_unresolved",
                Decision::Archive(_) => "set_ignored",
            };
            (kind, json!({"reason": decision.to_string()}))
        }
        Deed::Regressed { why, event } => {
            let data = json!({
                "eventID": event.map(|id| id.to_string()),
                "version": why.release,
                "environment": why.environment,
                "reason": why.to_string(),
            });
            ("set_regression", data)
        }
        Deed::Returned(why) => ("set_unresolved", json!({"reason": why.to_string()})),
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
        Deed::Assigned(Some(Assignee::Team)) => ("assigned", json!({"assigneeType": "team"})),
        Deed::Assigned(Some(Assignee::User(user))) => {
            let data = json!({"assigneeType": "user", "assignee": user.0.to_string()});
            ("assigned", data)
        }
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

fn issue_name(id: IssueId, number: u32, project: &Project) -> Value {
    let slug = project.slug.clone();
    json!({"id": id.0.to_string(), "shortId": ShortId { slug, number }.to_string()})
}
