//! Pages of a list: which one is asked for, and the `Link` header that leads to those beside it.
//!
//! ```text
//! <http://host/api/0/…?cursor=a>; rel="previous"; results="false"; cursor="a", <…>; rel="next"; results="true"; cursor="b"
//! ```
//!
//! A cursor is opaque here: the store makes it and reads it.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::LINK;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use serde::Serialize;

use super::query::Query;
use super::service::service;
use crate::http::api::Site;
use crate::http::api::ask;
use crate::http::error::ApiError;
use crate::model::{Cursor, Page, PageRequest};

/// Entries of a page unless it is told how many.
const USUAL: usize = 25;
/// The most entries of a page.
const MOST: usize = 100;
/// The most bytes of a cursor: the store's own are far shorter.
const MAX_CURSOR: usize = 1_024;

/// The page that is asked for, and the address that its neighbours get.
#[derive(Debug)]
pub struct Paging {
    /// What the store is asked.
    pub request: PageRequest,
    url: String,
    query: Vec<(String, String)>,
}

impl FromRequest for Paging {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(read(request, payload))
    }
}

fn read(request: &HttpRequest, payload: &mut Payload) -> Result<Paging, ApiError> {
    let Query(asked) = Query::<ask::Paging>::from_request(request, payload).into_inner()?;
    let Query(mut query) = Query::<Vec<(String, String)>>::from_request(request, payload).into_inner()?;
    query.retain(|(key, _)| key != "cursor");
    let limit = match asked.per_page.or(asked.limit) {
        None => USUAL,
        Some(text) => text
            .parse()
            .map_err(|_| ApiError::bad_request("per_page is a number from 1 to 100."))?,
    };
    let cursor = asked.cursor.filter(|cursor| !cursor.is_empty());
    if cursor.as_ref().is_some_and(|cursor| cursor.len() > MAX_CURSOR) {
        return Err(ApiError::bad_request("The cursor is not valid."));
    }
    let page = PageRequest {
        cursor: cursor.map(Cursor),
        limit: limit.clamp(1, MOST),
    };
    let url = format!("{}{}", service::<Site>(request)?.url, request.path());
    Ok(Paging {
        request: page,
        url,
        query,
    })
}

impl Paging {
    /// The answer with the entries of `page`.
    pub fn answer<T: Serialize>(&self, page: Page<T>) -> HttpResponse {
        self.answer_as(page, |entries| entries)
    }

    /// The answer with what `shape` makes of the entries of `page`.
    pub fn answer_as<T, B: Serialize>(&self, page: Page<T>, shape: impl FnOnce(Vec<T>) -> B) -> HttpResponse {
        let links = [self.link("previous", page.previous), self.link("next", page.next)].join(", ");
        HttpResponse::Ok()
            .insert_header((LINK, links))
            .json(shape(page.items))
    }

    fn link(&self, rel: &str, cursor: Option<Cursor>) -> String {
        let results = cursor.is_some();
        let Cursor(cursor) = cursor.unwrap_or_else(|| Cursor(String::new()));
        let mut query = self.query.clone();
        query.push(("cursor".to_owned(), cursor.clone()));
        let query = serde_html_form::to_string(query).unwrap_or_default();
        format!(
            "<{}?{query}>; rel=\"{rel}\"; results=\"{results}\"; cursor=\"{cursor}\"",
            self.url
        )
    }
}
