//! Releases: the list, one of them, and what is said about it. One version may be a release of several projects.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use jiff::Timestamp;
use serde_json::json;

use super::Answer;
use super::fitness::Fitness;
use crate::accounts::{Accounts, Identity};
use crate::http::api::ask::{self, EditRelease, NewRelease, ReleaseSearch};
use crate::http::api::said::{describe, named, status, time};
use crate::http::api::search::chosen;
use crate::http::api::{render, shape};
use crate::http::error::ApiError;
use crate::http::extract::{AtProject, AtRelease, Caller, Now, Paging, Query, find_release};
use crate::model::release::order::ReleaseDates;
use crate::model::release::{Commit, Deploy, Release};
use crate::model::{PageRequest, Project};
use crate::protocol::ids::ProjectId;
use crate::shipping::{Declared, Shipping, Word};
use crate::store::{Issues, ReleaseFilter, Releases};

/// How many of the latest commits a single release tells the authors of.
const AUTHORS_OF: usize = 100;

pub(in crate::http::api) async fn list(
    _: Caller,
    Query(asked): Query<ReleaseSearch>,
    paging: Paging,
    Now(now): Now,
    accounts: Data<Accounts>,
    releases: Data<dyn Releases>,
    issues: Data<dyn Issues>,
) -> Answer {
    let projects = accounts.projects().await?;
    let among = chosen(&asked.project, &projects)?;
    let stores = (releases.as_ref(), issues.as_ref());
    list_of(asked, among, &projects, paging, now, stores).await
}

pub(in crate::http::api) async fn list_project(
    at: AtProject,
    Query(asked): Query<ReleaseSearch>,
    paging: Paging,
    Now(now): Now,
    releases: Data<dyn Releases>,
    issues: Data<dyn Issues>,
) -> Answer {
    let projects = [at.project];
    let stores = (releases.as_ref(), issues.as_ref());
    list_of(asked, vec![projects[0].id], &projects, paging, now, stores).await
}

async fn list_of(
    asked: ReleaseSearch,
    among: Vec<ProjectId>,
    projects: &[Project],
    paging: Paging,
    now: Timestamp,
    (releases, issues): (&dyn Releases, &dyn Issues),
) -> Answer {
    let filter = ReleaseFilter {
        projects: among,
        environments: asked.environment.clone(),
        text: asked.query.clone().unwrap_or_default().trim().to_owned(),
        status: asked.status.as_deref().map(status).transpose()?.flatten(),
    };
    let page = releases.list(&filter, paging.request.clone()).await?;
    let fitness = Fitness::read(&asked, &filter, &page.items, now, releases, issues).await?;
    let mut shown = Vec::with_capacity(page.items.len());
    for version in page.items {
        let of = with_projects(version, projects);
        let commits = latest_commits(&of, 1, releases).await?;
        shown.extend(render::release(&of, &commits, |project| {
            fitness.as_ref()?.of(project, &of.first()?.1.version)
        }));
    }
    Ok(paging.answer(crate::model::Page {
        items: shown,
        previous: page.previous,
        next: page.next,
    }))
}

pub(in crate::http::api) async fn create(
    Caller(caller): Caller,
    Json(asked): Json<NewRelease>,
    Now(now): Now,
    accounts: Data<Accounts>,
    releases: Data<dyn Releases>,
    shipping: Data<Shipping>,
) -> Answer {
    let all = accounts.projects().await?;
    let projects = named(&asked.projects, &all)?;
    if projects.is_empty() {
        // So does sentry-cli put a release aside, and fetch it back: that does not declare one that a client made up.
        let at = find_release(releases.as_ref(), all, asked.version.trim()).await;
        let releases_at = at.map_err(|_| ApiError::bad_request("projects names no project."))?;
        let at = AtRelease {
            caller,
            releases: releases_at,
        };
        return edit(at, Json(asked.details), Now(now), releases, shipping).await;
    }
    make(&caller, asked, projects, now, releases.as_ref(), &shipping).await
}

pub(in crate::http::api) async fn create_in_project(
    at: AtProject,
    Json(asked): Json<NewRelease>,
    Now(now): Now,
    releases: Data<dyn Releases>,
    shipping: Data<Shipping>,
) -> Answer {
    make(
        &at.caller,
        asked,
        vec![at.project],
        now,
        releases.as_ref(),
        &shipping,
    )
    .await
}

async fn make(
    caller: &Identity,
    asked: NewRelease,
    projects: Vec<Project>,
    now: Timestamp,
    releases: &dyn Releases,
    shipping: &Shipping,
) -> Answer {
    let word = Word {
        projects: projects.iter().map(|project| project.id).collect(),
        version: asked.version.trim().to_owned(),
        who: caller.user.id,
        now,
    };
    let description = describe(asked.details)?;
    let declared = shipping.declare(&word).await?;
    shipping.describe(&word, description).await?;
    let of = find_release(releases, projects, &word.version).await?;
    let shown = whole(&of, releases).await?;
    Ok(match declared {
        Declared::New => HttpResponse::Created().json(shown),
        Declared::Known => HttpResponse::Ok().json(shown),
    })
}

pub(in crate::http::api) async fn show(
    at: AtRelease,
    Query(asked): Query<ReleaseSearch>,
    Now(now): Now,
    releases: Data<dyn Releases>,
    issues: Data<dyn Issues>,
) -> Answer {
    let filter = ReleaseFilter {
        projects: at.releases.iter().map(|(project, _)| project.id).collect(),
        environments: asked.environment.clone(),
        ..ReleaseFilter::default()
    };
    let all: Vec<_> = at.releases.iter().map(|(_, release)| release.clone()).collect();
    let version = all.first().map(|it| it.version.clone()).unwrap_or_default();
    let fitness = Fitness::read(&asked, &filter, &[all], now, releases.as_ref(), issues.as_ref()).await?;
    let commits = latest_commits(&at.releases, AUTHORS_OF, releases.as_ref()).await?;
    let shown = render::release(&at.releases, &commits, |project| {
        fitness.as_ref()?.of(project, &version)
    });
    Ok(HttpResponse::Ok().json(shown))
}

pub(in crate::http::api) async fn edit(
    at: AtRelease,
    Json(asked): Json<EditRelease>,
    Now(now): Now,
    releases: Data<dyn Releases>,
    shipping: Data<Shipping>,
) -> Answer {
    let word = word(&at, now);
    shipping.describe(&word, describe(asked)?).await?;
    let projects = at.releases.into_iter().map(|(project, _)| project).collect();
    let of = find_release(releases.as_ref(), projects, &word.version).await?;
    Ok(HttpResponse::Ok().json(whole(&of, releases.as_ref()).await?))
}

pub(in crate::http::api) async fn delete(at: AtRelease, Now(now): Now, shipping: Data<Shipping>) -> Answer {
    shipping.delete(&word(&at, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(in crate::http::api) async fn commits(
    at: AtRelease,
    paging: Paging,
    releases: Data<dyn Releases>,
) -> Answer {
    let of = with_commits(&at.releases);
    let page = releases
        .commits(of.project, &of.version, paging.request.clone())
        .await?;
    Ok(paging.answer(page.map(|commit| render::commit(&commit))))
}

pub(in crate::http::api) async fn deploys(at: AtRelease) -> Answer {
    let deploys = at.releases.iter().flat_map(|(_, release)| release.deploys.iter());
    let mut deploys: Vec<_> = deploys.collect();
    deploys.sort_by_key(|deploy| std::cmp::Reverse(deploy.finished));
    let shown: Vec<_> = deploys.into_iter().map(render::deploy).collect();
    Ok(HttpResponse::Ok().json(shown))
}

pub(in crate::http::api) async fn deploy(
    at: AtRelease,
    Json(asked): Json<ask::NewDeploy>,
    Now(now): Now,
    releases: Data<dyn Releases>,
    shipping: Data<Shipping>,
) -> Answer {
    let mut word = word(&at, now);
    let known: Vec<_> = at.releases.iter().map(|(project, _)| project.clone()).collect();
    let meant = named(&asked.projects, &known)?;
    if !meant.is_empty() {
        word.projects = meant.iter().map(|project| project.id).collect();
    }
    let deploy = Deploy {
        id: 0,
        environment: asked.environment,
        name: asked.name.filter(|name| !name.is_empty()),
        url: asked.url.filter(|url| !url.is_empty()),
        started: time("dateStarted", asked.date_started.as_deref())?,
        finished: time("dateFinished", asked.date_finished.as_deref())?.unwrap_or(now),
    };
    shipping.deploy(&word, deploy.clone()).await?;
    let among = if meant.is_empty() { known } else { meant };
    let kept = find_release(releases.as_ref(), among, &word.version).await?;
    let deploys = kept.iter().flat_map(|(_, release)| release.deploys.iter());
    let mut same =
        deploys.filter(|it| (&it.environment, it.finished) == (&deploy.environment, deploy.finished));
    let shown = render::deploy(same.next().unwrap_or(&deploy));
    Ok(HttpResponse::Created().json(shown))
}

/// The newest release before this one that says which commits went into it; nothing, as an object without members, when
/// there is none.
pub(in crate::http::api) async fn previous_with_commits(
    at: AtRelease,
    releases: Data<dyn Releases>,
) -> Answer {
    let Some((project, this)) = at.releases.into_iter().next() else {
        return Err(ApiError::not_found());
    };
    let age = |release: &Release| (release.created, release.id);
    let is_before = |other: &Release| match ReleaseDates::from(other).compare(&(&this).into(), None) {
        Some((order, _)) => order.is_lt(),
        None => age(other) < age(&this),
    };
    let mut before = releases.all(project.id).await?;
    before.retain(|other| other.id != this.id && other.commits > 0 && is_before(other));
    let newest = before.into_iter().max_by(|a, b| {
        let order = ReleaseDates::from(a).compare(&b.into(), None);
        order.map_or_else(|| age(a).cmp(&age(b)), |(order, _)| order)
    });
    let Some(newest) = newest else {
        return Ok(HttpResponse::Ok().json(json!({})));
    };
    let of = [(project, newest)];
    Ok(HttpResponse::Ok().json(whole(&of, releases.as_ref()).await?))
}

/// The release with its latest commits.
async fn whole(of: &[(Project, Release)], releases: &dyn Releases) -> Result<shape::Release, ApiError> {
    let commits = latest_commits(of, AUTHORS_OF, releases).await?;
    render::release(of, &commits, |_| None).ok_or_else(ApiError::not_found)
}

/// The latest commits of a release, from the project that knows of them.
async fn latest_commits(
    of: &[(Project, Release)],
    limit: usize,
    releases: &dyn Releases,
) -> Result<Vec<Commit>, ApiError> {
    let Some((_, release)) = of.iter().find(|(_, release)| release.commits > 0) else {
        return Ok(Vec::new());
    };
    let first = PageRequest::first(limit);
    let page = releases.commits(release.project, &release.version, first).await?;
    Ok(page.items)
}

/// The release that knows of its commits, or any.
fn with_commits(of: &[(Project, Release)]) -> &Release {
    let known = of.iter().find(|(_, release)| release.commits > 0);
    &known.unwrap_or(&of[0]).1
}

fn with_projects(releases: Vec<Release>, projects: &[Project]) -> Vec<(Project, Release)> {
    let project = |release: Release| {
        let project = projects.iter().find(|project| project.id == release.project)?;
        Some((project.clone(), release))
    };
    releases.into_iter().filter_map(project).collect()
}

fn word(at: &AtRelease, now: Timestamp) -> Word {
    Word {
        projects: at.releases.iter().map(|(project, _)| project.id).collect(),
        version: at
            .releases
            .first()
            .map(|(_, release)| release.version.clone())
            .unwrap_or_default(),
        who: at.caller.user.id,
        now,
    }
}
