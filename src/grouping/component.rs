//! Components: the tree of what an event is grouped by, and of what was left out and why.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};

use super::frames::Frames;
use super::hash::{Hash, Recipe};

/// Longest value that is shown to people, in bytes.
pub(super) const SHOWN: usize = 160;

/// A part of an event. A leaf has a value, a branch has parts. Most texts are those of the event itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Component<'a> {
    /// What it is, such as `frame` or `function`.
    pub id: &'static str,
    /// Whether it is part of the hash.
    pub contributes: bool,
    /// Which exception or thread of the event it is, or which frame of the stack trace, counted from 0 in the order of
    /// the payload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<u16>,
    /// Why it is not, or what was done to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Cow<'a, str>>,
    /// The text of a leaf.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Parts::is_empty")]
    parts: Parts<'a>,
}

/// The parts of a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Parts<'a> {
    List(Vec<Component<'a>>),
    Frames(Box<Frames<'a>>),
}

impl Parts<'_> {
    const NONE: Self = Self::List(Vec::new());

    fn is_empty(&self) -> bool {
        matches!(self, Self::List(list) if list.is_empty())
    }
}

impl Serialize for Parts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::List(list) => list.serialize(serializer),
            Self::Frames(frames) => frames.components().serialize(serializer),
        }
    }
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
            parts: Parts::NONE,
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
            parts: Parts::List(parts),
        }
    }

    /// The frames of a stack, which contribute if one of them does.
    pub(super) fn stacktrace(frames: Frames<'a>) -> Self {
        let contributes = frames.contribute();
        Self {
            contributes,
            parts: Parts::Frames(Box::new(frames)),
            ..Self::branch("stacktrace", Vec::new())
        }
    }

    /// The parts of a branch, in order; a leaf has none.
    pub fn parts(&self) -> Cow<'_, [Self]> {
        match &self.parts {
            Parts::List(list) => Cow::Borrowed(list),
            Parts::Frames(frames) => Cow::Owned(frames.components()),
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
        let mut parts = self.parts().into_owned();
        parts.iter_mut().for_each(Self::mute);
        self.parts = Parts::List(parts);
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

    /// The same component, which is the exception, thread or frame number `place`.
    pub(super) fn at(mut self, place: usize) -> Self {
        self.place = u16::try_from(place).ok();
        self
    }

    /// The hash of everything that contributes.
    pub(super) fn hash(&self) -> Hash {
        let mut recipe = Recipe::new();
        self.tell(&mut recipe);
        recipe.hash()
    }

    fn tell(&self, recipe: &mut Recipe) {
        if self.contributes {
            if let Some(value) = &self.value {
                recipe.add(self.id, value);
            }
            match &self.parts {
                Parts::List(list) => list.iter().for_each(|part| part.tell(recipe)),
                Parts::Frames(frames) => frames.tell(recipe),
            }
        }
    }

    /// Whether a part with this id contributes, at any depth.
    pub(super) fn has(&self, id: &str) -> bool {
        let has = |parts: &Parts<'a>| match parts {
            Parts::List(list) => list.iter().any(|part| part.has(id)),
            Parts::Frames(frames) => frames.has(id),
        };
        self.contributes && (self.id == id || has(&self.parts))
    }

    /// Whether two components contribute the same.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        let (parts, others) = (self.parts(), other.parts());
        let said = |parts: &[Self]| parts.iter().filter(|part| part.contributes).count();
        self.contributes == other.contributes
            && self.id == other.id
            && self.value == other.value
            && said(&parts) == said(&others)
            && parts
                .iter()
                .filter(|part| part.contributes)
                .zip(others.iter().filter(|part| part.contributes))
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
        self.parts()
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
