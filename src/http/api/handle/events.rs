//! Events: of an issue, of a project, by id.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::Answer;
use crate::accounts::Accounts;
use crate::http::api::ask::EventSearch;
use crate::http::api::shape::{Event, EventLookup};
use crate::http::api::{Site, render};
use crate::http::error::ApiError;
use crate::http::extract::{AtIssue, AtProject, Caller, Paging, Query};
use crate::model::{EventRef, StoredEvent};
use crate::protocol::ids::{EventId, ProjectId};
use crate::store::Issues;

pub(in crate::http::api) async fn of_issue(
    at: AtIssue,
    Query(asked): Query<EventSearch>,
    paging: Paging,
    issues: Data<dyn Issues>,
) -> Answer {
    let environment = asked.environment.as_deref().filter(|name| !name.is_empty());
    let page = issues
        .events(at.issue.id, environment, paging.request.clone())
        .await?;
    Ok(paging.answer(page.map(|event| render::event_summary(&event))))
}

pub(in crate::http::api) async fn one_of_issue(
    at: AtIssue,
    request: HttpRequest,
    issues: Data<dyn Issues>,
) -> Answer {
    let which = match request.match_info().query("event") {
        "latest" | "recommended" => EventRef::Latest,
        "oldest" => EventRef::Oldest,
        id => EventRef::Id(id.parse().map_err(|_| missing())?),
    };
    let Some(placed) = issues.event_of(at.issue.id, which).await? else {
        return Err(match which {
            EventRef::Id(id) => absent(issues.as_ref(), at.project.id, id).await?,
            EventRef::Latest | EventRef::Oldest => missing(),
        });
    };
    Ok(HttpResponse::Ok().json(render::event(&placed.event, placed.previous, placed.next)))
}

/// The events of a project, latest first.
pub(in crate::http::api) async fn of_project(
    at: AtProject,
    Query(asked): Query<EventSearch>,
    paging: Paging,
    issues: Data<dyn Issues>,
) -> Answer {
    let environment = asked.environment.as_deref().filter(|name| !name.is_empty());
    let page = issues
        .newest(at.project.id, environment, paging.request.clone())
        .await?;
    Ok(paging.answer(page.map(|event| render::event_summary(&event))))
}

pub(in crate::http::api) async fn show(
    at: AtProject,
    path: Path<(String, String, String)>,
    issues: Data<dyn Issues>,
) -> Answer {
    let event = find(issues.as_ref(), &at, &path.2).await?;
    Ok(HttpResponse::Ok().json(placed(issues.as_ref(), &event).await?))
}

/// The bytes that are kept, so that nothing stands between a person and what was sent.
pub(in crate::http::api) async fn json(
    at: AtProject,
    path: Path<(String, String, String)>,
    issues: Data<dyn Issues>,
) -> Answer {
    let event = find(issues.as_ref(), &at, &path.2).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .body(event.payload))
}

pub(in crate::http::api) async fn by_id(
    _: Caller,
    path: Path<(String, String)>,
    accounts: Data<Accounts>,
    issues: Data<dyn Issues>,
    site: Data<Site>,
) -> Answer {
    let id: EventId = path.1.parse().map_err(|_| missing())?;
    let projects = accounts.projects().await?;
    for project in &projects {
        if let Some(event) = issues.event(project.id, id).await? {
            return Ok(HttpResponse::Ok().json(EventLookup {
                organization_slug: site.slug.clone(),
                project_slug: project.slug.clone(),
                group_id: event.issue.0.to_string(),
                event_id: id.to_string(),
                event: placed(issues.as_ref(), &event).await?,
            }));
        }
    }
    for project in &projects {
        if issues.is_counted(project.id, id).await? {
            return Err(counted());
        }
    }
    Err(missing())
}

/// The event of this project with this id.
pub(super) async fn find(issues: &dyn Issues, at: &AtProject, id: &str) -> Result<StoredEvent, ApiError> {
    let id: EventId = id.parse().map_err(|_| missing())?;
    match issues.event(at.project.id, id).await? {
        Some(event) => Ok(event),
        None => Err(absent(issues, at.project.id, id).await?),
    }
}

/// Why there is no such event.
async fn absent(issues: &dyn Issues, project: ProjectId, id: EventId) -> Result<ApiError, ApiError> {
    let is_counted = issues.is_counted(project, id).await?;
    Ok(if is_counted { counted() } else { missing() })
}

fn counted() -> ApiError {
    let why =
        "This event was counted, but it is not kept: its issue got so many that only a sample of them is.";
    ApiError::NotFound(why.to_owned())
}

/// The event with the neighbours that it has in its issue.
async fn placed(issues: &dyn Issues, event: &StoredEvent) -> Result<Event, ApiError> {
    let placed = issues
        .event_of(event.issue, EventRef::Id(event.record.id))
        .await?;
    let (previous, next) = placed.map_or((None, None), |placed| (placed.previous, placed.next));
    Ok(render::event(event, previous, next))
}

fn missing() -> ApiError {
    ApiError::NotFound("There is no such event.".to_owned())
}
