//! The project or issue that an address names, found for a caller who may see it. 404 when there is none.
//!
//! Each authenticates first: a stranger learns nothing from the difference between 401 and 404.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;

use super::caller::{Caller, authenticate};
use super::service::service;
use crate::accounts::{Accounts, Identity};
use crate::http::error::ApiError;
use crate::model::{Issue, IssueId, Project, ShortId};
use crate::store::Issues;

/// `{project}`, a slug or an id.
#[derive(Debug)]
pub struct AtProject {
    /// Who asks.
    pub caller: Identity,
    /// The project.
    pub project: Project,
}

/// `{issue}`, an id or a short id.
#[derive(Debug)]
pub struct AtIssue {
    /// Who asks.
    pub caller: Identity,
    /// The issue.
    pub issue: Issue,
    /// The project that it belongs to.
    pub project: Project,
}

impl FromRequest for AtProject {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let Caller(caller) = authenticate(&request).await?;
            let name = request.match_info().get("project").unwrap_or_default();
            let project = service::<Accounts>(&request)?.project(name).await?;
            Ok(Self { caller, project })
        })
    }
}

impl FromRequest for AtIssue {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let Caller(caller) = authenticate(&request).await?;
            let issues = service::<dyn Issues>(&request)?;
            let name = request.match_info().get("issue").unwrap_or_default();
            let issue = find_issue(issues.as_ref(), name)
                .await?
                .ok_or_else(Self::missing)?;
            let project = service::<Accounts>(&request)?
                .project(&issue.project.to_string())
                .await?;
            Ok(Self {
                caller,
                issue,
                project,
            })
        })
    }
}

impl AtIssue {
    /// What is said when there is none.
    pub fn missing() -> ApiError {
        ApiError::NotFound("There is no such issue.".to_owned())
    }
}

/// The issue with this id or short id.
pub async fn find_issue(issues: &dyn Issues, name: &str) -> Result<Option<Issue>, ApiError> {
    if let Ok(id) = name.parse() {
        return Ok(issues.issue(IssueId(id)).await?);
    }
    match name.parse::<ShortId>() {
        Ok(short_id) => Ok(issues.by_short_id(&short_id).await?),
        Err(_) => Ok(None),
    }
}
