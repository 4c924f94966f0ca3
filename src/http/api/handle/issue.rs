//! One issue: the whole of it, its tags, hashes and counts, and what people do to it.

use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::Answer;
use super::desk::{Desk, Done};
use super::reader::Reader;
use crate::accounts::Accounts;
use crate::http::api::ask::{EditIssue, EventSearch, HashChoice, Period, SeriesSearch};
use crate::http::api::period::{Span, step};
use crate::http::api::shape::{IssueSeries, ShortIdLookup, Split};
use crate::http::api::{Site, render};
use crate::http::error::ApiError;
use crate::http::extract::{AtIssue, Caller, Now, Query, find_issue};
use crate::model::{GroupHash, TagKey};
use crate::triage::{Choice, Triage};

pub(in crate::http::api) async fn show(at: AtIssue, reader: Reader) -> Answer {
    Ok(HttpResponse::Ok().json(reader.whole(&at.issue, &at.project, &at.caller.user).await?))
}

pub(in crate::http::api) async fn edit(
    at: AtIssue,
    Query(asked): Query<EventSearch>,
    Json(change): Json<EditIssue>,
    desk: Desk,
    reader: Reader,
) -> Answer {
    let choice = Choice::Ids(vec![at.issue.id], vec![at.project.id]);
    let done = desk
        .edit(choice, &change, asked.environment.as_slice(), &at.caller.user)
        .await?;
    match done {
        Done::Changed(_) => Ok(HttpResponse::Ok().json(reader.again(&at).await?)),
        Done::Gone => Ok(HttpResponse::NoContent().finish()),
    }
}

pub(in crate::http::api) async fn delete(at: AtIssue, Now(now): Now, triage: Data<Triage>) -> Answer {
    let choice = Choice::Ids(vec![at.issue.id], vec![at.project.id]);
    triage.delete(choice, Some(at.caller.user.id), now).await?;
    Ok(HttpResponse::Accepted().finish())
}

pub(in crate::http::api) async fn tags(at: AtIssue, reader: Reader) -> Answer {
    let detail = reader.detail(at.issue.id).await?;
    let tags: Vec<_> = detail
        .tags
        .iter()
        .map(|(key, counts)| render::tag(key, counts))
        .collect();
    Ok(HttpResponse::Ok().json(tags))
}

/// A key that the issue does not have is one without values: clients ask for `environment` of any issue.
pub(in crate::http::api) async fn tag(at: AtIssue, request: HttpRequest, reader: Reader) -> Answer {
    let key = request.match_info().query("key");
    let detail = reader.detail(at.issue.id).await?;
    let counts = detail.tags.into_iter().find(|(known, _)| known == key);
    let counts = counts.map_or_else(TagKey::default, |(_, counts)| counts);
    Ok(HttpResponse::Ok().json(render::tag(key, &counts)))
}

pub(in crate::http::api) async fn hashes(at: AtIssue, reader: Reader) -> Answer {
    let detail = reader.detail(at.issue.id).await?;
    Ok(HttpResponse::Ok().json(detail.hashes.iter().map(render::hash).collect::<Vec<_>>()))
}

pub(in crate::http::api) async fn split(
    at: AtIssue,
    Query(asked): Query<HashChoice>,
    Now(now): Now,
    triage: Data<Triage>,
    reader: Reader,
) -> Answer {
    let hashes = asked.id.iter().map(|text| hash(text)).collect::<Result<_, _>>()?;
    let who = Some(at.caller.user.id);
    let made = triage.unmerge(at.issue.id, hashes, who, now).await?;
    let made = reader.issues.issue(made).await?.ok_or_else(AtIssue::missing)?;
    let destination = render::issue_name(&made, &at.project);
    Ok(HttpResponse::Accepted().json(Split { destination }))
}

fn hash(text: &str) -> Result<GroupHash, ApiError> {
    let mut bytes = [0; 16];
    match hex::decode_to_slice(text, &mut bytes) {
        Ok(()) => Ok(GroupHash(bytes)),
        Err(_) => Err(ApiError::bad_request("id is a hash: 32 hex digits.")),
    }
}

pub(in crate::http::api) async fn series(
    at: AtIssue,
    Query(asked): Query<SeriesSearch>,
    Query(period): Query<Period>,
    Now(now): Now,
    reader: Reader,
) -> Answer {
    let step = step(asked.interval.as_deref())?;
    let span = Span::read(&period, step, now)?;
    let span = span.map_or_else(|| Span::last("24h", step, now), Ok)?;
    let series = reader.series(at.issue.id, &span).await?;
    let (start, end, interval) = (span.range.start, span.range.end, span.interval());
    Ok(HttpResponse::Ok().json(IssueSeries {
        start,
        end,
        interval,
        series,
    }))
}

pub(in crate::http::api) async fn by_short_id(
    Caller(caller): Caller,
    path: Path<(String, String)>,
    accounts: Data<Accounts>,
    reader: Reader,
    site: Data<Site>,
) -> Answer {
    let issue = find_issue(reader.issues.as_ref(), &path.1)
        .await?
        .ok_or_else(AtIssue::missing)?;
    let project = accounts.project(&issue.project.to_string()).await?;
    let group = reader.whole(&issue, &project, &caller.user).await?;
    Ok(HttpResponse::Ok().json(ShortIdLookup {
        organization_slug: site.slug.clone(),
        project_slug: project.slug,
        group_id: group.id.clone(),
        short_id: group.short_id.clone(),
        group,
    }))
}
