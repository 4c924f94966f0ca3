//! Alert rules: every member reads them and asks what one would have done, owners and admins change them.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path};

use super::Answer;
use crate::accounts::{Accounts, Identity, Permission};
use crate::alerts::book::{self, Book};
use crate::http::api::ask::{AlertRuleSearch, EditAlertRule};
use crate::http::api::render;
use crate::http::api::search::chosen;
use crate::http::api::wanted::{self, Around};
use crate::http::error::ApiError;
use crate::http::extract::{Caller, Now, Query};
use crate::model::alert::{AlertRule, RuleId};

pub(in crate::http::api) async fn list(
    _: Caller,
    Query(asked): Query<AlertRuleSearch>,
    book: Data<Book>,
    accounts: Data<Accounts>,
) -> Answer {
    let (projects, people) = (accounts.projects().await?, accounts.people().await?);
    let among = chosen(&asked.project, &projects)?;
    let rules = book.rules().await?;
    let watching = rules
        .iter()
        .filter(|rule| rule.project.is_none_or(|project| among.contains(&project)));
    let mut shown = Vec::new();
    for rule in watching {
        let fired = book.last_fired(rule.id).await?;
        shown.push(render::alert_rule(rule, fired, &projects, &people));
    }
    Ok(HttpResponse::Ok().json(shown))
}

pub(in crate::http::api) async fn create(
    Caller(caller): Caller,
    Json(asked): Json<EditAlertRule>,
    Now(now): Now,
    book: Data<Book>,
    accounts: Data<Accounts>,
) -> Answer {
    caller.require(Permission::ManageAlerts)?;
    let rule = read(AlertRule::blank(caller.user.id, now), asked, &caller, &accounts).await?;
    let rule = book.create_rule(rule).await?;
    shown(HttpResponse::Created(), &rule, &book, &accounts).await
}

pub(in crate::http::api) async fn show(
    _: Caller,
    path: Path<(String, String)>,
    book: Data<Book>,
    accounts: Data<Accounts>,
) -> Answer {
    let rule = book.rule(id(&path.1)?).await?;
    shown(HttpResponse::Ok(), &rule, &book, &accounts).await
}

pub(in crate::http::api) async fn edit(
    Caller(caller): Caller,
    path: Path<(String, String)>,
    Json(asked): Json<EditAlertRule>,
    book: Data<Book>,
    accounts: Data<Accounts>,
) -> Answer {
    caller.require(Permission::ManageAlerts)?;
    let rule = book.rule(id(&path.1)?).await?;
    let rule = read(rule, asked, &caller, &accounts).await?;
    book.save_rule(&rule).await?;
    shown(HttpResponse::Ok(), &rule, &book, &accounts).await
}

pub(in crate::http::api) async fn delete(
    Caller(caller): Caller,
    path: Path<(String, String)>,
    book: Data<Book>,
) -> Answer {
    caller.require(Permission::ManageAlerts)?;
    book.delete_rule(id(&path.1)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(super) async fn read(
    rule: AlertRule,
    asked: EditAlertRule,
    caller: &Identity,
    accounts: &Accounts,
) -> Result<AlertRule, ApiError> {
    let around = Around {
        me: &caller.user,
        people: &accounts.people().await?,
        projects: &accounts.projects().await?,
    };
    wanted::rule(rule, asked, &around)
}

async fn shown(
    mut response: actix_web::HttpResponseBuilder,
    rule: &AlertRule,
    book: &Book,
    accounts: &Accounts,
) -> Answer {
    let fired = book.last_fired(rule.id).await?;
    let (projects, people) = (accounts.projects().await?, accounts.people().await?);
    Ok(response.json(render::alert_rule(rule, fired, &projects, &people)))
}

fn id(text: &str) -> book::Result<RuleId> {
    text.parse().map(RuleId).map_err(|_| book::Error::Missing("rule"))
}
