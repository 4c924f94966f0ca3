//! Tripline.

pub mod protocol;

pub mod grouping;
pub mod model;

pub mod accounts;
pub mod config;
pub mod store;

pub mod digest;
pub mod ingest;
pub mod triage;

pub mod http;

pub mod telemetry;

pub mod workers;

pub mod app;
