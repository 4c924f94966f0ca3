//! Whether there are data enough for silence to mean something.
//!
//! A good verdict says that an issue which doubled, or a new one that strikes often, would have shown. Says nothing of
//! what did show.

use super::burst::{Suspect, pair};
use super::exposure::{Exposure, Exposures, Unit, median};
use super::input::{Observed, Tally};
use super::{FALSE_ALARMS, HARM_PER_EVENT, HARM_PER_SESSION};

/// What is known of the power of a comparison.
#[derive(Debug)]
pub(super) struct Enough<'a> {
    pub(super) issues: &'a [Observed],
    pub(super) exposures: &'a Exposures,
    /// The variance over the mean of counts without known users.
    pub(super) usual: f64,
}

impl Enough<'_> {
    /// How many events of an issue the release would need at the baseline's rate for a doubling to show.
    pub(super) fn doubling(&self) -> Option<f64> {
        let over = self.exposures.any?;
        let length = self.usual_length();
        let shows = |count: f64| self.shows(count / over.release, 2.0 * count / over.release, length, over);
        least(1e6, shows).map(f64::ceil)
    }

    /// Whether every harm that matters would have shown.
    pub(super) fn is_reached(&self) -> bool {
        self.is_reached_with(1.0)
    }

    /// The exposure at which the release would have enough; none when the baseline has too little for that.
    pub(super) fn needed(&self) -> Option<f64> {
        let release = self.exposures.any?.release;
        least(1e4, |factor| self.is_reached_with(factor)).map(|factor| factor * release)
    }

    /// The same if the release had `factor` times as much of everything.
    fn is_reached_with(&self, factor: f64) -> bool {
        let more = |over: Exposure| Exposure {
            release: over.release * factor,
            ..over
        };
        let known = || {
            self.issues.iter().zip(&self.exposures.each).all(|(issue, over)| {
                over.is_some_and(|over| {
                    let events = issue.release.events as f64 + issue.baseline.events as f64;
                    let rate = events / (over.release + over.baseline);
                    self.shows(
                        rate,
                        (2.0 * rate).max(rate + self.harm()),
                        length(issue),
                        more(over),
                    )
                })
            })
        };
        let unknown = |over: Exposure| self.shows(0.0, self.harm(), self.usual_length(), more(over));
        self.exposures.any.is_some_and(unknown) && known()
    }

    /// Whether a rise from one rate to another would show, when bursts have this mean length.
    fn shows(&self, from: f64, to: f64, length: Option<f64>, over: Exposure) -> bool {
        let expected = |events: f64| Tally {
            events: events.round() as u64,
            users: length.map(|length| (events / length).ceil() as u64),
        };
        let (release, baseline) = (expected(to * over.release), expected(from * over.baseline));
        let level = FALSE_ALARMS / (self.issues.len() + 1) as f64;
        pair(release, baseline, over, Suspect::Release, self.usual).shows(level)
    }

    fn harm(&self) -> f64 {
        match self.exposures.unit {
            Unit::Sessions => HARM_PER_SESSION,
            Unit::Events => HARM_PER_EVENT,
        }
    }

    fn usual_length(&self) -> Option<f64> {
        median(self.issues.iter().filter_map(length))
    }
}

/// Events a user, where users are known.
fn length(issue: &Observed) -> Option<f64> {
    let users = |tally: Tally| if tally.events == 0 { Some(0) } else { tally.users };
    let users = users(issue.release)?.saturating_add(users(issue.baseline)?);
    (users > 0)
        .then(|| ((issue.release.events as f64 + issue.baseline.events as f64) / users as f64).max(1.0))
}

/// About the least value from 1 to `most` that suffices, where more of it suffices, too.
fn least(most: f64, suffices: impl Fn(f64) -> bool) -> Option<f64> {
    if !suffices(most) {
        return None;
    }
    let (mut too_few, mut enough) = (1.0, most);
    while enough / too_few > 1.01 {
        let middle = f64::sqrt(too_few * enough);
        if suffices(middle) {
            enough = middle
        } else {
            too_few = middle
        }
    }
    Some(enough)
}
