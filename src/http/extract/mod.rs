//! What handlers take from a request, as types. Does not act on it.

mod address;
pub mod body;
mod caller;
mod client_ip;
mod decoder;
mod now;
mod page;
mod place;
mod query;
mod release;
mod service;

pub use address::Origin;
pub use caller::{Caller, SESSION_COOKIE};
pub use client_ip::client_ip;
pub use now::{Clock, Now};
pub use page::Paging;
pub use place::{AtIssue, AtProject, find_issue};
pub use query::Query;
pub use release::{AtRelease, find_release};
