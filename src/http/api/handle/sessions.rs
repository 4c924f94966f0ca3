//! Sessions over time: how often releases ran, and how well.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::Answer;
use crate::accounts::Accounts;
use crate::http::api::ask::{Period, SessionSearch};
use crate::http::api::period::{Span, step};
use crate::http::api::render::{self, Field, SessionGroups};
use crate::http::api::search::chosen;
use crate::http::error::ApiError;
use crate::http::extract::{Caller, Now, Query};
use crate::model::session::HealthQuery;
use crate::store::Releases;

pub(in crate::http::api) async fn show(
    _: Caller,
    Query(asked): Query<SessionSearch>,
    Query(period): Query<Period>,
    Now(now): Now,
    accounts: Data<Accounts>,
    releases: Data<dyn Releases>,
) -> Answer {
    let step = step(asked.interval.as_deref())?;
    let span = Span::read(&period, step, now)?;
    let span = span.map_or_else(|| Span::last("90d", step, now), Ok)?;
    let fields = fields(&asked.field)?;
    let groups = groups(&asked.group_by)?;
    let text = asked.query.unwrap_or_default();
    let mut query = HealthQuery {
        projects: chosen(&asked.project, &accounts.projects().await?)?,
        range: span.range,
        releases: Vec::new(),
        environments: asked
            .environment
            .into_iter()
            .filter(|it| !it.is_empty())
            .collect(),
        apart: groups.apart,
    };
    search(&text, &mut query)?;
    let mut rows = releases.health(&query).await?;
    // What has only events is no session of zero length.
    rows.retain(|row| row.total().sessions.started > 0);
    Ok(HttpResponse::Ok().json(render::sessions(&rows, &fields, groups, &span, text)))
}

fn fields(names: &[String]) -> Result<Vec<(String, Field)>, ApiError> {
    if names.is_empty() {
        return Err(ApiError::bad_request("field is needed, such as sum(session)."));
    }
    let field = |name: &String| {
        let field = Field::parse(name);
        let field = field.ok_or_else(|| ApiError::bad_request(format!("There is no field {name}.")))?;
        Ok((name.clone(), field))
    };
    names.iter().map(field).collect()
}

fn groups(names: &[String]) -> Result<SessionGroups, ApiError> {
    let mut groups = SessionGroups::default();
    for name in names {
        match name.as_str() {
            "project" => groups.apart.projects = true,
            "release" => groups.apart.releases = true,
            "environment" => groups.apart.environments = true,
            "session.status" => groups.by_status = true,
            _ => {
                return Err(ApiError::bad_request(
                    "groupBy is project, release, environment or session.status.",
                ));
            }
        }
    }
    Ok(groups)
}

/// Narrows `query` down by words such as `release:shop@1.0` and `environment:"my lab"`; in quotation marks, a backslash
/// makes the next character an ordinary one.
fn search(text: &str, query: &mut HealthQuery) -> Result<(), ApiError> {
    let refused = || ApiError::bad_request("query is made of release: and environment:.");
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (key, value) = rest.split_once(':').ok_or_else(refused)?;
        let (value, behind) = match value.strip_prefix('"') {
            Some(quoted) => unquote(quoted).ok_or_else(refused)?,
            None => {
                let (word, behind) = value.split_once(char::is_whitespace).unwrap_or((value, ""));
                (word.to_owned(), behind)
            }
        };
        match key {
            "release" => query.releases.push(value),
            "environment" => query.environments.push(value),
            _ => return Err(refused()),
        }
        rest = behind.trim();
    }
    Ok(())
}

/// What stands before the closing quotation mark, and what behind it.
fn unquote(text: &str) -> Option<(String, &str)> {
    let (mut value, mut characters) = (String::new(), text.chars());
    loop {
        match characters.next()? {
            '"' => return Some((value, characters.as_str())),
            '\\' => value.push(characters.next()?),
            other => value.push(other),
        }
    }
}
