//! What people say about an issue: entries of its story, of type `note`.

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse};

use super::Answer;
use super::reader::Reader;
use crate::http::api::ask::Note;
use crate::http::api::render;
use crate::http::error::ApiError;
use crate::http::extract::{AtIssue, Now, Paging};
use crate::model::{Activity, ActivityId, Deed, PageRequest};
use crate::store::TriageChange;
use crate::triage::Triage;

/// Entries that are looked at in one go.
const SLICE: usize = 100;

pub(in crate::http::api) async fn list(at: AtIssue, paging: Paging, reader: Reader) -> Answer {
    let people = reader.people().await?;
    let mut page = reader
        .decisions
        .activity(at.issue.id, paging.request.clone())
        .await?;
    // The pages are those of the whole story, so that some have few notes or none.
    page.items.retain(is_note);
    Ok(paging.answer(page.map(|entry| render::activity(&entry, &at.project, &people))))
}

pub(in crate::http::api) async fn create(
    at: AtIssue,
    Json(asked): Json<Note>,
    Now(now): Now,
    triage: Data<Triage>,
    reader: Reader,
) -> Answer {
    let text = text(asked)?;
    let said = triage.comment(at.issue.id, text, at.caller.user.id, now).await?;
    let people = reader.people().await?;
    Ok(HttpResponse::Created().json(render::activity(&said, &at.project, &people)))
}

pub(in crate::http::api) async fn edit(
    at: AtIssue,
    request: HttpRequest,
    Json(asked): Json<Note>,
    Now(now): Now,
    triage: Data<Triage>,
    reader: Reader,
) -> Answer {
    let (note, text) = (note(&request)?, text(asked)?);
    let who = at.caller.user.id;
    triage.edit_comment(at.issue.id, note, text, who, now).await?;
    let said = find(&at, note, &reader).await?;
    let people = reader.people().await?;
    Ok(HttpResponse::Ok().json(render::activity(&said, &at.project, &people)))
}

pub(in crate::http::api) async fn delete(
    at: AtIssue,
    request: HttpRequest,
    Now(now): Now,
    triage: Data<Triage>,
) -> Answer {
    let who = at.caller.user.id;
    triage
        .delete_comment(at.issue.id, note(&request)?, who, now)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn find(at: &AtIssue, note: ActivityId, reader: &Reader) -> Result<Activity, ApiError> {
    let mut request = PageRequest::first(SLICE);
    loop {
        let page = reader.decisions.activity(at.issue.id, request).await?;
        if let Some(found) = page.items.into_iter().find(|entry| entry.id == note) {
            return Ok(found);
        }
        let next = page.next.ok_or_else(missing)?;
        request = PageRequest {
            cursor: Some(next),
            limit: SLICE,
        };
    }
}

fn is_note(entry: &Activity) -> bool {
    matches!(entry.what, Deed::Commented { .. })
}

fn note(request: &HttpRequest) -> Result<ActivityId, ApiError> {
    let id = request.match_info().query("note").parse();
    id.map(ActivityId).map_err(|_| missing())
}

fn missing() -> ApiError {
    ApiError::NotFound("There is no such comment.".to_owned())
}

fn text(asked: Note) -> Result<String, ApiError> {
    match asked.text.trim() {
        "" => Err(ApiError::bad_request("text is empty: a comment says something.")),
        text if text.len() > TriageChange::MAX_COMMENT => Err(ApiError::bad_request(format!(
            "text is too long: a comment has at most {} bytes.",
            TriageChange::MAX_COMMENT
        ))),
        text => Ok(text.to_owned()),
    }
}
