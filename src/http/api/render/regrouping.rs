//! What grouping rules would do, and how far they are applied.

use super::{issue_name, user};
use crate::http::api::shape::{
    GroupingJob, GroupingPreview, MergePreview, PreviewedFlow, PreviewedIssue, ProjectGrouping, SplitPreview,
};
use crate::model::{IssueId, Project, Regrouping, User};
use crate::regroup::{Flow, Preview, Target};

pub(in crate::http::api) fn project_grouping(
    project: &Project,
    job: Option<&Regrouping>,
    people: &[User],
) -> ProjectGrouping {
    let job = job.map(|job| GroupingJob {
        date_started: job.started,
        user: people.iter().find(|person| Some(person.id) == job.who).map(user),
        total: job.total,
        // Events that came in the meantime are looked at, too.
        looked_at: job.looked.min(job.total),
        moved: job.moved,
        date_ended: job.end.as_ref().map(|end| end.time),
        failure: job.end.as_ref().and_then(|end| end.failure.clone()),
    });
    ProjectGrouping {
        grouping_enhancements: project.grouping.stack.clone(),
        fingerprinting_rules: project.grouping.fingerprint.clone(),
        job,
    }
}

pub(in crate::http::api) fn grouping_preview(preview: &Preview, project: &Project) -> GroupingPreview {
    let named = |id: IssueId, title: &str| issue(preview, project, id, title);
    let at = |target: &Target, flow: &Flow| match target {
        Target::Issue(id) => named(*id, &flow.title),
        Target::New(_) => new(&flow.title),
    };
    let flow = |issue: PreviewedIssue, flow: &Flow| PreviewedFlow {
        issue,
        events: flow.events,
        event_id: flow.example.to_string(),
    };
    let merges = preview.merge_examples.iter().map(|(into, from)| MergePreview {
        into: from.first().map_or_else(|| new(""), |(_, flow)| at(into, flow)),
        from: from
            .iter()
            .map(|(id, it)| flow(named(*id, &it.title), it))
            .collect(),
    });
    let splits = preview.split_examples.iter().map(|(from, into)| SplitPreview {
        from: into
            .first()
            .map_or_else(|| new(""), |(_, flow)| named(*from, &flow.title)),
        into: into.iter().map(|(target, it)| flow(at(target, it), it)).collect(),
    });
    GroupingPreview {
        looked_at: preview.looked as u64,
        total: preview.total,
        issues: preview.issues as u64,
        unchanged: preview.unchanged as u64,
        merges: preview.merges as u64,
        splits: preview.splits as u64,
        merge_examples: merges.collect(),
        split_examples: splits.collect(),
    }
}

/// An issue as it is called now. One that is hidden in another one would come back.
fn issue(preview: &Preview, project: &Project, id: IssueId, title: &str) -> PreviewedIssue {
    match preview.named.get(&id).filter(|issue| issue.id == id) {
        Some(known) => {
            let name = issue_name(known, project);
            PreviewedIssue {
                id: Some(name.id),
                short_id: Some(name.short_id),
                title: known.seen.title.clone(),
            }
        }
        None => new(title),
    }
}

fn new(title: &str) -> PreviewedIssue {
    PreviewedIssue {
        id: None,
        short_id: None,
        title: title.to_owned(),
    }
}
