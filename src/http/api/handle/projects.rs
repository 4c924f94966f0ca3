//! Projects.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path};

use super::Answer;
use crate::accounts::{Accounts, EditProject, Identity, NewProject};
use crate::http::api::period::Span;
use crate::http::api::shape::Project;
use crate::http::api::{Site, ask, render};
use crate::http::error::ApiError;
use crate::http::extract::{AtProject, Caller, Now, Query};
use crate::model::timeline::Timeline;
use crate::model::{self, GroupingRules, IssueFilter, IssueSort, PageRequest};
use crate::regroup::{self, Regroup};
use crate::store::{Issues, Stats};

/// Open issues are counted up to here.
const MOST_COUNTED: usize = 1_000;

pub(in crate::http::api) async fn list(
    _: Caller,
    Query(asked): Query<ask::ProjectSearch>,
    Now(now): Now,
    accounts: Data<Accounts>,
    stats: Data<dyn Stats>,
    issues: Data<dyn Issues>,
) -> Answer {
    let period = ask::Period {
        stats_period: asked.stats_period,
        ..ask::Period::default()
    };
    let span = Span::read(&period, None, now)?;
    let mut shown = Vec::new();
    for project in accounts.projects().await? {
        let mut shape = render::project(&project, stats.activity(project.id).await?);
        if let Some(span) = &span {
            let hours = stats.project_hours(project.id, span.range).await?;
            shape.stats = Some(Timeline::new(&hours, span.range, span.step).buckets);
            shape.unresolved_count = Some(unresolved(issues.as_ref(), &project).await?);
        }
        shown.push(shape);
    }
    Ok(HttpResponse::Ok().json(shown))
}

pub(in crate::http::api) async fn create(
    Caller(caller): Caller,
    Json(asked): Json<ask::NewProject>,
    Now(now): Now,
    accounts: Data<Accounts>,
    site: Data<Site>,
) -> Answer {
    let project = make(&caller, asked, now, &accounts, &site).await?;
    Ok(HttpResponse::Created().json(project))
}

/// The same below a team, of which there is one.
pub(in crate::http::api) async fn create_in_team(
    Caller(caller): Caller,
    at: Path<(String, String)>,
    Json(asked): Json<ask::NewProject>,
    Now(now): Now,
    accounts: Data<Accounts>,
    site: Data<Site>,
) -> Answer {
    if at.1 != render::team().slug {
        return Err(ApiError::NotFound("There is no such team.".to_owned()));
    }
    let project = make(&caller, asked, now, &accounts, &site).await?;
    Ok(HttpResponse::Created().json(project))
}

pub(in crate::http::api) async fn show(at: AtProject, stats: Data<dyn Stats>, site: Data<Site>) -> Answer {
    let activity = stats.activity(at.project.id).await?;
    Ok(HttpResponse::Ok().json(render::whole_project(&at.project, activity, &site)))
}

pub(in crate::http::api) async fn edit(
    at: AtProject,
    Json(asked): Json<ask::EditProject>,
    accounts: Data<Accounts>,
    regroup: Data<Regroup>,
    stats: Data<dyn Stats>,
    site: Data<Site>,
) -> Answer {
    let edit = EditProject {
        name: asked.name,
        slug: asked.slug,
        platform: asked.platform,
        retention_days: asked.retention_days,
    };
    let GroupingRules { stack, fingerprint } = at.project.grouping.clone();
    let rules = GroupingRules {
        stack: asked.grouping_enhancements.unwrap_or(stack),
        fingerprint: asked.fingerprinting_rules.unwrap_or(fingerprint),
    };
    // Before anything is changed.
    regroup::read(&rules)?;
    let mut project = accounts.edit_project(&at.caller, at.project, edit).await?;
    if rules != project.grouping {
        project = regroup.save(project, rules).await?;
    }
    let activity = stats.activity(project.id).await?;
    Ok(HttpResponse::Ok().json(render::whole_project(&project, activity, &site)))
}

pub(in crate::http::api) async fn delete(at: AtProject, accounts: Data<Accounts>) -> Answer {
    accounts.delete_project(&at.caller, at.project.id).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn make(
    caller: &Identity,
    asked: ask::NewProject,
    now: jiff::Timestamp,
    accounts: &Accounts,
    site: &Site,
) -> Result<Project, ApiError> {
    let slug = asked.slug.filter(|slug| !slug.is_empty());
    let new = NewProject {
        name: asked.name,
        slug,
        platform: asked.platform,
    };
    let project = accounts.create_project(caller, new, now).await?;
    let activity = model::ProjectActivity::default();
    Ok(render::whole_project(&project, activity, site))
}

async fn unresolved(issues: &dyn Issues, project: &model::Project) -> Result<u64, ApiError> {
    let filter = IssueFilter {
        projects: vec![project.id],
        query: "is:unresolved".parse()?,
        ..IssueFilter::default()
    };
    let page = issues
        .list(&filter, IssueSort::LastSeen, PageRequest::first(MOST_COUNTED))
        .await?;
    Ok(page.items.len() as u64)
}
