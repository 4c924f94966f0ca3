//! Components: the tree of what an event is grouped by, and of what was left out and why.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use super::hash::Hash;

/// Longest value that is shown to people, in bytes.
const SHOWN: usize = 160;

/// A part of an event. A leaf has a value, a branch has parts. Most texts are those of the event itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Component<'a> {
    /// What it is, such as `frame` or `function`.
    pub id: &'static str,
    /// Whether it is part of the hash.
    pub contributes: bool,
    /// Which exception or thread of the event it is, counted from 0 in the order of the payload. The frames of a stack
    /// trace are all there, in that order, and need none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<u16>,
    /// Why it is not, or what was done to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Cow<'a, str>>,
    /// The text of a leaf.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Cow<'a, str>>,
    /// The parts of a branch.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Component<'a>>,
}

impl<'a> Component<'a> {
    /// A text that contributes.
    pub(super) fn leaf(id: &'static str, value: impl Into<Cow<'a, str>>) -> Self {
        Self {
            id,
            contributes: true,
            place: None,
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
            place: None,
            hint: None,
            value: None,
            parts,
        }
    }

    /// The same component, left out.
    pub(super) fn ignored(mut self, hint: impl Into<Cow<'a, str>>) -> Self {
        self.mute();
        self.hint = Some(hint.into());
        self
    }

    fn mute(&mut self) {
        self.contributes = false;
        self.parts.iter_mut().for_each(Self::mute);
    }

    /// The same component, left out if there is a reason to.
    pub(super) fn unless(self, reason: Option<&'a str>) -> Self {
        match reason {
            Some(hint) => self.ignored(hint),
            None => self,
        }
    }

    /// The same component with a note on what was done to it.
    pub(super) fn noted(mut self, hint: impl Into<Cow<'a, str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same component, which is the exception or thread number `place` of the event.
    pub(super) fn at(mut self, place: usize) -> Self {
        self.place = u16::try_from(place).ok();
        self
    }

    /// The hash of everything that contributes.
    pub(super) fn hash(&self) -> Hash {
        let mut leaves = Vec::new();
        self.collect(&mut leaves);
        Hash::of(leaves)
    }

    fn collect<'c>(&'c self, leaves: &mut Vec<(&'c str, &'c str)>) {
        if self.contributes {
            leaves.extend(self.value.as_deref().map(|value| (self.id, value)));
            self.parts.iter().for_each(|part| part.collect(leaves));
        }
    }

    /// Whether a part with this id contributes, at any depth.
    pub(super) fn has(&self, id: &str) -> bool {
        self.contributes && (self.id == id || self.parts.iter().any(|part| part.has(id)))
    }

    /// Whether two components contribute the same.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        let said = |component: &Self| component.parts.iter().filter(|part| part.contributes).count();
        self.contributes == other.contributes
            && self.id == other.id
            && self.value == other.value
            && said(self) == said(other)
            && self
                .parts
                .iter()
                .filter(|part| part.contributes)
                .zip(other.parts.iter().filter(|part| part.contributes))
                .all(|(a, b)| a.says_the_same(b))
    }

    fn write(&self, formatter: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        let mark = if self.contributes { '*' } else { ' ' };
        write!(formatter, "{mark} {:indent$}{}", "", self.id, indent = 2 * depth)?;
        if let Some(value) = &self.value {
            let shown = &value[..value.floor_char_boundary(SHOWN)];
            let dots = if shown.len() < value.len() { "…" } else { "" };
            write!(formatter, " {shown:?}{dots}")?;
        }
        if let Some(hint) = &self.hint {
            write!(formatter, " ({hint})")?;
        }
        writeln!(formatter)?;
        self.parts
            .iter()
            .try_for_each(|part| part.write(formatter, depth + 1))
    }
}

/// The tree, a line a component; `*` marks what contributes.
impl fmt::Display for Component<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(formatter, 0)
    }
}
