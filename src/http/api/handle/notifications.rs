//! What members want by e-mail: their own, and the links by which mail is stopped without signing in.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path};

use super::Answer;
use crate::alerts::book::Book;
use crate::http::api::ask::EditNotifications;
use crate::http::api::shape::Unsubscription;
use crate::http::api::{render, wanted};
use crate::http::extract::Caller;
use crate::model::User;
use crate::model::alert::Mailing;

pub(in crate::http::api) async fn show(Caller(caller): Caller, book: Data<Book>) -> Answer {
    let wanted = book.preferences(caller.user.id).await?;
    Ok(HttpResponse::Ok().json(render::notifications(&wanted)))
}

pub(in crate::http::api) async fn edit(
    Caller(caller): Caller,
    Json(asked): Json<EditNotifications>,
    book: Data<Book>,
) -> Answer {
    let kept = book.preferences(caller.user.id).await?;
    let wanted = wanted::preferences(kept, asked)?;
    book.prefer(caller.user.id, &wanted).await?;
    Ok(HttpResponse::Ok().json(render::notifications(&wanted)))
}

/// What following the link would do: mail is scanned by programs that follow every link in it.
pub(in crate::http::api) async fn unsubscription(token: Path<String>, book: Data<Book>) -> Answer {
    shown(book.follow_unsubscribe(&token).await?)
}

/// One click (RFC 8058): whatever the body says, since the link alone says everything.
pub(in crate::http) async fn unsubscribe(token: Path<String>, book: Data<Book>) -> Answer {
    shown(book.unsubscribe(&token).await?)
}

fn shown((member, from): (User, Mailing)) -> Answer {
    Ok(HttpResponse::Ok().json(Unsubscription {
        from: from.name(),
        email: member.email,
    }))
}
