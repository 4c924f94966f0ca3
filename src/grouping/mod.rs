//! Which events are one issue.
//!
//! ```text
//! event → in-app frames → strategies → component tree a variant → hashes
//!                                        app      exception(type, stacktrace(frame(module, function) …))
//!                                        system   the same over all frames
//! ```
//!
//! An event has several names ([`Hash`]); it joins the issue that already goes by one of them, the
//! first known name decides. Everything is a pure function of the event. The rules are a [`Config`]
//! with a name: once released, a version stays as it is, since another hash is another issue.
//!
//! Titles and culprits are not made here: they are for people and never decide.

mod component;
mod hash;
mod in_app;
mod v1;

use serde::Serialize;

pub use component::Component;
pub use hash::Hash;
pub use in_app::classify;

use crate::protocol::event::Event;

/// A version of the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Config {
    /// The first version.
    V1,
}

impl Config {
    /// The version that new events are grouped by.
    pub const LATEST: Self = Self::V1;

    /// The name under which events remember how they were grouped.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1",
        }
    }
}

/// One way to look at an event, and the name that it gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Variant {
    /// Which way.
    pub name: VariantName,
    /// The name of the event.
    pub hash: Hash,
    /// What the hash is made of, and what was left out and why.
    pub component: Component,
}

/// The ways to look at an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum VariantName {
    /// A hash that the client made.
    Checksum,
    /// The fingerprint that the client gave.
    CustomFingerprint,
    /// Frames of the program itself.
    App,
    /// All frames.
    System,
    /// Events without frames.
    Default,
    /// Events that say nothing.
    Fallback,
}

/// How an event is grouped.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Grouping {
    /// The version of the rules.
    pub config: Config,
    /// The ways that lead to an issue, the most telling first; never empty.
    pub variants: Vec<Variant>,
}

impl Grouping {
    /// The names of the event, in the order in which they are looked up; never empty.
    pub fn hashes(&self) -> Vec<Hash> {
        self.variants.iter().map(|variant| variant.hash).collect()
    }
}

/// Groups an event by the latest rules. Frames should be classified by [`classify`] before.
pub fn group(event: &Event) -> Grouping {
    match Config::LATEST {
        Config::V1 => Grouping {
            config: Config::V1,
            variants: v1::variants(event),
        },
    }
}
