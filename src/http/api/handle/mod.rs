//! What each URL of the table does. A handler authenticates by its extractors, asks one service, and renders.

pub(super) mod account;
pub(super) mod activity;
pub(super) mod alert_rules;
pub(super) mod attachments;
pub(super) mod backtest;
pub(super) mod changes;
mod desk;
pub(super) mod destinations;
pub(super) mod events;
pub(super) mod firings;
mod fitness;
pub(super) mod grouping;
pub(super) mod health;
pub(super) mod issue;
pub(super) mod issues;
pub(super) mod keys;
pub(super) mod members;
pub(super) mod notes;
pub(super) mod notifications;
pub(super) mod organization;
pub(super) mod outcomes;
pub(super) mod projects;
pub(super) mod quotas;
mod reader;
pub(super) mod releases;
pub(super) mod rollout;
pub(super) mod sessions;
pub(super) mod sightings;
pub(super) mod sign_in;
pub(super) mod storage;
pub(super) mod tokens;

pub(in crate::http) use notifications::unsubscribe;

use actix_web::HttpResponse;

use crate::http::error::ApiError;

/// What a handler answers.
type Answer = Result<HttpResponse, ApiError>;
