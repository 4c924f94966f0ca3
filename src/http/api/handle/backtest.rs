//! What a rule would have done, before it is saved.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};

use super::Answer;
use super::alert_rules::read;
use crate::accounts::Accounts;
use crate::alerts::backtest::{Backtest, MAX_DAYS};
use crate::alerts::book::Book;
use crate::http::api::ask::AskBacktest;
use crate::http::api::{render, shape};
use crate::http::error::ApiError;
use crate::http::extract::{Caller, Now};
use crate::model::alert::{Action, AlertRule, Whom};
use crate::model::timeline::{DAY, HOUR, at};
use crate::model::{Project, TimeRange, Timeline};
use crate::store::Stats;

pub(in crate::http::api) async fn run(
    Caller(caller): Caller,
    Json(asked): Json<AskBacktest>,
    Now(now): Now,
    accounts: Data<Accounts>,
    book: Data<Book>,
    backtest: Data<Backtest>,
    stats: Data<dyn Stats>,
) -> Answer {
    let days = days(asked.days)?;
    let nobody = AlertRule {
        name: "Backtest".to_owned(),
        actions: vec![Action::Mail { to: Whom::Everyone }],
        ..AlertRule::blank(caller.user.id, now)
    };
    let rule = read(nobody, asked.rule, &caller, &accounts).await?;
    book.check(&rule).await?;
    let mut projects = accounts.projects().await?;
    projects.retain(|project| rule.project.is_none_or(|only| only == project.id));
    let tried = backtest.run(rule, days, now).await?;
    let range = TimeRange {
        start: at(now.as_second() - days * DAY),
        end: now,
    };
    let moments = tried.firings.iter().filter_map(|fired| {
        let project = projects.iter().find(|it| it.id == fired.project)?;
        Some(render::moment(fired, project))
    });
    Ok(HttpResponse::Ok().json(shape::Backtest {
        days,
        start: range.start,
        end: range.end,
        fired: tried.fired,
        until: tried.until,
        moments: moments.collect(),
        hours: hours(stats.as_ref(), &projects, range).await?,
    }))
}

fn days(asked: Option<i64>) -> Result<i64, ApiError> {
    let days = asked.unwrap_or(MAX_DAYS);
    let refusal = || ApiError::refused("The rule cannot be tried.", ["days: is 1 to 14"]);
    Some(days)
        .filter(|days| (1..=MAX_DAYS).contains(days))
        .ok_or_else(refusal)
}

/// Events of all of the projects, by hour.
async fn hours(
    stats: &dyn Stats,
    projects: &[Project],
    range: TimeRange,
) -> Result<Vec<(i64, u64)>, ApiError> {
    let mut all = Vec::new();
    for project in projects {
        all.extend(stats.project_hours(project.id, range).await?);
    }
    Ok(Timeline::new(&all, range, HOUR).buckets)
}
