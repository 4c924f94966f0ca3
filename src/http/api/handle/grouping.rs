//! How the events of a project are grouped: why, by which rules, and what other rules would do.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path};

use super::Answer;
use crate::accounts::{Accounts, Permission};
use crate::http::api::ask::{EditGrouping, GroupingSearch, Rules};
use crate::http::api::render;
use crate::http::error::ApiError;
use crate::http::extract::{AtProject, Now, Query};
use crate::model::{GroupingRules, Project};
use crate::regroup::{self, Others, Regroup};

/// The most issues that an event is compared with unasked.
const MOST_NEAR: usize = 5;

pub(in crate::http::api) async fn explain(
    at: AtProject,
    path: Path<(String, String, String)>,
    Query(asked): Query<GroupingSearch>,
    regroup: Data<Regroup>,
) -> Answer {
    let read = |id: &String| id.parse().map_err(|_| regroup::Error::Missing);
    let others = Others {
        nearest: asked.nearest.unwrap_or(MOST_NEAR).min(MOST_NEAR),
        event: asked.compare.as_ref().map(read).transpose()?,
    };
    let explanation = regroup.explain(&at.project, read(&path.2)?, others).await?;
    Ok(HttpResponse::Ok().json(render::grouping_info(&explanation, &at.project)))
}

pub(in crate::http::api) async fn show(
    at: AtProject,
    regroup: Data<Regroup>,
    accounts: Data<Accounts>,
) -> Answer {
    shown(&at.project, &regroup, &accounts).await
}

pub(in crate::http::api) async fn preview(
    at: AtProject,
    Json(asked): Json<Rules>,
    regroup: Data<Regroup>,
) -> Answer {
    at.caller.require(Permission::ManageProjects)?;
    let preview = regroup.preview(&at.project, &rules(asked)).await?;
    Ok(HttpResponse::Ok().json(render::grouping_preview(&preview, &at.project)))
}

pub(in crate::http::api) async fn edit(
    at: AtProject,
    Json(asked): Json<EditGrouping>,
    Now(now): Now,
    regroup: Data<Regroup>,
    accounts: Data<Accounts>,
) -> Answer {
    at.caller.require(Permission::ManageProjects)?;
    let rules = rules(asked.rules);
    let project = match asked.apply_to.as_str() {
        "new" => regroup.save(at.project, rules).await?,
        "history" => {
            let who = Some(at.caller.user.id);
            regroup.apply(at.project, rules, who, now).await?
        }
        _ => return Err(ApiError::bad_request("applyTo is new or history.")),
    };
    shown(&project, &regroup, &accounts).await
}

pub(in crate::http::api) async fn undo(
    at: AtProject,
    Now(now): Now,
    regroup: Data<Regroup>,
    accounts: Data<Accounts>,
) -> Answer {
    at.caller.require(Permission::ManageProjects)?;
    let who = Some(at.caller.user.id);
    let project = regroup.undo(at.project, who, now).await?;
    shown(&project, &regroup, &accounts).await
}

async fn shown(project: &Project, regroup: &Regroup, accounts: &Accounts) -> Answer {
    let job = regroup.job(project).await?;
    let people = accounts.people().await?;
    Ok(HttpResponse::Ok().json(render::project_grouping(project, job.as_ref(), &people)))
}

fn rules(asked: Rules) -> GroupingRules {
    GroupingRules {
        stack: asked.grouping_enhancements,
        fingerprint: asked.fingerprinting_rules,
    }
}
