//! How many frames of a stack count.

use super::rule::Action;

/// How many frames of a stack count. 0 is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::grouping) struct Limits {
    /// At most so many, nearest to the crash.
    pub(in crate::grouping) most: usize,
    /// With fewer the stack does not count at all.
    pub(in crate::grouping) least: usize,
}

impl Limits {
    /// Takes over what an action says.
    pub(super) fn set(&mut self, action: &Action) {
        match action {
            Action::MaxFrames(most) => self.most = *most,
            Action::MinFrames(least) => self.least = *least,
            _ => {}
        }
    }
}
