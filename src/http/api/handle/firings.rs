//! The history of alerts: what fired, and what became of the messages.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use super::Answer;
use crate::accounts::{Accounts, Permission};
use crate::alerts::book::{self, Book};
use crate::http::api::ask::{DeliverySearch, FiringSearch};
use crate::http::api::render::{self, Recipients};
use crate::http::api::search::chosen;
use crate::http::error::ApiError;
use crate::http::extract::{AtIssue, Caller, Now, Paging, Query, find_issue};
use crate::model::alert::{DeliveryId, FiringId, RuleId};
use crate::model::{Page, Project};
use crate::store::{Deliveries, FiringFilter, Issues};

/// The most firings that are told at once.
const MOST: usize = 100;

pub(in crate::http::api) async fn list(
    _: Caller,
    Query(asked): Query<FiringSearch>,
    paging: Paging,
    accounts: Data<Accounts>,
    book: Data<Book>,
    issues: Data<dyn Issues>,
) -> Answer {
    let projects = accounts.projects().await?;
    let page = if asked.firing.is_empty() {
        let filter = filter(&asked, &projects, issues.as_ref()).await?;
        book.history(&filter, paging.request.clone()).await?
    } else {
        Page {
            items: book.fired(&named(&asked.firing)?).await?,
            previous: None,
            next: None,
        }
    };
    let recipients = recipients(&accounts, &book).await?;
    let items = page.items.iter().filter_map(|told| {
        let project = projects.iter().find(|it| it.id == told.firing.project)?;
        let brought = told.deliveries.iter().map(|it| render::delivery(it, &recipients));
        Some(render::firing(&told.firing, project, brought.collect()))
    });
    Ok(paging.answer(Page {
        items: items.collect(),
        previous: page.previous,
        next: page.next,
    }))
}

pub(in crate::http::api) async fn held(
    _: Caller,
    Query(asked): Query<FiringSearch>,
    accounts: Data<Accounts>,
    book: Data<Book>,
    issues: Data<dyn Issues>,
) -> Answer {
    let projects = accounts.projects().await?;
    let held = book
        .held(&filter(&asked, &projects, issues.as_ref()).await?)
        .await?;
    let shown = held.iter().take(MOST).filter_map(|waits| {
        let project = projects.iter().find(|it| it.id == waits.project)?;
        Some(render::held_firing(waits, project))
    });
    Ok(HttpResponse::Ok().json(shown.collect::<Vec<_>>()))
}

pub(in crate::http::api) async fn deliveries(
    _: Caller,
    Query(asked): Query<DeliverySearch>,
    paging: Paging,
    accounts: Data<Accounts>,
    book: Data<Book>,
) -> Answer {
    let which = match asked.state.as_deref() {
        None | Some("") => Deliveries::All,
        Some("undelivered" | "dead") => Deliveries::Undelivered,
        Some(_) => return Err(ApiError::bad_request("state is undelivered, or absent.")),
    };
    let page = book.deliveries(which, paging.request.clone()).await?;
    let recipients = recipients(&accounts, &book).await?;
    Ok(paging.answer(page.map(|it| render::delivery(&it, &recipients))))
}

pub(in crate::http::api) async fn send_again(
    Caller(caller): Caller,
    path: Path<(String, String)>,
    Now(now): Now,
    accounts: Data<Accounts>,
    book: Data<Book>,
) -> Answer {
    caller.require(Permission::ManageAlerts)?;
    let id = path.1.parse().map(DeliveryId);
    let id = id.map_err(|_| book::Error::Missing("delivery"))?;
    let delivery = book.send_again(id, now).await?;
    let recipients = recipients(&accounts, &book).await?;
    Ok(HttpResponse::Accepted().json(render::delivery(&delivery, &recipients)))
}

/// The firings that are asked for by number.
fn named(ids: &[String]) -> Result<Vec<FiringId>, ApiError> {
    if ids.len() > MOST {
        return Err(ApiError::bad_request("firing may be given 100 times."));
    }
    let ids: Result<_, _> = ids.iter().map(|id| id.parse().map(FiringId)).collect();
    ids.map_err(|_| ApiError::bad_request("firing is the id of a firing."))
}

async fn filter(
    asked: &FiringSearch,
    projects: &[Project],
    issues: &dyn Issues,
) -> Result<FiringFilter, ApiError> {
    let rule = asked.rule.as_deref().map(str::parse).transpose();
    let rule = rule.map_err(|_| ApiError::bad_request("rule is the id of a rule."))?;
    let issue = match &asked.issue {
        None => None,
        Some(name) => Some(find_issue(issues, name).await?.ok_or_else(AtIssue::missing)?),
    };
    Ok(FiringFilter {
        projects: chosen(&asked.project, projects)?,
        rule: rule.map(RuleId),
        issue: issue.map(|issue| issue.id),
    })
}

async fn recipients(accounts: &Accounts, book: &Book) -> Result<Recipients, ApiError> {
    Ok(Recipients {
        people: accounts.people().await?,
        destinations: book.destinations().await?,
    })
}
