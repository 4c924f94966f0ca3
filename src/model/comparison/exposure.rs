//! What counts are counted over: sessions, or the volume of the other issues' events.
//!
//! Without sessions only the mix of issues can be compared. A share of the total would make every issue look better as
//! soon as one gets worse; so the scale between the releases is the median of the other issues' ratios, as in DESeq
//! (Anders and Huber 2010), which stays put while fewer than half of them change.

use super::{Observed, Side};

/// Fewer events of both releases together than these say nothing about the scale.
const LEAST_FOR_SCALE: u64 = 20;

/// What rates count by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Sessions of each release.
    Sessions,
    /// Events, scaled by how the other issues changed.
    Events,
}

/// What an issue's events are counted over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Exposure {
    /// In the release.
    pub(super) release: f64,
    /// In the baseline.
    pub(super) baseline: f64,
    /// Variance of the logarithm of the quotient of the two.
    pub(super) doubt: f64,
}

/// The exposures of all issues.
#[derive(Debug)]
pub(super) struct Exposures {
    pub(super) unit: Unit,
    /// One an issue, in the issues' order; none when there is nothing to measure by.
    pub(super) each: Vec<Option<Exposure>>,
    /// What an issue that neither release has yet would be counted over.
    pub(super) any: Option<Exposure>,
}

impl Exposures {
    /// By sessions where both releases have some, else by events.
    pub(super) fn between(release: &Side, baseline: &Side, issues: &[Observed]) -> Self {
        let started = |side: &Side| side.sessions.map_or(0, |it| it.started) as f64;
        let (there, here) = (started(baseline), started(release));
        if there > 0.0 && here > 0.0 {
            let all = Exposure {
                release: here,
                baseline: there,
                doubt: 0.0,
            };
            return Self {
                unit: Unit::Sessions,
                each: vec![Some(all); issues.len()],
                any: Some(all),
            };
        }
        let scales = Scales::of(issues);
        let volume = release.events as f64;
        let exposure = |(scale, doubt): (f64, f64)| Exposure {
            release: volume,
            baseline: volume / scale,
            doubt,
        };
        Self {
            unit: Unit::Events,
            each: (0..issues.len())
                .map(|at| scales.without(at).map(exposure))
                .collect(),
            any: scales.without(usize::MAX).map(exposure),
        }
    }
}

/// Logarithms of how many times as many events of each issue the release has, and their sampling variances; by size.
struct Scales(Vec<(usize, f64, f64)>);

impl Scales {
    fn of(issues: &[Observed]) -> Self {
        let mut scales: Vec<_> = issues
            .iter()
            .enumerate()
            .filter(|(_, it)| it.release.events.saturating_add(it.baseline.events) >= LEAST_FOR_SCALE)
            .map(|(at, it)| {
                let (here, there) = (it.release.events as f64 + 0.5, it.baseline.events as f64 + 0.5);
                (at, (here / there).ln(), 1.0 / here + 1.0 / there)
            })
            .collect();
        scales.sort_by(|a, b| a.1.total_cmp(&b.1));
        Self(scales)
    }

    /// The scale that all issues but this one tell, and the variance of its logarithm.
    fn without(&self, issue: usize) -> Option<(f64, f64)> {
        let others: Vec<_> = self.0.iter().filter(|it| it.0 != issue).collect();
        let middle = median(others.iter().map(|it| it.1))?;
        let spread = median(others.iter().map(|it| (it.1 - middle).abs()))? * 1.4826;
        let sampling = median(others.iter().map(|it| it.2))?;
        // A median's variance is π/2 times that of a mean.
        let doubt = std::f64::consts::FRAC_PI_2 * sampling.max(spread * spread) / others.len() as f64;
        Some((middle.exp(), doubt))
    }
}

/// The middle value; none of none.
pub(super) fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() {
        0 => None,
        len if len % 2 == 1 => Some(values[half]),
        _ => Some(f64::midpoint(values[half - 1], values[half])),
    }
}
