//! What became of everything that arrived.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::Answer;
use crate::accounts::Accounts;
use crate::http::api::ask::{OutcomeSearch, Period};
use crate::http::api::period::{Span, step};
use crate::http::api::render::{self, Grouping};
use crate::http::api::search::chosen;
use crate::http::error::ApiError;
use crate::http::extract::{Caller, Now, Query};
use crate::model::timeline::Timeline;
use crate::store::{Journal, Stats};

/// What is counted: there is one thing.
const FIELD: &str = "sum(quantity)";

pub(in crate::http::api) async fn show(
    _: Caller,
    Query(asked): Query<OutcomeSearch>,
    Query(period): Query<Period>,
    Now(now): Now,
    accounts: Data<Accounts>,
    stats: Data<dyn Stats>,
    journal: Data<dyn Journal>,
) -> Answer {
    if asked.field.as_deref().is_some_and(|field| field != FIELD) {
        return Err(ApiError::bad_request("field is sum(quantity)."));
    }
    let grouping = |name: &String| Grouping::parse(name);
    let by: Option<Vec<_>> = asked.group_by.iter().map(grouping).collect();
    let by = by.ok_or_else(|| ApiError::bad_request("groupBy is outcome, category, reason or project."))?;
    let step = step(asked.interval.as_deref())?;
    let span = Span::read(&period, step, now)?;
    let span = span.map_or_else(|| Span::last("24h", step, now), Ok)?;
    let projects = chosen(&asked.project, &accounts.projects().await?)?;
    let pending = journal.backlog().items;
    let mut rows = stats.outcomes(&projects, span.range).await?;
    rows.retain(|row| is_asked(&asked.category, row.category.as_str()));
    let counted = rows
        .iter()
        .filter(|row| row.outcome.is_received() && !row.category.is_bytes());
    let received = counted
        .map(|row| Timeline::new(&row.hours, span.range, span.step).total())
        .sum();
    rows.retain(|row| is_asked(&asked.outcome, row.outcome.name()) && is_asked(&asked.reason, &row.reason));
    Ok(HttpResponse::Ok().json(render::outcomes(&rows, &by, &span, received, pending)))
}

/// Whether a filter lets `name` through; an empty one lets everything through.
fn is_asked(filter: &[String], name: &str) -> bool {
    filter.is_empty() || filter.iter().any(|it| it == name)
}
