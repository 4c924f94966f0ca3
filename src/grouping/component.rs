//! Components: the tree of what an event is grouped by, and of what was left out and why.

use serde::Serialize;

use super::hash::Hash;

/// A part of an event. A leaf has a value, a branch has parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Component {
    /// What it is, such as `frame` or `function`.
    pub id: &'static str,
    /// Whether it is part of the hash.
    pub contributes: bool,
    /// Why it is not, or what was done to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<&'static str>,
    /// The text of a leaf.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The parts of a branch.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Component>,
}

impl Component {
    /// A text that contributes.
    pub(super) fn leaf(id: &'static str, value: impl Into<String>) -> Self {
        Self {
            id,
            contributes: true,
            hint: None,
            value: Some(value.into()),
            parts: Vec::new(),
        }
    }

    /// Parts that contribute if one of them does.
    pub(super) fn branch(id: &'static str, parts: Vec<Self>) -> Self {
        let contributes = parts.iter().any(|part| part.contributes);
        Self {
            id,
            contributes,
            hint: None,
            value: None,
            parts,
        }
    }

    /// The same component, left out.
    pub(super) fn ignored(mut self, hint: &'static str) -> Self {
        self.contributes = false;
        self.hint = Some(hint);
        self
    }

    /// The hash of everything that contributes.
    pub(super) fn hash(&self) -> Hash {
        Hash::of(self.leaves())
    }

    /// The kinds and texts that contribute, in order.
    pub(super) fn leaves(&self) -> Vec<(&str, &str)> {
        let mut leaves = Vec::new();
        self.collect(&mut leaves);
        leaves
    }

    fn collect<'a>(&'a self, leaves: &mut Vec<(&'a str, &'a str)>) {
        if self.contributes {
            leaves.extend(self.value.as_deref().map(|value| (self.id, value)));
            self.parts.iter().for_each(|part| part.collect(leaves));
        }
    }

    /// Whether a part with this id contributes, at any depth.
    pub(super) fn has(&self, id: &str) -> bool {
        self.contributes && (self.id == id || self.parts.iter().any(|part| part.has(id)))
    }
}
