//! The caller: who they are and what they change about themselves.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};

use super::Answer;
use crate::accounts::{Accounts, EditProfile, scopes};
use crate::http::api::ask::EditMe;
use crate::http::api::shape::{Index, IndexAuth, Region, Regions};
use crate::http::api::{Site, render};
use crate::http::extract::{Caller, Now, Origin};

pub(in crate::http::api) async fn index(caller: Option<Caller>) -> Answer {
    let identity = caller.map(|Caller(identity)| identity);
    Ok(HttpResponse::Ok().json(Index {
        version: "0",
        auth: identity.as_ref().map(|it| IndexAuth {
            scopes: scopes(it.user.role),
        }),
        user: identity.as_ref().map(|it| render::user(&it.user)),
    }))
}

pub(in crate::http::api) async fn show(Caller(caller): Caller) -> Answer {
    Ok(HttpResponse::Ok().json(render::me(&caller)))
}

pub(in crate::http::api) async fn edit(
    Caller(mut caller): Caller,
    Json(asked): Json<EditMe>,
    Origin(origin): Origin,
    Now(now): Now,
    accounts: Data<Accounts>,
) -> Answer {
    let edit = EditProfile {
        name: asked.name,
        email: asked.email,
        password: asked.password,
        current_password: asked.current_password,
    };
    caller.user = accounts.edit_profile(&caller, edit, origin, now).await?;
    Ok(HttpResponse::Ok().json(render::me(&caller)))
}

pub(in crate::http::api) async fn regions(_: Caller, site: Data<Site>) -> Answer {
    let here = Region {
        name: "default".to_owned(),
        url: site.url.clone(),
    };
    Ok(HttpResponse::Ok().json(Regions { regions: vec![here] }))
}
