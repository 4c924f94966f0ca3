//! The story of an issue, and taking back what it tells.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::Answer;
use super::reader::Reader;
use crate::accounts::Accounts;
use crate::http::api::render;
use crate::http::api::shape::Activities;
use crate::http::error::ApiError;
use crate::http::extract::{AtIssue, Now, Paging};
use crate::model::ActivityId;
use crate::store::Decisions;
use crate::triage::Triage;

pub(in crate::http::api) async fn list(
    at: AtIssue,
    paging: Paging,
    accounts: Data<Accounts>,
    decisions: Data<dyn Decisions>,
) -> Answer {
    let page = decisions.activity(at.issue.id, paging.request.clone()).await?;
    let people = accounts.people().await?;
    let is_last = page.next.is_none();
    let page = page.map(|entry| render::activity(&entry, &at.project, &people));
    Ok(paging.answer_as(page, |mut activity| {
        if is_last {
            activity.push(render::first_seen(&at.issue));
        }
        Activities { activity }
    }))
}

pub(in crate::http::api) async fn undo(
    at: AtIssue,
    request: HttpRequest,
    Now(now): Now,
    triage: Data<Triage>,
    reader: Reader,
) -> Answer {
    let missing = || ApiError::NotFound("There is no such activity.".to_owned());
    let entry = request
        .match_info()
        .query("activity")
        .parse()
        .map_err(|_| missing())?;
    let who = Some(at.caller.user.id);
    triage.undo(at.issue.id, ActivityId(entry), who, now).await?;
    Ok(HttpResponse::Ok().json(reader.again(&at).await?))
}
