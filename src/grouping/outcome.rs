//! How an event is grouped: its names, what they are made of, and what was left out and why.

use std::fmt;

use serde::Serialize;

use super::{Component, Hash};

/// A version of the algorithm.
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
pub struct Variant<'a> {
    /// Which way.
    pub name: VariantName,
    /// The name of the event.
    pub hash: Hash,
    /// What the hash is made of, and what was left out and why.
    pub component: Component<'a>,
}

/// The ways to look at an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum VariantName {
    /// A hash that the client made.
    Checksum,
    /// The fingerprint that the client or a rule gave.
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

impl VariantName {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Checksum => "checksum",
            Self::CustomFingerprint => "custom-fingerprint",
            Self::App => "app",
            Self::System => "system",
            Self::Default => "default",
            Self::Fallback => "fallback",
        }
    }
}

/// How an event is grouped.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Grouping<'a> {
    /// The version of the algorithm.
    pub config: Config,
    /// The ways that lead to an issue, the most telling first; never empty.
    pub variants: Vec<Variant<'a>>,
    /// The rule that gave the fingerprint, as it was written.
    pub rule: Option<String>,
    /// The title that this rule gives the issue.
    pub title: Option<String>,
}

impl Grouping<'_> {
    /// The names of the event, in the order in which they are looked up; never empty.
    pub fn hashes(&self) -> Vec<Hash> {
        self.variants.iter().map(|variant| variant.hash).collect()
    }

    /// The kind of the first variant: `app`, `system`, or `default` for all that has no frames.
    pub fn family(&self) -> &'static str {
        match self.variants.first().map(|variant| variant.name) {
            Some(name @ (VariantName::App | VariantName::System)) => name.as_str(),
            _ => "default",
        }
    }

    /// What decides, in words such as `app exception stacktrace`, `message` or `csp`.
    pub fn label(&self) -> String {
        let Some(first) = self.variants.first() else {
            return String::new();
        };
        let prefix =
            matches!(first.name, VariantName::App | VariantName::System).then(|| first.name.as_str());
        let component = &first.component;
        let parts = component.parts();
        let inner = (component.id == "hybrid-fingerprint")
            .then(|| parts.iter().find(|part| !part.parts().is_empty()))
            .flatten()
            .unwrap_or(component);
        let stack = (inner.id != "stacktrace" && inner.has("stacktrace")).then_some("stacktrace");
        let words: Vec<&str> = prefix.into_iter().chain([inner.id]).chain(stack).collect();
        words.join(" ")
    }
}

/// What is kept of a grouping when the event goes its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// The version of the algorithm.
    pub config: Config,
    /// The names of the event, in the order in which they are looked up; never empty.
    pub hashes: Vec<Hash>,
    /// The title of the issue, if a rule gives it one.
    pub title: Option<String>,
}

impl From<Grouping<'_>> for Names {
    fn from(grouping: Grouping<'_>) -> Self {
        Self {
            config: grouping.config,
            hashes: grouping.hashes(),
            title: grouping.title,
        }
    }
}

/// The component trees, for people.
impl fmt::Display for Grouping<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "grouped by {} ({})",
            self.label(),
            self.config.as_str()
        )?;
        if let Some(rule) = &self.rule {
            writeln!(formatter, "by the rule: {rule}")?;
        }
        for variant in &self.variants {
            write!(
                formatter,
                "\n{} {}\n{}",
                variant.name.as_str(),
                variant.hash,
                variant.component
            )?;
        }
        Ok(())
    }
}
