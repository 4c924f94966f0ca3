//! What handlers take from a request, as types. Does not act on it.

pub mod body;
mod decoder;
