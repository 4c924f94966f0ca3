//! The search box: what is typed, as a list of terms that all must hold. Pure.

use super::issue::Issue;

/// A parsed search.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {}

impl Query {
    /// Whether `issue` is meant. `tag` gives the issue's values of a tag key: it reads from the store, so ask it last.
    pub fn matches(&self, _issue: &Issue, _tag: &mut dyn FnMut(&str) -> Vec<String>) -> bool {
        true
    }
}
