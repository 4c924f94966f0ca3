//! The search box: what is typed, as a list of terms that all must hold. Pure.
//!
//! ```text
//! is:unresolved level:error !release:shop@1.0 has:url browser:"Mobile Safari" "out of memory"
//! ```
//!
//! A word `key:value` asks for a tag or for a field of the issue, any other word for text in title or culprit. Quotes
//! hold words together, `\"` is a quote within them, `!` turns a term around. It knows no wildcards and no `OR`.

mod parse;
#[cfg(test)]
mod tests;

use super::issue::{Issue, Status};

/// A parsed search. The empty one means every issue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    terms: Vec<Term>,
}

/// Why a text is no search, in words for whoever typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at character {position})")]
pub struct QueryError {
    /// What is wrong.
    pub message: String,
    /// The character at fault, from 1.
    pub position: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    negated: bool,
    test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Is(Status),
    Has(String),
    Tag {
        key: String,
        value: String,
    },
    /// In lower case.
    Text(String),
}

impl Query {
    /// Whether `issue` is meant. `tag` gives the issue's values of a tag key: it reads from the store, so it is asked
    /// only when everything else holds.
    pub fn matches(&self, issue: &Issue, tag: &mut dyn FnMut(&str) -> Vec<String>) -> bool {
        let (slow, quick): (Vec<_>, Vec<_>) = self.terms.iter().partition(|term| term.reads_tags());
        quick
            .into_iter()
            .chain(slow)
            .all(|term| term.test.holds(issue, tag) != term.negated)
    }
}

impl Term {
    fn reads_tags(&self) -> bool {
        match &self.test {
            Test::Is(_) | Test::Text(_) => false,
            Test::Has(_) => true,
            Test::Tag { key, .. } => fields(key).is_none(),
        }
    }
}

impl Test {
    fn holds(&self, issue: &Issue, tag: &mut dyn FnMut(&str) -> Vec<String>) -> bool {
        match self {
            Self::Is(status) => issue.status == *status,
            Self::Has(key) => !tag(key).is_empty(),
            Self::Text(text) => texts(issue).any(|it| it.to_lowercase().contains(text.as_str())),
            Self::Tag { key, value } => match fields(key) {
                Some(values) => values(issue).contains(&value.as_str()),
                None => tag(key).contains(value),
            },
        }
    }
}

/// The fields of the issue that `key` asks for; none when it asks for a tag.
fn fields(key: &str) -> Option<fn(&Issue) -> Vec<&str>> {
    Some(match key {
        "level" => |issue| vec![issue.level.as_str()],
        "platform" => |issue| vec![issue.platform.as_str()],
        "type" => |issue| {
            let exception = issue.metadata.kind.as_deref();
            exception.into_iter().chain([issue.event_type.as_str()]).collect()
        },
        _ => return None,
    })
}

fn texts(issue: &Issue) -> impl Iterator<Item = &str> {
    let parts = [&issue.culprit, &issue.metadata.kind, &issue.metadata.value];
    [issue.title.as_str()]
        .into_iter()
        .chain(parts.into_iter().flatten().map(String::as_str))
}
