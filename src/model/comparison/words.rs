//! What was found, in sentences for people and build logs.

use std::fmt;

use super::exposure::Unit;
use super::outcome::Change;
use super::verdict::{Reason, Verdict};

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::TooLittleData => "too little data",
        })
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sessions => "sessions",
            Self::Events => "events",
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Worse(unit, change) => {
                write!(f, "{} is ", change.title)?;
                match change.ratio {
                    Some(ratio) => write!(f, "{} times as frequent", figure(ratio))?,
                    None => f.write_str("back")?,
                }
                let baseline = change.baseline.per_thousand.unwrap_or(0.0) * 10.0;
                write!(f, ": {}", in_ten_thousand(change, *unit))?;
                write!(f, " against {} ({})", figure(baseline), sure(change.p))
            }
            Self::Regressed(change) => {
                let why = change.regression.as_deref().unwrap_or("reopened");
                write!(f, "{} came back: {why}", change.title)
            }
            Self::Frequent(unit, change) => {
                write!(f, "{} is new and frequent: ", change.title)?;
                write!(f, "{} ({})", in_ten_thousand(change, *unit), sure(change.p))
            }
            Self::New { found, allowed } => {
                let issues = if *found == 1 { "issue is" } else { "issues are" };
                write!(f, "{found} {issues} new, where at most {allowed} may be")
            }
            Self::Crashes(it) => {
                let (now, before) = (it.release * 100.0, it.baseline * 100.0);
                write!(
                    f,
                    "{now:.2} % of sessions are free of crashes, where {before:.2} % were ({})",
                    sure(it.p)
                )
            }
            Self::NoBaseline => f.write_str("there is no older release to compare with"),
            Self::NotSeen { version } => write!(f, "{version} has not been seen yet"),
            Self::Early {
                unit,
                present,
                needed,
            } => early(*unit, *present, *needed, f),
            Self::Clean { baseline, detectable } => clean(baseline, *detectable, f),
        }
    }
}

fn early(unit: Unit, present: u64, needed: Option<u64>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "no harm shows in {} {unit}, but ", grouped(present))?;
    match needed {
        Some(needed) => write!(f, "it takes about {} to be sure", grouped(needed)),
        None => f.write_str("the baseline has too few to compare with"),
    }
}

fn clean(baseline: &str, detectable: Option<f64>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "nothing is worse than in {baseline}")?;
    match detectable {
        Some(events) => {
            let events = grouped(events.ceil() as u64);
            write!(f, "; an issue of {events} events or more that doubled would show")
        }
        None => Ok(()),
    }
}

/// `84 in 10,000 sessions`.
fn in_ten_thousand(change: &Change, unit: Unit) -> String {
    let rate = change.release.per_thousand.unwrap_or(0.0) * 10.0;
    format!("{} in 10,000 {unit}", figure(rate))
}

/// A number with as many digits as one reads.
fn figure(value: f64) -> String {
    match value {
        value if value >= 100.0 => grouped(value.round() as u64),
        value if value >= 10.0 => format!("{value:.0}"),
        0.0 => "none".into(),
        value if value < 0.1 => format!("{value:.3}"),
        value => format!("{value:.1}"),
    }
}

/// Thousands apart.
fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How sure a p-value makes one: never rounded up.
fn sure(p: f64) -> String {
    let percent = ((1.0 - p) * 10_000.0).floor() / 100.0;
    if p < 0.000_1 {
        "more than 99.99 % sure".into()
    } else {
        format!("{percent} % sure")
    }
}
