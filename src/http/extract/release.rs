//! The release that an address names, of one project or of all that have it. 404 when none has.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use percent_encoding::percent_decode_str;

use super::caller::{Caller, authenticate};
use super::service::service;
use crate::accounts::{Accounts, Identity};
use crate::http::error::ApiError;
use crate::model::{Project, Release};
use crate::store::Releases;

/// `{version}`, below a `{project}` or not.
#[derive(Debug)]
pub struct AtRelease {
    /// Who asks.
    pub caller: Identity,
    /// The release in each project that has it: at least one.
    pub releases: Vec<(Project, Release)>,
}

impl FromRequest for AtRelease {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let Caller(caller) = authenticate(&request).await?;
            let accounts = service::<Accounts>(&request)?;
            let projects = match request.match_info().get("project") {
                Some(name) => vec![accounts.project(name).await?],
                None => accounts.projects().await?,
            };
            // The router leaves `%2B` as it is, and versions have a plus before their build.
            let version = percent_decode_str(request.match_info().query("version")).decode_utf8_lossy();
            let store = service::<dyn Releases>(&request)?;
            let releases = find_release(store.as_ref(), projects, &version).await?;
            Ok(Self { caller, releases })
        })
    }
}

/// The release of this name in each of the projects that has it.
pub async fn find_release(
    store: &dyn Releases,
    projects: Vec<Project>,
    version: &str,
) -> Result<Vec<(Project, Release)>, ApiError> {
    let mut found = Vec::new();
    for project in projects {
        let release = store.release(project.id, version).await?;
        found.extend(release.map(|release| (project, release)));
    }
    if found.is_empty() {
        return Err(ApiError::NotFound("There is no such release.".to_owned()));
    }
    Ok(found)
}
