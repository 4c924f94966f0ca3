//! One word for a comparison, and the sentences that say why.

use std::fmt;

use super::enough::Enough;
use super::exposure::Unit;
use super::input::{Limits, Side};
use super::outcome::{Change, Comparison, CrashFree};

/// Whether a release may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing bad shows, and there are data enough that it would.
    Good,
    /// Something is worse than before.
    Bad,
    /// Nothing bad shows, but it could not show yet.
    TooLittleData,
}

/// Why a verdict is what it is. Its text is one sentence without a full stop.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// An issue is more frequent.
    Worse(Unit, Change),
    /// A resolved issue came back.
    Regressed(Change),
    /// A new issue is frequent.
    Frequent(Unit, Change),
    /// There are more new issues than allowed.
    New {
        /// How many there are.
        found: u64,
        /// How many may be.
        allowed: u64,
    },
    /// More sessions crash.
    Crashes(CrashFree),
    /// There is nothing to compare with.
    NoBaseline,
    /// The release has not been seen in the environment.
    NotSeen {
        /// Which release.
        version: String,
    },
    /// Harm would not show yet.
    Early {
        /// What is counted.
        unit: Unit,
        /// How much of it the release has.
        present: u64,
        /// How much it needs; none when the baseline has too little for any comparison.
        needed: Option<u64>,
    },
    /// Nothing is worse, and it would show.
    Clean {
        /// What was compared with.
        baseline: String,
        /// From how many events on a doubling shows.
        detectable: Option<f64>,
    },
}

/// The verdict on what was found. Anything bad makes it bad; else it takes data enough to be good.
pub(super) fn judge(
    release: &Side,
    baseline: Option<&Side>,
    found: &Comparison,
    enough: &Enough,
    limits: Limits,
) -> (Verdict, Vec<Reason>) {
    let mut bad: Vec<Reason> = Vec::new();
    bad.extend(found.crash_free.filter(|it| it.fell).map(Reason::Crashes));
    bad.extend(found.regressed.iter().cloned().map(Reason::Regressed));
    bad.extend(
        found
            .worse
            .iter()
            .cloned()
            .map(|it| Reason::Worse(found.unit, it)),
    );
    let frequent = found.new.iter().filter(|it| it.sure).cloned();
    bad.extend(frequent.map(|it| Reason::Frequent(found.unit, it)));
    let new = found.new.len() as u64;
    let too_many = limits.max_new.filter(|allowed| new > *allowed);
    bad.extend(too_many.map(|allowed| Reason::New { found: new, allowed }));
    if !bad.is_empty() {
        return (Verdict::Bad, bad);
    }

    let present = match found.unit {
        Unit::Sessions => release.sessions.map_or(0, |it| it.started),
        Unit::Events => release.events,
    };
    let Some(baseline) = baseline else {
        return (Verdict::TooLittleData, vec![Reason::NoBaseline]);
    };
    if present == 0 {
        let version = release.version.clone();
        return (Verdict::TooLittleData, vec![Reason::NotSeen { version }]);
    }
    if !enough.is_reached() {
        let needed = enough.needed().map(|it| it.ceil() as u64);
        return (
            Verdict::TooLittleData,
            vec![Reason::Early {
                unit: found.unit,
                present,
                needed,
            }],
        );
    }
    let baseline = baseline.version.clone();
    (
        Verdict::Good,
        vec![Reason::Clean {
            baseline,
            detectable: found.detectable,
        }],
    )
}

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
            } => {
                let present = grouped(*present);
                match needed {
                    Some(needed) => write!(
                        f,
                        "no harm shows in {present} {unit}, but it takes about {} to be sure",
                        grouped(*needed)
                    ),
                    None => write!(
                        f,
                        "no harm shows in {present} {unit}, but the baseline has too few to compare with"
                    ),
                }
            }
            Self::Clean { baseline, detectable } => {
                write!(f, "nothing is worse than in {baseline}")?;
                match detectable {
                    Some(events) => {
                        write!(
                            f,
                            "; an issue of {} events or more that doubled would show",
                            grouped(events.ceil() as u64)
                        )
                    }
                    None => Ok(()),
                }
            }
        }
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
