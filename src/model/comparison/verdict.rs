//! One word for a comparison, and why. `words` puts it into sentences.

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

    let sessions = release.sessions.map_or(0, |it| it.started);
    let present = match found.unit {
        Unit::Sessions => sessions,
        Unit::Events => release.events,
    };
    let baseline = match baseline {
        Some(baseline) if present > 0 => baseline,
        None if sessions + release.events > 0 => return (Verdict::TooLittleData, vec![Reason::NoBaseline]),
        _ => {
            let version = release.version.clone();
            return (Verdict::TooLittleData, vec![Reason::NotSeen { version }]);
        }
    };
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
