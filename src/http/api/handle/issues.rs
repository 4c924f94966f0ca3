//! Many issues: search, change, delete; of all projects or of one.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};

use super::Answer;
use super::desk::{Desk, Done};
use super::reader::Reader;
use crate::accounts::Accounts;
use crate::http::api::ask::{EditIssue, IssueChoice, IssueSearch, Period};
use crate::http::api::search::{Search, choice};
use crate::http::extract::{AtProject, Caller, Now, Paging, Query};
use crate::triage::Triage;

pub(in crate::http::api) async fn search(
    Caller(caller): Caller,
    Query(asked): Query<IssueSearch>,
    Query(period): Query<Period>,
    paging: Paging,
    accounts: Data<Accounts>,
    reader: Reader,
) -> Answer {
    let (projects, people) = (accounts.projects().await?, reader.people().await?);
    let viewer = reader.viewer(&caller.user, &people);
    let search = Search::read(&asked, &period, &projects, &viewer)?;
    let page = reader
        .page(&search, &projects, paging.request.clone(), &viewer)
        .await?;
    Ok(paging.answer(page))
}

pub(in crate::http::api) async fn search_project(
    at: AtProject,
    Query(asked): Query<IssueSearch>,
    Query(period): Query<Period>,
    paging: Paging,
    reader: Reader,
) -> Answer {
    let (projects, people) = ([at.project], reader.people().await?);
    let viewer = reader.viewer(&at.caller.user, &people);
    let asked = IssueSearch {
        project: Vec::new(),
        ..asked
    };
    let search = Search::read(&asked, &period, &projects, &viewer)?;
    let page = reader
        .page(&search, &projects, paging.request.clone(), &viewer)
        .await?;
    Ok(paging.answer(page))
}

pub(in crate::http::api) async fn edit(
    Caller(caller): Caller,
    Query(asked): Query<IssueChoice>,
    Query(period): Query<Period>,
    Json(change): Json<EditIssue>,
    accounts: Data<Accounts>,
    desk: Desk,
    reader: Reader,
) -> Answer {
    let (projects, people) = (accounts.projects().await?, reader.people().await?);
    let choice = choice(&asked, &period, &projects, &reader.viewer(&caller.user, &people))?;
    answer(
        desk.edit(choice, &change, &asked.environment, &caller.user)
            .await?,
    )
}

pub(in crate::http::api) async fn edit_project(
    at: AtProject,
    Query(asked): Query<IssueChoice>,
    Query(period): Query<Period>,
    Json(change): Json<EditIssue>,
    desk: Desk,
    reader: Reader,
) -> Answer {
    let (asked, people) = (asked.of_one_project(), reader.people().await?);
    let viewer = reader.viewer(&at.caller.user, &people);
    let choice = choice(&asked, &period, &[at.project], &viewer)?;
    answer(
        desk.edit(choice, &change, &asked.environment, &at.caller.user)
            .await?,
    )
}

fn answer(done: Done) -> Answer {
    Ok(match done {
        Done::Changed(changed) => HttpResponse::Ok().json(changed),
        Done::Gone => HttpResponse::NoContent().finish(),
    })
}

pub(in crate::http::api) async fn delete(
    Caller(caller): Caller,
    Query(asked): Query<IssueChoice>,
    Query(period): Query<Period>,
    Now(now): Now,
    accounts: Data<Accounts>,
    triage: Data<Triage>,
    reader: Reader,
) -> Answer {
    let (projects, people) = (accounts.projects().await?, reader.people().await?);
    let choice = choice(&asked, &period, &projects, &reader.viewer(&caller.user, &people))?;
    triage.delete(choice, Some(caller.user.id), now).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(in crate::http::api) async fn delete_project(
    at: AtProject,
    Query(asked): Query<IssueChoice>,
    Query(period): Query<Period>,
    Now(now): Now,
    triage: Data<Triage>,
    reader: Reader,
) -> Answer {
    let (asked, people) = (asked.of_one_project(), reader.people().await?);
    let viewer = reader.viewer(&at.caller.user, &people);
    let choice = choice(&asked, &period, &[at.project], &viewer)?;
    triage.delete(choice, Some(at.caller.user.id), now).await?;
    Ok(HttpResponse::NoContent().finish())
}
