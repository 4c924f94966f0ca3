//! How the installation fares.

use actix_web::HttpResponse;
use actix_web::web::Data;
use jiff::Timestamp;

use super::Answer;
use crate::accounts::{Accounts, Permission};
use crate::alerts::book::Book;
use crate::http::api::Run;
use crate::http::api::shape::{Health, LoopFailures};
use crate::http::error::ApiError;
use crate::http::extract::{Caller, Now};
use crate::http::health::{age, resident_bytes};
use crate::model::PageRequest;
use crate::model::timeline::{HOUR, TimeRange};
use crate::store::{Deliveries, Error, Journal, Stats};

/// More undelivered messages than this are as bad.
const MOST_UNDELIVERED: usize = 100;

pub(in crate::http::api) async fn show(
    Caller(caller): Caller,
    Now(now): Now,
    run: Data<Run>,
    accounts: Data<Accounts>,
    book: Data<Book>,
    stats: Data<dyn Stats>,
    journal: Data<dyn Journal>,
) -> Answer {
    caller.require(Permission::Oversee)?;
    let backlog = journal.backlog();
    let page = PageRequest::first(MOST_UNDELIVERED);
    let undelivered = book.deliveries(Deliveries::Undelivered, page).await?.items.len();
    let failures = run.failures.all().into_iter();
    Ok(HttpResponse::Ok().json(Health {
        version: env!("CARGO_PKG_VERSION"),
        started: run.started,
        memory: resident_bytes(),
        refusal: refusal(stats.writable().await)?,
        waiting: backlog.entries,
        waiting_bytes: backlog.bytes,
        lag: age(backlog.oldest, now),
        items_per_second: rate(&accounts, stats.as_ref(), now).await?,
        dead_letters: stats.dead_letters().await?,
        undelivered,
        repaired: run.repaired,
        failures: failures
            .map(|(name, times)| LoopFailures { name, times })
            .collect(),
    }))
}

/// That there is no room is told, what else went wrong is no answer.
fn refusal(writable: Result<(), Error>) -> Result<Option<String>, ApiError> {
    match writable {
        Ok(()) => Ok(None),
        Err(full @ Error::Full(_)) => Ok(Some(full.to_string())),
        Err(other) => Err(other.into()),
    }
}

/// Items a second that got an outcome, since the hour before this one began: outcomes are counted by hour.
async fn rate(accounts: &Accounts, stats: &dyn Stats, now: Timestamp) -> Result<f64, ApiError> {
    let projects: Vec<_> = accounts.projects().await?.iter().map(|it| it.id).collect();
    let range = TimeRange::last(2 * HOUR, HOUR, now);
    let mut rows = stats.outcomes(&projects, range).await?;
    // What clients did not send was not processed here, and bytes are no items.
    rows.retain(|row| row.outcome.is_received() && !row.category.is_bytes());
    let items: u64 = rows
        .iter()
        .flat_map(|row| &row.hours)
        .map(|(_, count)| count)
        .sum();
    let seconds = now.as_second() - range.start.as_second();
    Ok(items as f64 / seconds.max(1) as f64)
}
