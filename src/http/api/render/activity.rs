//! The story of an issue.

use serde_json::{Value, json};

use super::user;
use crate::http::api::shape::Activity;
use crate::model::{self, Deed, GroupHash, Issue, IssueId, Project, ShortId, Status, User};

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
        Deed::Status(Status::Resolved) => ("set_resolved", json!({})),
        Deed::Status(Status::Unresolved) => ("set_unresolved", json!({})),
        Deed::Status(Status::Archived) => ("set_ignored", json!({})),
        Deed::Regressed {
            event,
            release,
            environment,
        } => {
            let event = event.map(|id| id.to_string());
            let data = json!({"eventID": event, "version": release, "environment": environment});
            ("set_regression", data)
        }
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
