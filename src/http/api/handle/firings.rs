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
use crate::model::alert::{DeliveryId, RuleId};
use crate::model::{Page, Project};
use crate::store::{FiringFilter, Issues, OnlyDead};

pub(in crate::http::api) async fn list(
    _: Caller,
    Query(asked): Query<FiringSearch>,
    paging: Paging,
    accounts: Data<Accounts>,
    book: Data<Book>,
    issues: Data<dyn Issues>,
) -> Answer {
    let projects = accounts.projects().await?;
    let filter = filter(&asked, &projects, issues.as_ref()).await?;
    let page = book.history(&filter, paging.request.clone()).await?;
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

pub(in crate::http::api) async fn deliveries(
    _: Caller,
    Query(asked): Query<DeliverySearch>,
    paging: Paging,
    accounts: Data<Accounts>,
    book: Data<Book>,
) -> Answer {
    let which = match asked.state.as_deref() {
        None | Some("") => OnlyDead::All,
        Some("dead") => OnlyDead::Dead,
        Some(_) => return Err(ApiError::bad_request("state is dead, or absent.")),
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
