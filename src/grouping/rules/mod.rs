//! The two languages in which people say how their events are grouped, as Sentry has them: rules about
//! stack traces (which frames count, and which are the program's own) and rules about fingerprints.
//!
//! Here are the languages. The rules that hold for everybody are a part of each version of the algorithm.

pub(super) mod fingerprint;
mod glob;
pub(super) mod stack;
mod words;

pub use fingerprint::FingerprintRules;
pub(crate) use glob::{Glob, Reading};
pub use stack::StackRules;

/// Longest text of rules that is read, in bytes.
const MAX_BYTES: usize = 64 * 1024;
/// The most rules of a text: each may be asked about each frame of each event.
const MAX_RULES: usize = 1_000;

/// Why a text is no list of rules.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A line that is no rule.
    #[error("line {line}: {reason}")]
    Line {
        /// Which line, counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// More than 64 KiB of rules, or than 1,000 of them.
    #[error("too many rules: at most 1000 of them in 64 KiB are read")]
    TooLong,
}

/// Which of the two languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Rules about stack traces.
    Stack,
    /// Rules about fingerprints.
    Fingerprint,
}

/// Why the rules of a project cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct Unreadable {
    /// Which of its two texts is at fault.
    pub language: Language,
    /// Where and why.
    pub error: Error,
}

/// What a project says about the grouping of its events, in addition to what holds for all.
#[derive(Debug, Default)]
pub struct Rules {
    pub(super) stack: StackRules,
    pub(super) fingerprint: FingerprintRules,
}

impl Rules {
    /// Reads rules about stack traces and rules about fingerprints, one a line.
    ///
    /// ```text
    /// family:javascript path:**/vendor/** -app      function:assert ^-group -group
    /// type:DatabaseUnavailable -> database title="Database {{ tags.db }} is away"
    /// ```
    pub fn parse(stack: &str, fingerprint: &str) -> Result<Self, Unreadable> {
        let fault = |language| move |error| Unreadable { language, error };
        Ok(Self {
            stack: StackRules::parse(stack).map_err(fault(Language::Stack))?,
            fingerprint: FingerprintRules::parse(fingerprint).map_err(fault(Language::Fingerprint))?,
        })
    }
}

/// The lines of a text that say something, each read; an error says which it was.
fn lines<T>(text: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, Error> {
    if text.len() > MAX_BYTES {
        return Err(Error::TooLong);
    }
    let numbered = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()));
    let said = numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    if said.clone().count() > MAX_RULES {
        return Err(Error::TooLong);
    }
    said.map(|(line, text)| read(text).map_err(|reason| Error::Line { line, reason }))
        .collect()
}
