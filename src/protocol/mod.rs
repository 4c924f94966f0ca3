//! What SDKs say: the words of the wire, parsed.
//!
//! Everything here is a pure function of bytes. This room does no I/O, reads no clock, knows no
//! HTTP framework and keeps nothing. It never fails on an unknown or a bad field: only what is not
//! the format at all (no JSON, no envelope) is an error.
//!
//! In reading order: who speaks ([`dsn`], [`auth`], [`ids`]), the frame around what is said
//! ([`envelope`], [`store_body`]), and what is said ([`event`], [`security`], [`session`], [`client_report`]), in the
//! units of [`category`].

pub mod auth;
pub mod category;
pub mod client_report;
pub mod dsn;
pub mod envelope;
pub mod event;
pub mod ids;
pub mod json;
pub mod level;
pub mod name;
pub mod rate_limit;
pub mod security;
pub mod session;
pub mod store_body;
pub mod timestamp;
