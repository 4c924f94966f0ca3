//! Tripline.

pub mod protocol;

pub mod config;
pub mod http;
