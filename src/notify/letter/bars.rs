//! A row of bars for mails: heights in pixels, which a table shows without a picture.

use serde::Serialize;

/// Height of the highest bar, in pixels.
const HEIGHT: u64 = 32;

/// One bar.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Bar {
    /// Pixels, at least 1.
    height: u64,
    /// Whether it stands for anything at all.
    counted: bool,
}

/// A bar for each count; none if nothing was counted.
pub(super) fn bars(counts: &[u64]) -> Vec<Bar> {
    let Some(largest) = counts.iter().max().filter(|it| **it > 0) else {
        return Vec::new();
    };
    let bar = |count: &u64| {
        let height = u128::from(*count) * u128::from(HEIGHT) / u128::from(*largest);
        // Little is more than nothing.
        let height = if *count > 0 { height.max(3) } else { 1 };
        Bar {
            height: u64::try_from(height).unwrap_or(HEIGHT),
            counted: *count > 0,
        }
    };
    counts.iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_high_as_what_they_stand_for() {
        let heights = |counts: &[u64]| bars(counts).iter().map(|bar| bar.height).collect::<Vec<_>>();
        assert_eq!(heights(&[0, 1, 50, 100]), [1, 3, 16, 32]);
        assert_eq!(heights(&[u64::MAX, 1]), [32, 3]);
        assert!(heights(&[0, 0]).is_empty() && heights(&[]).is_empty());
    }
}
