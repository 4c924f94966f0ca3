//! Projects and the keys that let an SDK send to them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::protocol::ids::{ProjectId, PublicKey};

/// A project: what one DSN sends to, and the owner of its issues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// The number in the DSN.
    pub id: ProjectId,
    /// Its name in URLs; unique. Upper-cased it is the prefix of its issues' short ids.
    pub slug: String,
    /// Its name on pages.
    pub name: String,
    /// The SDK platform that was chosen for it, such as `python`.
    pub platform: Option<String>,
    /// When it was made.
    pub created: Timestamp,
    /// How its events are grouped, beside what holds for all.
    #[serde(default)]
    pub grouping: GroupingRules,
    /// Days that its payloads are kept; none for as long as the settings say.
    #[serde(default)]
    pub retention_days: Option<u32>,
}

/// What a project says about the grouping of its events, as people wrote it: a rule a line. `grouping::Rules` reads it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupingRules {
    /// Rules about stack traces: which frames count, and which are the program's own.
    pub stack: String,
    /// Rules about fingerprints: which events are one issue whatever their stack traces are.
    pub fingerprint: String,
}

/// A client key: the public half of a DSN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectKey {
    /// 32 hex digits; unique in the installation.
    pub public: PublicKey,
    /// The project that it opens.
    pub project: ProjectId,
    /// What people call it.
    pub label: String,
    /// Whether events sent with it are taken.
    pub active: bool,
    /// When it was made.
    pub created: Timestamp,
}

/// What the events of a project said about it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectActivity {
    /// When its first event was received; none while it waits for one.
    pub first_event: Option<Timestamp>,
    /// Environments seen, in order of first appearance, at most [`ProjectActivity::MAX_ENVIRONMENTS`].
    pub environments: Vec<String>,
    /// Number of the newest issue; the next one's short id has the number after it.
    pub last_issue_number: u32,
}

impl ProjectActivity {
    /// The most environments that a project remembers: a client that sends a new name with each event must not
    /// grow the row without bound.
    pub const MAX_ENVIRONMENTS: usize = 60;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_from_before_there_were_rules_has_none() {
        let kept = r#"{"id":7,"slug":"shop","name":"Shop","platform":null,"created":"2026-03-01T10:00:00Z"}"#;
        let project: Project = serde_json::from_str(kept).unwrap();
        assert_eq!(project.grouping, GroupingRules::default());
    }
}
