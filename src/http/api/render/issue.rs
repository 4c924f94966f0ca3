//! Issues and their tags.

use std::collections::BTreeMap;

use super::standing::{actor, status_details, status_reason};
use crate::http::api::Site;
use crate::http::api::shape::{
    Hash, HashEvent, Issue, IssueName, IssueProject, Lifetime, Metadata, Tag, TagDetails, TagValue, Version,
};
use crate::model::{self, Project, SeenRelease, Status, Substatus, TagKey, Viewer};
use crate::store::IssueHash;

/// What people call some tags.
const TAG_NAMES: [(&str, &str); 6] = [
    ("browser", "Browser"),
    ("environment", "Environment"),
    ("os", "Operating System"),
    ("release", "Release"),
    ("user", "User"),
    ("url", "URL"),
];

pub(in crate::http::api) fn issue(
    issue: &model::Issue,
    project: &Project,
    site: &Site,
    stats: BTreeMap<String, Vec<(i64, u64)>>,
    viewer: &Viewer<'_>,
) -> Issue {
    let interest = issue.interests.get(&viewer.me).copied().unwrap_or_default();
    let short_id = model::ShortId {
        slug: project.slug.clone(),
        number: issue.number,
    };
    Issue {
        id: issue.id.0.to_string(),
        short_id: short_id.to_string(),
        title: issue.seen.title.clone(),
        culprit: issue.seen.culprit.clone(),
        permalink: site.issue(issue.id),
        level: issue.seen.level.as_str(),
        status: status_name(issue.status),
        substatus: substatus_name(issue.status, issue.substatus_at(viewer.now)),
        platform: issue.seen.platform.clone(),
        kind: issue.seen.event_type.clone(),
        issue_type: "error",
        issue_category: "error",
        project: issue_project(project),
        metadata: metadata(&issue.seen.metadata, &issue.seen.title),
        first_seen: issue.seen.first_seen,
        last_seen: issue.seen.last_seen,
        count: issue.seen.times_seen.to_string(),
        kept_count: issue.seen.kept().to_string(),
        user_count: issue.users,
        is_unhandled: issue.seen.unhandled,
        has_seen: true,
        is_bookmarked: interest.is_bookmarked,
        is_public: false,
        is_subscribed: interest.is_subscribed.unwrap_or_default(),
        num_comments: issue.comments,
        assigned_to: actor(issue.assignee, viewer.people),
        logger: issue.seen.logger.clone(),
        annotations: Vec::new(),
        share_id: None,
        status_details: status_details(issue, viewer.people),
        status_reason: status_reason(issue, viewer.people),
        stats,
        lifetime: lifetime(issue),
        environments: issue.seen.environments.clone(),
        first_release: release(&issue.seen.first_release),
        last_release: release(&issue.seen.last_release),
        tags: None,
        activity: None,
    }
}

fn release(seen: &Option<SeenRelease>) -> Option<Version> {
    seen.as_ref().map(|release| Version {
        version: release.version.clone(),
    })
}

fn lifetime(issue: &model::Issue) -> Lifetime {
    Lifetime {
        count: issue.seen.times_seen.to_string(),
        user_count: issue.users,
        first_seen: issue.seen.first_seen,
        last_seen: issue.seen.last_seen,
    }
}

/// The status on the wire, where an archived issue is still called by its older name.
pub(in crate::http::api) fn status_name(status: Status) -> &'static str {
    match status {
        Status::Unresolved => "unresolved",
        Status::Resolved => "resolved",
        Status::Archived => "ignored",
    }
}

/// The substatus on the wire: a resolved issue has none.
pub(in crate::http::api) fn substatus_name(status: Status, substatus: Substatus) -> Option<&'static str> {
    match (status, substatus) {
        (Status::Resolved, _) => None,
        (_, Substatus::ArchivedForever) => Some("archived_forever"),
        (_, Substatus::ArchivedUntilConditionMet) => Some("archived_until_condition_met"),
        (_, Substatus::ArchivedUntilEscalating) => Some("archived_until_escalating"),
        (Status::Archived, _) => Some("archived_forever"),
        (_, Substatus::Escalating) => Some("escalating"),
        (_, Substatus::New) => Some("new"),
        (_, Substatus::Ongoing) => Some("ongoing"),
        (_, Substatus::Regressed) => Some("regressed"),
    }
}

pub(super) fn metadata(parts: &model::Metadata, title: &str) -> Metadata {
    Metadata {
        title: parts.kind.is_none().then(|| title.to_owned()),
        kind: parts.kind.clone(),
        value: parts.value.clone(),
        filename: parts.filename.clone(),
        function: parts.function.clone(),
    }
}

pub(super) fn issue_project(project: &Project) -> IssueProject {
    IssueProject {
        id: project.id.to_string(),
        slug: project.slug.clone(),
        name: project.name.clone(),
        platform: project.platform.clone(),
    }
}

/// A tag key with its most frequent values.
pub(in crate::http::api) fn tag(key: &str, counts: &TagKey) -> TagDetails {
    let known = TAG_NAMES.iter().find(|(known, _)| *known == key);
    let tag = Tag {
        key: key.to_owned(),
        name: known.map_or(key, |(_, name)| name).to_owned(),
        total_values: counts.total,
        // What was not told apart any more counts as one.
        unique_values: counts.values.len() as u64 + u64::from(counts.others > 0),
    };
    let value = |value: &model::TagValue| TagValue {
        key: key.to_owned(),
        name: value.value.clone(),
        value: value.value.clone(),
        count: value.count,
        first_seen: value.first_seen,
        last_seen: value.last_seen,
    };
    TagDetails {
        tag,
        top_values: counts.values.iter().map(value).collect(),
    }
}

/// A hash with what goes by it.
pub(in crate::http::api) fn hash(hash: &IssueHash) -> Hash {
    let seen = hash.events.as_ref().map(|events| &events.seen);
    let latest = hash.events.as_ref().and_then(|events| {
        let id = events.latest?.to_string();
        Some(HashEvent {
            event_id: id.clone(),
            id,
            title: events.seen.title.clone(),
            date_created: events.seen.last_seen,
        })
    });
    Hash {
        id: hash.hash.to_string(),
        latest_event: latest,
        title: seen.map(|seen| seen.title.clone()),
        count: seen.map_or(0, |seen| seen.times_seen),
        first_seen: seen.map(|seen| seen.first_seen),
        last_seen: seen.map(|seen| seen.last_seen),
    }
}

/// An issue by its names.
pub(in crate::http::api) fn issue_name(issue: &model::Issue, project: &Project) -> IssueName {
    let short_id = model::ShortId {
        slug: project.slug.clone(),
        number: issue.number,
    };
    IssueName {
        id: issue.id.0.to_string(),
        short_id: short_id.to_string(),
    }
}
