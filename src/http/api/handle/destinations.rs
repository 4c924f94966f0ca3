//! Destinations: every member sees them without their secrets, owners and admins change and try them.

use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde_json::Value;

use super::Answer;
use crate::accounts::Permission;
use crate::alerts::book::{self, Book};
use crate::http::api::ask::{AskTest, EditDestination};
use crate::http::api::shape::{self, Tested};
use crate::http::api::{Site, render, wanted};
use crate::http::error::ApiError;
use crate::http::extract::{Caller, Now};
use crate::model::alert::{Channel, Destination, DestinationId};
use crate::notify::policy::Verdict;
use crate::notify::{Message, Notify};

pub(in crate::http::api) async fn list(_: Caller, book: Data<Book>) -> Answer {
    let all = book.destinations().await?;
    Ok(HttpResponse::Ok().json(rendered(&all, &book).await?))
}

pub(in crate::http::api) async fn create(
    Caller(caller): Caller,
    Json(asked): Json<EditDestination>,
    Now(created): Now,
    book: Data<Book>,
) -> Answer {
    caller.require(Permission::ManageAlerts)?;
    let destination = Destination {
        id: DestinationId::default(),
        name: asked.name.unwrap_or_default().trim().to_owned(),
        channel: wanted::channel(asked.channel.unwrap_or(Value::Null), None)?,
        created,
    };
    let destination = book.create_destination(destination).await?;
    shown(HttpResponse::Created(), &destination, &book).await
}

pub(in crate::http::api) async fn show(_: Caller, path: Path<(String, String)>, book: Data<Book>) -> Answer {
    let destination = book.destination(id(&path.1)?).await?;
    shown(HttpResponse::Ok(), &destination, &book).await
}

pub(in crate::http::api) async fn edit(
    Caller(caller): Caller,
    path: Path<(String, String)>,
    Json(asked): Json<EditDestination>,
    book: Data<Book>,
) -> Answer {
    caller.require(Permission::ManageAlerts)?;
    let mut destination = book.destination(id(&path.1)?).await?;
    if let Some(name) = asked.name {
        destination.name = name.trim().to_owned();
    }
    if let Some(channel) = asked.channel {
        destination.channel = wanted::channel(channel, Some(&destination.channel))?;
    }
    book.save_destination(&destination).await?;
    shown(HttpResponse::Ok(), &destination, &book).await
}

pub(in crate::http::api) async fn delete(
    Caller(caller): Caller,
    path: Path<(String, String)>,
    book: Data<Book>,
) -> Answer {
    caller.require(Permission::ManageAlerts)?;
    book.delete_destination(id(&path.1)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Tells something that is nothing, and shows the answer as it came.
pub(in crate::http::api) async fn test(
    Caller(caller): Caller,
    Json(asked): Json<AskTest>,
    Now(now): Now,
    book: Data<Book>,
    notify: Data<Notify>,
    site: Data<Site>,
) -> Answer {
    let channel = match asked {
        AskTest {
            mail: true,
            destination: None,
            channel: None,
        } => Channel::Email {
            to: vec![caller.user.email.clone()],
        },
        AskTest {
            mail: false,
            destination,
            channel,
        } => {
            caller.require(Permission::ManageAlerts)?;
            to_be_tried(destination.as_deref(), channel, &book).await?
        }
        AskTest { mail: true, .. } => return Err(ApiError::bad_request("mail stands alone.")),
    };
    let sent = notify.send(&channel, &Message::sample(&site.url, now), now).await;
    Ok(HttpResponse::Ok().json(Tested {
        delivered: sent.verdict == Verdict::Taken,
        status: sent.attempt.status,
        answer: sent.attempt.answer,
        millis: sent.attempt.millis,
    }))
}

async fn to_be_tried(saved: Option<&str>, asked: Option<Value>, book: &Book) -> Result<Channel, ApiError> {
    let saved = match saved {
        Some(text) => Some(book.destination(id(text)?).await?.channel),
        None => None,
    };
    match (saved, asked) {
        (Some(saved), None) => Ok(saved),
        (saved, Some(asked)) => {
            let channel = wanted::channel(asked, saved.as_ref())?;
            Book::check_channel(&channel)?;
            Ok(channel)
        }
        (None, None) => Err(ApiError::bad_request(
            "One of destination, channel and mail is needed.",
        )),
    }
}

async fn shown(mut response: HttpResponseBuilder, destination: &Destination, book: &Book) -> Answer {
    let shown = rendered(std::slice::from_ref(destination), book).await?;
    Ok(response.json(shown.first()))
}

async fn rendered(destinations: &[Destination], book: &Book) -> book::Result<Vec<shape::Destination>> {
    let rules = book.rules().await?;
    let fared = book.fared(destinations).await?;
    let each = destinations.iter().zip(fared);
    Ok(each
        .map(|(it, fared)| render::destination(it, &rules, fared))
        .collect())
}

fn id(text: &str) -> book::Result<DestinationId> {
    let missing = |_| book::Error::Missing("destination");
    text.parse().map(DestinationId).map_err(missing)
}
