//! What SDKs say: the words of the wire, parsed.
//!
//! Everything here is a pure function of bytes. This room does no I/O, reads no clock, knows no
//! HTTP framework and keeps nothing. It never fails on an unknown or a bad field: only what is not
//! the format at all (no JSON, no envelope) is an error.

pub mod auth;
pub mod category;
pub mod dsn;
pub mod ids;
pub mod json;
pub mod timestamp;
