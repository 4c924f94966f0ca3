//! The frames of a stack trace: looked at once for all variants, in one piece of memory, and not made into components
//! before somebody wants to see them.

use std::borrow::Cow;
use std::sync::Arc;

use super::Component;
use super::hash::Recipe;

/// A part of a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf<'a> {
    pub(super) id: &'static str,
    pub(super) value: Cow<'a, str>,
    /// Why it is left out, if it is.
    left_out: Option<&'static str>,
}

impl<'a> Leaf<'a> {
    /// A text that contributes.
    pub(super) fn new(id: &'static str, value: impl Into<Cow<'a, str>>) -> Self {
        Self {
            id,
            value: value.into(),
            left_out: None,
        }
    }

    /// The same part, left out if there is a reason to, and there was none before.
    pub(super) fn unless(self, reason: Option<&'static str>) -> Self {
        Self {
            left_out: self.left_out.or(reason),
            ..self
        }
    }

    /// Whether it is part of the hash, if its frame is.
    pub(super) fn contributes(&self) -> bool {
        self.left_out.is_none()
    }
}

/// What counts of one frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Look<'a> {
    /// Its parts, in the order in which they count.
    pub(super) leaves: [Option<Leaf<'a>>; 4],
    /// Why it is left out of all variants, if it is.
    pub(super) left_out: Option<Cow<'a, str>>,
    /// Whether it is of the program itself.
    pub(super) is_in_app: bool,
    /// Whether it is from a bundle without a source map: its names say nothing.
    pub(super) is_minified: bool,
}

impl<'a> Look<'a> {
    /// The parts that contribute if the frame does.
    pub(super) fn heard(&self) -> impl Iterator<Item = &Leaf<'a>> {
        self.leaves.iter().flatten().filter(|leaf| leaf.contributes())
    }

    /// Whether it contributes to variants that do not leave it out.
    pub(super) fn contributes(&self) -> bool {
        self.left_out.is_none() && self.heard().next().is_some()
    }

    /// Whether two frames that contribute say the same.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        self.heard().eq(other.heard())
    }

    fn component(&self, left_out: Option<&'static str>) -> Component<'a> {
        let parts = self.leaves.iter().flatten().map(|leaf| {
            let part = Component::leaf(leaf.id, leaf.value.clone());
            part.unless(leaf.left_out)
        });
        let component = Component::branch("frame", parts.collect());
        match left_out.map(Cow::Borrowed).or_else(|| self.left_out.clone()) {
            Some(reason) => component.ignored(reason),
            None => component,
        }
    }
}

/// The frames of a stack as one variant sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frames<'a> {
    looks: Arc<[Look<'a>]>,
    /// Why each is left out of this variant, if it is.
    left_out: Vec<Option<&'static str>>,
}

impl<'a> Frames<'a> {
    /// All frames, and for each why it is left out, if it is.
    pub(super) fn new(looks: Arc<[Look<'a>]>, left_out: Vec<Option<&'static str>>) -> Self {
        Self { looks, left_out }
    }

    /// Whether one of them contributes.
    pub(super) fn contribute(&self) -> bool {
        self.heard().next().is_some()
    }

    /// Adds what contributes to a hash.
    pub(super) fn tell(&self, recipe: &mut Recipe) {
        for leaf in self.heard().flat_map(Look::heard) {
            recipe.add(leaf.id, &leaf.value);
        }
    }

    /// Whether one of them contributes, or a part with this id does.
    pub(super) fn has(&self, id: &str) -> bool {
        self.heard()
            .any(|look| id == "frame" || look.heard().any(|leaf| leaf.id == id))
    }

    /// The frames as components.
    pub(super) fn components(&self) -> Vec<Component<'a>> {
        let frames = self.looks.iter().zip(&self.left_out).enumerate();
        frames
            .map(|(place, (look, left_out))| look.component(*left_out).at(place))
            .collect()
    }

    fn heard(&self) -> impl Iterator<Item = &Look<'a>> {
        let frames = self.looks.iter().zip(&self.left_out);
        frames
            .filter(|(look, left_out)| left_out.is_none() && look.contributes())
            .map(|(look, _)| look)
    }
}
