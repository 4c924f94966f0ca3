//! How the events of a project are grouped: why, and what other rules would do.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use super::Answer;
use crate::http::api::render;
use crate::http::extract::AtProject;
use crate::regroup::{self, Regroup};

pub(in crate::http::api) async fn explain(
    at: AtProject,
    path: Path<(String, String, String)>,
    regroup: Data<Regroup>,
) -> Answer {
    let event = path.2.parse().map_err(|_| regroup::Error::Missing)?;
    let explanation = regroup.explain(&at.project, event).await?;
    Ok(HttpResponse::Ok().json(render::grouping_info(&explanation)))
}
