//! Groups of exceptions, as Python, JavaScript and .NET throw them: copies of one error in a group are
//! that error, and how many there are does not matter.
//!
//! `mechanism.exception_id` and `parent_id` make a tree of the chain; its root has the id 0. A chain
//! whose ids do not make a tree is left as it is.

use std::collections::HashMap;

use crate::grouping::Component;
use crate::protocol::event::Event;

/// The components of those exceptions that count, in the order of the payload.
pub(super) fn filtered<'e>(event: &Event, components: Vec<Component<'e>>) -> Vec<Component<'e>> {
    let kept = Tree::read(event).and_then(|tree| tree.kept(event, &components));
    match kept {
        Some(kept) => components
            .into_iter()
            .enumerate()
            .filter_map(|(at, component)| kept.contains(&at).then_some(component))
            .collect(),
        None => components,
    }
}

/// Which exceptions are parts of which, by their places in the payload.
struct Tree {
    root: usize,
    parts: Vec<Vec<usize>>,
    is_group: Vec<bool>,
}

impl Tree {
    fn read(event: &Event) -> Option<Self> {
        let chain = &event.exception;
        let mut places: HashMap<u64, usize> = HashMap::new();
        let mut is_group = Vec::new();
        for (at, exception) in chain.iter().enumerate() {
            let mechanism = exception.mechanism.as_ref()?;
            let is_new = places.insert(mechanism.exception_id?, at).is_none();
            if !is_new || mechanism.parent_id == mechanism.exception_id {
                return None;
            }
            is_group.push(mechanism.is_exception_group == Some(true));
        }
        let mut parts = vec![Vec::new(); chain.len()];
        for (at, exception) in chain.iter().enumerate() {
            if let Some(parent) = exception.mechanism.as_ref()?.parent_id {
                parts[*places.get(&parent)?].push(at);
            }
        }
        // Parts in the order of their ids, as they were raised; the payload has them backwards.
        let id = |at: &usize| chain[*at].mechanism.as_ref().and_then(|it| it.exception_id);
        parts.iter_mut().for_each(|parts| parts.sort_by_key(id));
        let root = *places.get(&0)?;
        is_group.iter().any(|is_group| *is_group).then_some(Self {
            root,
            parts,
            is_group,
        })
    }

    /// The places that count; `None` for all.
    fn kept(&self, event: &Event, components: &[Component<'_>]) -> Option<Vec<usize>> {
        let mut errors = self.errors();
        errors.sort_by(|a, b| event.exception[*b].ty.cmp(&event.exception[*a].ty));
        errors.dedup_by(|a, b| components[*a].says_the_same(&components[*b]));
        match errors[..] {
            [] => None,
            [only] => Some(self.first_parts(only)),
            _ => {
                errors.push(self.root);
                Some(errors)
            }
        }
    }

    /// The errors that a group is about: the first ones below groups that are none themselves.
    fn errors(&self) -> Vec<usize> {
        let mut errors = Vec::new();
        let mut seen = vec![false; self.parts.len()];
        let mut open = vec![self.root];
        while let Some(at) = open.pop() {
            // Ids may run in circles.
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            if self.is_group[at] {
                open.extend(self.parts[at].iter().rev());
            } else {
                errors.push(at);
            }
        }
        errors
    }

    /// An error with its cause, the cause of that and so on.
    fn first_parts(&self, error: usize) -> Vec<usize> {
        let mut path = vec![error];
        let mut at = error;
        while let Some(&next) = self.parts[at].first().filter(|next| !path.contains(next)) {
            path.push(next);
            at = next;
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// The types that are left of a group.
    fn left(values: Value) -> Vec<String> {
        let event = Event::from_value(json!({"exception": values})).unwrap();
        let types = event.exception.iter().map(|it| it.ty.clone().unwrap_or_default());
        let components = types.map(|ty| Component::leaf("type", ty)).collect();
        let kept = filtered(&event, components);
        kept.into_iter()
            .filter_map(|it| Some(it.value?.into_owned()))
            .collect()
    }

    fn one(ty: &str, id: u64, parent: Option<u64>) -> Value {
        let is_group = ty.ends_with("Group");
        json!({"type": ty, "mechanism": {"exception_id": id, "parent_id": parent, "is_exception_group": is_group}})
    }

    #[test]
    fn copies_of_one_error_are_that_error() {
        let values = json!([
            one("A", 3, Some(0)),
            one("A", 2, Some(0)),
            one("A", 1, Some(0)),
            one("Group", 0, None)
        ]);
        assert_eq!(left(values), ["A"]);
        let with_cause = json!([
            one("Cause", 2, Some(1)),
            one("A", 1, Some(0)),
            one("Group", 0, None)
        ]);
        assert_eq!(left(with_cause), ["Cause", "A"]);
    }

    #[test]
    fn different_errors_stay_with_their_group() {
        let values = json!([
            one("B", 3, Some(2)),
            one("Group", 2, Some(0)),
            one("A", 1, Some(0)),
            one("OuterGroup", 0, None)
        ]);
        assert_eq!(left(values), ["B", "A", "OuterGroup"]);
    }

    #[test]
    fn what_is_no_tree_is_left_alone() {
        for (values, count) in [
            (json!([one("A", 1, Some(7)), one("Group", 0, None)]), 2),
            (json!([one("A", 0, None), one("Group", 0, None)]), 2),
            (json!([one("A", 1, Some(1)), one("Group", 0, None)]), 2),
            (json!([one("A", 1, None), one("Group", 2, None)]), 2),
            (
                json!([one("Group", 1, Some(0)), one("OuterGroup", 0, Some(1))]),
                2,
            ),
            (json!([one("A", 1, Some(0)), one("B", 0, None)]), 2),
        ] {
            assert_eq!(left(values.clone()).len(), count, "{values}");
        }
    }
}
