//! Many issues: search, change, delete; of all projects or of one.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use jiff::Timestamp;

use super::Answer;
use super::reader::Reader;
use crate::accounts::Accounts;
use crate::http::api::ask::{EditIssue, IssueChoice, IssueSearch, Period, Switch};
use crate::http::api::render;
use crate::http::api::search::{Search, choice};
use crate::http::api::shape::{BulkChange, IssueChange};
use crate::http::error::ApiError;
use crate::http::extract::{AtProject, Caller, Now, Paging, Query};
use crate::model::{Status, Substatus, UserId};
use crate::triage::{Choice, Triage};

pub(in crate::http::api) async fn search(
    _: Caller,
    Query(asked): Query<IssueSearch>,
    Query(period): Query<Period>,
    paging: Paging,
    Now(now): Now,
    accounts: Data<Accounts>,
    reader: Reader,
) -> Answer {
    let projects = accounts.projects().await?;
    let search = Search::read(&asked, &period, &projects, now)?;
    Ok(paging.answer(reader.page(&search, &projects, paging.request.clone()).await?))
}

pub(in crate::http::api) async fn search_project(
    at: AtProject,
    Query(asked): Query<IssueSearch>,
    Query(period): Query<Period>,
    paging: Paging,
    Now(now): Now,
    reader: Reader,
) -> Answer {
    let projects = [at.project];
    let search = Search::read(
        &IssueSearch {
            project: Vec::new(),
            ..asked
        },
        &period,
        &projects,
        now,
    )?;
    Ok(paging.answer(reader.page(&search, &projects, paging.request.clone()).await?))
}

pub(in crate::http::api) async fn edit(
    Caller(caller): Caller,
    Query(asked): Query<IssueChoice>,
    Json(change): Json<EditIssue>,
    Now(now): Now,
    accounts: Data<Accounts>,
    triage: Data<Triage>,
) -> Answer {
    let choice = choice(&asked, &accounts.projects().await?)?;
    apply(choice, &change, caller.user.id, now, &triage).await
}

pub(in crate::http::api) async fn edit_project(
    at: AtProject,
    Query(asked): Query<IssueChoice>,
    Json(change): Json<EditIssue>,
    Now(now): Now,
    triage: Data<Triage>,
) -> Answer {
    let asked = IssueChoice {
        project: Vec::new(),
        ..asked
    };
    let choice = choice(&asked, &[at.project])?;
    apply(choice, &change, at.caller.user.id, now, &triage).await
}

async fn apply(choice: Choice, change: &EditIssue, who: UserId, now: Timestamp, triage: &Triage) -> Answer {
    if change.merge.is_some_and(Switch::is_on) {
        let merge = triage.merge(choice, Some(who), now).await?;
        return Ok(HttpResponse::Ok().json(BulkChange::Merge(render::merged(&merge))));
    }
    let status = status(change)?;
    triage.set_status(choice, status, Some(who), now).await?;
    Ok(changed(status))
}

pub(in crate::http::api) async fn delete(
    Caller(caller): Caller,
    Query(asked): Query<IssueChoice>,
    Now(now): Now,
    accounts: Data<Accounts>,
    triage: Data<Triage>,
) -> Answer {
    triage
        .delete(
            choice(&asked, &accounts.projects().await?)?,
            Some(caller.user.id),
            now,
        )
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(in crate::http::api) async fn delete_project(
    at: AtProject,
    Query(asked): Query<IssueChoice>,
    Now(now): Now,
    triage: Data<Triage>,
) -> Answer {
    let asked = IssueChoice {
        project: Vec::new(),
        ..asked
    };
    triage
        .delete(choice(&asked, &[at.project])?, Some(at.caller.user.id), now)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The status that a change asks for. An archived issue is `ignored` on the wire.
pub(super) fn status(change: &EditIssue) -> Result<Status, ApiError> {
    match change.status.as_deref() {
        Some("resolved") => Ok(Status::Resolved),
        Some("unresolved") => Ok(Status::Unresolved),
        Some("ignored" | "archived") => Ok(Status::Archived),
        _ => Err(ApiError::bad_request(
            "status is resolved, unresolved or ignored.",
        )),
    }
}

fn changed(status: Status) -> HttpResponse {
    HttpResponse::Ok().json(BulkChange::Status(IssueChange {
        status: render::status_name(status),
        substatus: render::substatus_name(status, Substatus::Ongoing),
        status_details: BTreeMap::new(),
    }))
}
