//! The members of the organisation.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path};

use super::Answer;
use crate::accounts::{Accounts, parse_role};
use crate::http::api::ask::{EditMember, Invite};
use crate::http::api::shape::{NewLink, NewMember};
use crate::http::api::{Site, render};
use crate::http::error::ApiError;
use crate::http::extract::{Caller, Now};
use crate::model::Role;

pub(in crate::http::api) async fn list(Caller(caller): Caller, accounts: Data<Accounts>) -> Answer {
    let members = accounts.members(&caller).await?;
    Ok(HttpResponse::Ok().json(members.iter().map(render::member).collect::<Vec<_>>()))
}

/// Those whom issues can be assigned to: every member may know them.
pub(in crate::http::api) async fn people(_: Caller, accounts: Data<Accounts>) -> Answer {
    let people = accounts.people().await?;
    Ok(HttpResponse::Ok().json(people.iter().map(render::user).collect::<Vec<_>>()))
}

pub(in crate::http::api) async fn invite(
    Caller(caller): Caller,
    Json(asked): Json<Invite>,
    Now(now): Now,
    accounts: Data<Accounts>,
    site: Data<Site>,
) -> Answer {
    let name = asked.name.as_deref().filter(|name| !name.trim().is_empty());
    let invited = accounts
        .invite(&caller, &asked.email, role(&asked.role)?, name, now)
        .await?;
    let invite_link = site.sign_in_link(&invited.token);
    Ok(HttpResponse::Created().json(NewMember {
        member: render::member(&invited.user),
        invite_link,
    }))
}

pub(in crate::http::api) async fn edit(
    Caller(caller): Caller,
    at: Path<(String, String)>,
    Json(asked): Json<EditMember>,
    accounts: Data<Accounts>,
) -> Answer {
    let new_role = asked.role.as_deref().map(role).transpose()?;
    let (_, id) = at.into_inner();
    let member = accounts
        .edit_member(&caller, &id, new_role, asked.name.as_deref())
        .await?;
    Ok(HttpResponse::Ok().json(render::member(&member)))
}

pub(in crate::http::api) async fn remove(
    Caller(caller): Caller,
    at: Path<(String, String)>,
    accounts: Data<Accounts>,
) -> Answer {
    let (_, id) = at.into_inner();
    accounts.remove_member(&caller, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(in crate::http::api) async fn renew_link(
    Caller(caller): Caller,
    at: Path<(String, String)>,
    Now(now): Now,
    accounts: Data<Accounts>,
    site: Data<Site>,
) -> Answer {
    let (_, id) = at.into_inner();
    let token = accounts.renew_link(&caller, &id, now).await?;
    let invite_link = site.sign_in_link(&token);
    Ok(HttpResponse::Created().json(NewLink { invite_link }))
}

fn role(name: &str) -> Result<Role, ApiError> {
    parse_role(name).ok_or_else(|| ApiError::bad_request("role is owner, admin or member."))
}
