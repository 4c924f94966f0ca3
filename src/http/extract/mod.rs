//! What handlers take from a request, as types. Does not act on it.

pub mod body;
mod client_ip;
mod decoder;
mod now;

pub use client_ip::client_ip;
pub use now::{Clock, Now};
