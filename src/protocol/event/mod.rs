//! Events: what went wrong, in the words of the SDK.
//!
//! ```json
//! {"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","platform":"python","level":"error",
//!  "exception":{"values":[{"type":"ValueError","value":"no tea",
//!    "stacktrace":{"frames":[{"function":"brew","filename":"tea/pot.py","lineno":7,"in_app":true}]}}]}}
//! ```
//!
//! One file an interface; each is a table of its members (see [`read`]). A bad member is absent and
//! has a [`Remark`]; an unknown one is kept in `other`. `Serialize` gives the canonical form that is
//! stored, and reading that gives the same event again. Nothing here knows the time or the request.

mod breadcrumb;
mod contexts;
mod csp;
mod debug_meta;
mod event_type;
mod exception;
mod fields;
mod frame;
mod log_entry;
mod pairs;
mod payload;
pub(crate) mod read;
mod request;
mod sdk;
mod stacktrace;
mod tags;
#[cfg(test)]
mod tests;
mod thread;
mod user;

pub use breadcrumb::Breadcrumb;
pub use contexts::Contexts;
pub use csp::Csp;
pub use debug_meta::{DebugImage, DebugMeta};
pub use event_type::EventType;
pub use exception::{Exception, Mechanism};
pub use frame::Frame;
pub use log_entry::LogEntry;
pub use pairs::Pairs;
pub use payload::Event;
pub use read::{Remark, RemarkKind, Values};
pub use request::Request;
pub use sdk::{Package, Sdk};
pub use stacktrace::Stacktrace;
pub use tags::Tags;
pub use thread::Thread;
pub use user::{AUTO_IP, User};

/// Why bytes are no event at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not JSON.
    #[error(transparent)]
    Json(#[from] super::json::Error),
    /// JSON, but not an object.
    #[error("invalid event: expected an object")]
    NotAnObject,
}
