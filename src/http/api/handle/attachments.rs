//! Files that came with events. What is in them was written by strangers: a browser must not run it.

use actix_web::HttpResponse;
use actix_web::http::header::{
    CONTENT_SECURITY_POLICY, ContentDisposition, DispositionParam, DispositionType, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::web::{Data, Path};

use super::Answer;
use crate::http::api::ask::Download;
use crate::http::api::render;
use crate::http::error::ApiError;
use crate::http::extract::{AtProject, Query};
use crate::model::Attachment;
use crate::store::{Blobs, Issues};

pub(in crate::http::api) async fn list(
    at: AtProject,
    path: Path<(String, String, String)>,
    issues: Data<dyn Issues>,
) -> Answer {
    let files = attachments(issues.as_ref(), &at, &path.2).await?;
    Ok(HttpResponse::Ok().json(files.iter().map(render::attachment).collect::<Vec<_>>()))
}

pub(in crate::http::api) async fn show(
    at: AtProject,
    path: Path<(String, String, String, String)>,
    Query(asked): Query<Download>,
    issues: Data<dyn Issues>,
    blobs: Data<dyn Blobs>,
) -> Answer {
    let mut files = attachments(issues.as_ref(), &at, &path.2).await?.into_iter();
    let file = files
        .find(|file| file.number.to_string() == path.3)
        .ok_or_else(missing)?;
    if asked.download.is_none() {
        return Ok(HttpResponse::Ok().json(render::attachment(&file)));
    }
    let bytes = blobs.get(file.blob).await?.ok_or_else(missing)?;
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header(as_file(&file.name))
        .insert_header((CONTENT_SECURITY_POLICY, "sandbox"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(bytes))
}

async fn attachments(issues: &dyn Issues, at: &AtProject, event: &str) -> Result<Vec<Attachment>, ApiError> {
    let event = event.parse().map_err(|_| missing())?;
    Ok(issues.attachments(at.project.id, event).await?)
}

/// A name with anything but plain letters stands in the extended form, which browsers read too.
fn as_file(name: &str) -> ContentDisposition {
    let name: String = name
        .chars()
        .map(|c| {
            if c.is_control() || "\"\\/".contains(c) {
                '_'
            } else {
                c
            }
        })
        .collect();
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![if name.is_ascii() {
            DispositionParam::Filename(name)
        } else {
            DispositionParam::FilenameExt(actix_web::http::header::ExtendedValue {
                charset: actix_web::http::header::Charset::Ext("UTF-8".to_owned()),
                language_tag: None,
                value: name.into_bytes(),
            })
        }],
    }
}

fn missing() -> ApiError {
    ApiError::NotFound("There is no such attachment.".to_owned())
}
