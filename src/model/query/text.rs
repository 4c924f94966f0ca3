//! Words and phrases, looked for in what the list shows of an issue and in what its events say.

use std::collections::HashSet;

use super::term::Pattern;
use crate::model::issue::{Issue, IssueId};

/// A word, or a phrase in quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// In lower case.
    pattern: Pattern,
    /// The issues whose events say it, once somebody looked.
    said_by: HashSet<IssueId>,
}

impl Wanted {
    pub(super) fn new(pattern: Pattern) -> Self {
        let pattern = match pattern {
            Pattern::Plain(text) => Pattern::Plain(text.to_lowercase()),
            wild => wild,
        };
        Self {
            pattern,
            said_by: HashSet::new(),
        }
    }

    /// What is looked for, in lower case.
    pub fn text(&self) -> &str {
        let (Pattern::Plain(text) | Pattern::Wild(text)) = &self.pattern;
        text
    }

    /// Whether it is looked for as it stands; otherwise an asterisk is any text.
    pub fn is_exact(&self) -> bool {
        matches!(self.pattern, Pattern::Plain(_))
    }

    pub(super) fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    pub(super) fn is_said_by(&mut self, issues: HashSet<IssueId>) {
        self.said_by = issues;
    }

    /// Whether an event of the issue says it.
    pub(super) fn is_said_in(&self, issue: IssueId) -> bool {
        self.said_by.contains(&issue)
    }

    /// Whether an event of `issue` says it, or it stands anywhere in what the list shows of it.
    pub(super) fn is_in(&self, issue: &Issue) -> bool {
        self.is_said_in(issue.id) || issue.texts().any(|it| self.pattern.is_in(&it.to_lowercase()))
    }
}
