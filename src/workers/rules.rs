//! The grouping rules of all projects, read once and again only when somebody changed them.
//!
//! What a rule means is not known here.

use std::collections::HashMap;
use std::sync::Arc;

use crate::grouping::Rules;
use crate::model::{GroupingRules, Project};
use crate::protocol::ids::ProjectId;

/// Rules by project, each beside the text that it was read from. Projects without rules of their own are not in it.
#[derive(Default)]
pub(super) struct RuleBook {
    own: HashMap<ProjectId, (GroupingRules, Arc<Rules>)>,
    none: Arc<Rules>,
}

impl RuleBook {
    /// Takes the texts as they are now: what did not change stays as it was read, what went is forgotten.
    pub(super) fn refresh(&mut self, projects: Vec<Project>) {
        let mut known = std::mem::take(&mut self.own);
        let with_rules = projects
            .into_iter()
            .filter(|project| project.grouping != GroupingRules::default());
        self.own = with_rules
            .map(|Project { id, grouping, .. }| match known.remove(&id) {
                Some((text, rules)) if text == grouping => (id, (text, rules)),
                _ => {
                    let rules = read(id, &grouping);
                    (id, (grouping, rules))
                }
            })
            .collect();
    }

    /// The rules of a project.
    pub(super) fn of(&self, project: ProjectId) -> &Arc<Rules> {
        self.own.get(&project).map_or(&self.none, |(_, rules)| rules)
    }
}

/// Rules are read before they are kept. Should another version have taken what this one cannot read, events come in
/// without them rather than not at all.
fn read(id: ProjectId, text: &GroupingRules) -> Arc<Rules> {
    let rules = Rules::parse(&text.stack, &text.fingerprint).unwrap_or_else(|error| {
        tracing::error!(
            project.id = id.0,
            "the grouping rules of project {id} cannot be read: {error}"
        );
        Rules::default()
    });
    Arc::new(rules)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::event::Event;
    use serde_json::json;

    fn project(id: u64, fingerprint: &str) -> Project {
        Project {
            id: ProjectId(id),
            slug: format!("p{id}"),
            name: String::new(),
            platform: None,
            created: jiff::Timestamp::UNIX_EPOCH,
            grouping: GroupingRules {
                stack: String::new(),
                fingerprint: fingerprint.to_owned(),
            },
            retention_days: None,
        }
    }

    #[test]
    fn rules_are_read_again_only_when_they_changed() {
        let event = Event::from_value(json!({"message": "no tea"})).unwrap();
        let rule = |book: &RuleBook, id| book.of(ProjectId(id)).group(&event).rule;
        let mut book = RuleBook::default();
        book.refresh(vec![
            project(1, "message:* -> a"),
            project(2, ""),
            project(3, "no rule"),
        ]);
        assert_eq!(rule(&book, 1).as_deref(), Some("message:* -> a"));
        assert_eq!(
            (rule(&book, 2), rule(&book, 3), rule(&book, 4)),
            (None, None, None)
        );
        let before = book.of(ProjectId(1)).clone();
        book.refresh(vec![project(1, "message:* -> a")]);
        assert!(Arc::ptr_eq(&before, book.of(ProjectId(1))));
        book.refresh(vec![project(1, "message:* -> b")]);
        assert_eq!(rule(&book, 1).as_deref(), Some("message:* -> b"));
        book.refresh(Vec::new());
        assert_eq!(rule(&book, 1), None);
    }
}
