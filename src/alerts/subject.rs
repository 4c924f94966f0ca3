//! What is known of the issues of which something was counted.

use super::engine::Over;
use crate::model::alert::Subject;
use crate::store::{Issues, Result};

/// What is known of each one: judged by its latest event in the period, so that it is the same whenever one asks. None
/// for an issue that is gone; nothing is known of a project as a whole.
pub(super) async fn subjects(issues: &dyn Issues, over: &[Over]) -> Result<Vec<Option<Subject>>> {
    let mut subjects = Vec::with_capacity(over.len());
    for it in over {
        subjects.push(match it.issue {
            None => Some(Subject::default()),
            Some(id) => match issues.issue(id).await? {
                None => None,
                Some(issue) => {
                    let event = match it.event {
                        Some(event) => issues.event(it.project, event).await?,
                        None => None,
                    };
                    Some(Subject::of(&issue, event.as_ref().map(|event| &event.record)))
                }
            },
        });
    }
    Ok(subjects)
}
