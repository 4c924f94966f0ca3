//! A release beside an older one, and whether it may go on.

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::Answer;
use crate::http::api::ask::Against;
use crate::http::api::render;
use crate::http::error::ApiError;
use crate::http::extract::{AtRelease, Now, Query};
use crate::model::Project;
use crate::model::comparison::{Change, Limits};
use crate::rollout::{Ask, Rollout};
use crate::store::Issues;

pub(in crate::http::api) async fn compare(
    at: AtRelease,
    Query(asked): Query<Against>,
    Now(now): Now,
    rollout: Data<Rollout>,
    issues: Data<dyn Issues>,
) -> Answer {
    let (project, ask) = ask(at, asked)?;
    let compared = rollout.compare(&ask).await?;
    let found = &compared.comparison;
    let lists = [
        &found.new,
        &found.regressed,
        &found.worse,
        &found.better,
        &found.gone,
    ];
    let mut known = HashMap::new();
    for change in lists.into_iter().flatten() {
        if let Some(issue) = issues.issue(change.id).await? {
            known.insert(change.id, issue);
        }
    }
    let one = |it: &Change| Some(render::change(it, known.get(&it.id)?, &project, now));
    let list = |changes: &[Change]| changes.iter().filter_map(one).collect();
    Ok(HttpResponse::Ok().json(render::comparison(&ask, &compared, list)))
}

pub(in crate::http::api) async fn verdict(
    at: AtRelease,
    Query(asked): Query<Against>,
    rollout: Data<Rollout>,
) -> Answer {
    let (_, ask) = ask(at, asked)?;
    let compared = rollout.compare(&ask).await?;
    Ok(HttpResponse::Ok().json(render::verdict(&ask, &compared)))
}

/// What is to be compared, in which project.
fn ask(at: AtRelease, asked: Against) -> Result<(Project, Ask), ApiError> {
    let is_named = |project: &Project| {
        let is = |name: &String| *name == project.slug || *name == project.id.to_string();
        asked.project.iter().all(String::is_empty) || asked.project.iter().any(is)
    };
    let mut meant = at.releases.into_iter().filter(|(project, _)| is_named(project));
    let (project, release) = match (meant.next(), meant.next()) {
        (Some(one), None) => one,
        (None, _) => {
            return Err(ApiError::NotFound(
                "There is no such release in this project.".to_owned(),
            ));
        }
        (Some(_), Some(_)) => {
            let detail = "Several projects have such a release: name one with project.";
            return Err(ApiError::bad_request(detail));
        }
    };
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let ask = Ask {
        project: project.id,
        version: release.version,
        baseline: given(asked.baseline),
        environment: given(asked.environment),
        limits: Limits {
            max_new: asked.max_new,
        },
    };
    Ok((project, ask))
}
