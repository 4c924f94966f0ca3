//! The HTTP API in Sentry's shapes: everything below `/api/0`, and the document that describes it.
//!
//! Handlers are thin: extractors authenticate and find, a service acts, a shape renders. No rule of the domain is here.

pub mod ask;
mod endpoint;
mod openapi;
pub mod shape;
mod table;

pub use openapi::document;

/// Name of the cookie that holds a session.
pub const SESSION_COOKIE: &str = "tripline_session";
