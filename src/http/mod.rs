//! The only room that knows actix: URLs, extractors, handlers, errors, the embedded web app.
//!
//! A handler takes the one service it needs as `web::Data<T>` and returns `Result<_, ApiError>`. No rules of the
//! product live here.

pub mod api;
mod assets;
pub mod error;
pub mod extract;
mod observe;
