//! Tripline.

pub mod config;
