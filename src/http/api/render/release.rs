//! Releases.

use std::collections::BTreeMap;

use super::super::shape::{
    Author, ChangedFile, Commit, Deploy, HealthData, RawVersion, Release, ReleaseProject, Repository,
    VersionInfo,
};
use crate::http::api::period::Span;
use crate::model::release::version::Version;
use crate::model::release::{self, FileChange, ReleaseStatus};
use crate::model::session::{Exposure, Health, adoption};
use crate::model::timeline::Timeline;
use crate::model::{self, Project};

/// A release in the projects that have it (at least one) with its latest commits.
pub(in crate::http::api) fn release(
    of: &[(Project, model::Release)],
    commits: &[release::Commit],
    mut health: impl FnMut(&Project) -> Option<HealthData>,
) -> Option<Release> {
    let (_, first) = of.first()?;
    let all = || of.iter().map(|(_, release)| release);
    let is_open = all().any(|release| release.status == ReleaseStatus::Open);
    let project = |(project, release): &(Project, model::Release)| ReleaseProject {
        id: project.id.to_string(),
        slug: project.slug.clone(),
        name: project.name.clone(),
        platform: project.platform.clone(),
        platforms: project.platform.iter().cloned().collect(),
        new_groups: release.new_issues,
        health_data: health(project),
    };
    let version = Version::parse(&first.version);
    let short = version.without_package().to_owned();
    let mut authors: Vec<Author> = Vec::new();
    for author in commits.iter().filter_map(author) {
        if !authors.contains(&author) {
            authors.push(author);
        }
    }
    Some(Release {
        id: first.id.0.to_string(),
        version: first.version.clone(),
        short_version: short.clone(),
        version_info: VersionInfo {
            package: version.package().map(str::to_owned),
            version: RawVersion { raw: short.clone() },
            description: short,
            build_hash: None,
        },
        status: if is_open { "open" } else { "archived" },
        date_created: all().map(|it| it.created).min()?,
        date_released: all().filter_map(|it| it.released).min(),
        first_event: all().filter_map(|it| it.first_seen).min(),
        last_event: all().filter_map(|it| it.last_seen).max(),
        new_groups: all().map(|it| it.new_issues).sum(),
        url: all().find_map(|it| it.url.clone()),
        reference: all().find_map(|it| it.reference.clone()),
        commit_count: all().map(|it| it.commits).max().unwrap_or_default(),
        deploy_count: all().map(|it| it.deploys.len()).max().unwrap_or_default(),
        last_commit: commits.first().map(commit),
        last_deploy: all()
            .filter_map(|it| it.deploys.last())
            .max_by_key(|it| it.finished)
            .map(deploy),
        authors,
        projects: of.iter().map(project).collect(),
        data: BTreeMap::new(),
    })
}

pub(in crate::http::api) fn commit(commit: &release::Commit) -> Commit {
    let file = |file: &release::ChangedFile| ChangedFile {
        path: file.path.clone(),
        kind: match file.change {
            FileChange::Added => "A",
            FileChange::Modified => "M",
            FileChange::Deleted => "D",
        },
    };
    Commit {
        id: commit.sha.clone(),
        message: commit.message.clone(),
        date_created: commit.time,
        author: author(commit),
        repository: commit.repository.clone().map(|name| Repository { name }),
        patch_set: commit.files.iter().map(file).collect(),
    }
}

pub(super) fn author(commit: &release::Commit) -> Option<Author> {
    let (name, email) = (commit.author_name.clone(), commit.author_email.clone());
    (name.is_some() || email.is_some()).then_some(Author { name, email })
}

pub(in crate::http::api) fn deploy(deploy: &release::Deploy) -> Deploy {
    Deploy {
        id: deploy.id.to_string(),
        environment: deploy.environment.clone(),
        name: deploy.name.clone(),
        url: deploy.url.clone(),
        date_started: deploy.started,
        date_finished: deploy.finished,
    }
}

/// How a release was used over `span`, and of what its project's use was in a day: `day` is of the release, `everything`
/// of the project. `regressed` issues came back in it.
pub(in crate::http::api) fn health_data(
    used: &Health,
    day: &Health,
    everything: &Health,
    span: &Span,
    regressed: u64,
) -> HealthData {
    let total = used.total();
    let sessions = total.sessions;
    let percent = |share: Option<f64>| share.map(|share| share * 100.0);
    let adopted = percent(adoption(&day.total(), &everything.total()));
    let count = |exposure: &Exposure| {
        if sessions.started > 0 {
            exposure.sessions.started
        } else {
            exposure.events
        }
    };
    let series = |count: &dyn Fn(&Exposure) -> u64| {
        let hours: Vec<_> = used.hours.iter().map(|(hour, it)| (*hour, count(it))).collect();
        let buckets = Timeline::new(&hours, span.range, span.step).buckets;
        BTreeMap::from([(span.name.clone(), buckets)])
    };
    HealthData {
        has_health_data: sessions.started > 0,
        total_sessions: sessions.started,
        sessions_crashed: sessions.crashed,
        sessions_errored: sessions.only_errored(),
        total_users: used.users.all,
        crash_free_sessions: percent(sessions.crash_free()),
        crash_free_users: percent(used.users.crash_free()),
        adoption: adopted,
        sessions_adoption: adopted,
        total_sessions_24h: day.total().sessions.started,
        total_project_sessions_24h: everything.total().sessions.started,
        total_users_24h: day.users.all,
        total_project_users_24h: everything.users.all,
        stats: series(&count),
        regressed_groups: regressed,
        total_events: total.events,
        event_stats: series(&|exposure| exposure.events),
    }
}
