//! Tripline.

pub mod protocol;

pub mod model;

pub mod config;
pub mod http;
pub mod store;
