//! Which events are one issue.
//!
//! ```text
//! event → rules about stack traces: which frames are the program's own, which count
//!       → fingerprint: the client's, or that of a rule
//!       → strategies → component tree a variant → hashes
//!                        app      exception(type, value, stacktrace(frame(module, function) …))
//!                        system   the same over all frames
//! ```
//!
//! An event has several names ([`Hash`]); it joins the issue that already goes by one of them, the
//! first known name decides. Everything is a pure function of the event and the rules of its project.
//! The algorithm is a [`Config`] with a name: once released, a version stays as it is, since another
//! hash is another issue.
//!
//! Titles and culprits are not made here (but for titles that a rule dictates): they are for people and
//! never decide. Neither is known here which hashes belong to which issue.

mod compare;
mod component;
#[cfg(test)]
mod fixtures;
mod frames;
mod hash;
#[cfg(test)]
mod hostile;
mod outcome;
mod rules;
mod v1;

pub use compare::{Comparison, Difference, compare};
pub use component::Component;
pub use hash::Hash;
pub use outcome::{Config, Grouping, Names, Variant, VariantName};
pub use rules::{Error, FingerprintRules, Language, Rules, StackRules, Unreadable};
pub(crate) use rules::{Glob, Reading};

use crate::protocol::event::Event;

impl Rules {
    /// Says of every frame whether it belongs to the program itself: what the rules say, else what the
    /// SDK said, else not.
    pub fn classify(&self, event: &mut Event) {
        match Config::LATEST {
            Config::V1 => v1::classify(event, self),
        }
    }

    /// Groups an event by the latest version of the algorithm. Rules about fingerprints that ask for
    /// frames of the program see what [`Rules::classify`] said.
    pub fn group<'e>(&self, event: &'e Event) -> Grouping<'e> {
        match Config::LATEST {
            Config::V1 => v1::group(event, self),
        }
    }

    /// [`Rules::classify`] and [`Rules::group`] at the price of one: for events that come in.
    pub fn classify_and_group<'e>(&self, event: &'e mut Event) -> Grouping<'e> {
        match Config::LATEST {
            Config::V1 => v1::classify_and_group(event, self),
        }
    }
}

/// What an event says, its message or else that of the thrown exception, without what varies in it.
pub fn message(event: &Event) -> Option<String> {
    match Config::LATEST {
        Config::V1 => v1::message::of(event),
    }
}
