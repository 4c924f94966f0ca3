//! One question that a rule asks.

use crate::grouping::rules::glob::{Glob, Reading};
use crate::grouping::rules::stack::Family;

/// What a question is about. Questions about the same item have to be answered by one and the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Item {
    /// What there is one of an event.
    Event,
    Message,
    Exception,
    Frame,
}

/// Which text of the item is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Text {
    Message,
    Type,
    Value,
    Function,
    Module,
    Package,
    Path,
    InApp,
    Logger,
    Level,
    Tag(String),
    Sdk,
    Family,
    Release,
}

impl Text {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "message" => Self::Message,
            "type" | "error.type" => Self::Type,
            "value" | "error.value" => Self::Value,
            "function" | "stack.function" => Self::Function,
            "module" | "stack.module" => Self::Module,
            "package" | "stack.package" => Self::Package,
            "path" | "stack.abs_path" | "stack.filename" => Self::Path,
            "app" | "in_app" | "stack.app" => Self::InApp,
            "logger" => Self::Logger,
            "level" => Self::Level,
            "sdk" => Self::Sdk,
            "family" => Self::Family,
            "release" => Self::Release,
            _ => Self::Tag(
                name.strip_prefix("tags.")
                    .or_else(|| name.strip_prefix("tag."))?
                    .to_owned(),
            ),
        })
    }

    /// What the text is a part of.
    pub(super) fn item(&self) -> Item {
        match self {
            Self::Message => Item::Message,
            Self::Type | Self::Value => Item::Exception,
            Self::Function | Self::Module | Self::Package | Self::Path | Self::InApp => Item::Frame,
            _ => Item::Event,
        }
    }

    fn reading(&self) -> Reading {
        match self {
            Self::Message | Self::Value | Self::Level => Reading::Folded,
            Self::Package | Self::Path => Reading::Path,
            _ => Reading::Text,
        }
    }
}

/// A question about a text, and whether no is the right answer.
#[derive(Debug)]
pub(super) struct Matcher {
    pub(super) text: Text,
    globs: Vec<Glob>,
    is_negated: bool,
}

impl Matcher {
    /// Reads a word such as `!path:**/vendor/**`.
    pub(super) fn parse(word: &str) -> Result<Self, String> {
        let (is_negated, plain) = match word.strip_prefix('!') {
            Some(plain) => (true, plain),
            None => (false, word),
        };
        let (name, value) = plain
            .split_once(':')
            .ok_or_else(|| format!("`{word}` is no matcher"))?;
        let text = Text::named(name).ok_or_else(|| format!("`{name}` is no matcher"))?;
        let reading = text.reading();
        let values = match text {
            Text::InApp => vec![yes_or_no(value)?],
            Text::Family => value.split(',').map(family).collect::<Result<_, _>>()?,
            _ => vec![value],
        };
        Ok(Self {
            globs: values
                .into_iter()
                .map(|value| Glob::new(value, reading))
                .collect(),
            text,
            is_negated,
        })
    }

    /// Whether one of the texts is what is asked for, or none of them if the question is negated.
    pub(super) fn answers<'a>(&self, texts: impl IntoIterator<Item = Option<&'a str>>) -> bool {
        let fits = |text: &str| self.globs.iter().any(|glob| glob.is_match(text));
        texts.into_iter().flatten().any(fits) != self.is_negated
    }
}

fn yes_or_no(value: &str) -> Result<&'static str, String> {
    match value {
        "1" | "yes" | "true" => Ok("yes"),
        "0" | "no" | "false" => Ok("no"),
        other => Err(format!("`{other}` is neither yes nor no")),
    }
}

fn family(value: &str) -> Result<&str, String> {
    match value.trim() {
        "all" => Ok("*"),
        known @ ("native" | "javascript" | "other") => Ok(known),
        unknown => Err(format!("`{unknown}` is no family")),
    }
}

/// The name of a family in rules.
pub(super) fn family_name(platform: &str) -> &'static str {
    match Family::of(platform) {
        Family::Native => "native",
        Family::JavaScript => "javascript",
        Family::Other => "other",
    }
}
