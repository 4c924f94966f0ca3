//! The rate limits that an answer tells an SDK about.
//!
//! ```text
//! X-Sentry-Rate-Limits: 60:error;attachment:project:quota, 5::organization
//! ```
//!
//! Formatting only: which limits apply is decided elsewhere.

use std::fmt::Write as _;

use super::category::DataCategory;

/// What a limit is counted over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everything of the installation.
    Organization,
    /// One project.
    Project,
    /// One project key.
    Key,
}

/// One limit in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateLimit {
    /// Seconds for which the client should send nothing of these categories.
    pub retry_after: u64,
    /// What is limited; empty means everything.
    pub categories: Vec<DataCategory>,
    /// What the limit is counted over.
    pub scope: Scope,
    /// A machine-readable reason: letters, digits and `_`.
    pub reason: Option<&'static str>,
}

impl RateLimit {
    /// That nothing is taken for so many seconds, whoever sends it.
    pub fn on_everything(retry_after: u64) -> Self {
        Self {
            retry_after,
            categories: Vec::new(),
            scope: Scope::Organization,
            reason: None,
        }
    }
}

/// The value of the `X-Sentry-Rate-Limits` header.
pub fn header(limits: &[RateLimit]) -> String {
    let mut text = String::new();
    for limit in limits {
        let categories: Vec<&str> = limit
            .categories
            .iter()
            .map(|category| category.as_str())
            .collect();
        let scope = match limit.scope {
            Scope::Organization => "organization",
            Scope::Project => "project",
            Scope::Key => "key",
        };
        let separator = if text.is_empty() { "" } else { ", " };
        let reason = limit
            .reason
            .map(|reason| format!(":{reason}"))
            .unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "{separator}{}:{}:{scope}{reason}",
            limit.retry_after,
            categories.join(";")
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_written_as_sdks_read_them() {
        let limits = [
            RateLimit {
                retry_after: 60,
                categories: vec![DataCategory::Error, DataCategory::Attachment],
                scope: Scope::Project,
                reason: Some("quota"),
            },
            RateLimit {
                retry_after: 5,
                categories: vec![],
                scope: Scope::Organization,
                reason: None,
            },
        ];
        assert_eq!(
            header(&limits),
            "60:error;attachment:project:quota, 5::organization"
        );
        assert_eq!(header(&[]), "");
    }
}
