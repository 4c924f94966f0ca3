//! The comparison itself.

use super::burst::{self, Suspect};
use super::enough::Enough;
use super::exposure::{Exposure, Exposures};
use super::family::corrected;
use super::input::{Limits, Observed, Past, Sessions, Side, Tally};
use super::outcome::{Change, Comparison, CrashFree, Rate};
use super::rates::Pair;
use super::verdict::{self, Verdict};
use super::{FALSE_ALARMS, LEAST_EXCESS, NOTABLE};

/// Compares a release with its baseline; `issues` are those that either of them had. Without a baseline there are only
/// new and regressed issues to tell of.
pub fn compare(release: &Side, baseline: Option<&Side>, issues: &[Observed], limits: Limits) -> Comparison {
    let nothing = Side::default();
    let before = baseline.unwrap_or(&nothing);
    let exposures = Exposures::between(release, before, issues);
    let worse = Judged::of(issues, &exposures, Suspect::Release);
    let better = Judged::of(issues, &exposures, Suspect::Baseline);
    let enough = Enough {
        issues,
        exposures: &exposures,
        usual: worse.usual,
    };

    let mut found = Comparison {
        unit: exposures.unit,
        new: Vec::new(),
        regressed: Vec::new(),
        worse: Vec::new(),
        better: Vec::new(),
        gone: Vec::new(),
        crash_free: crash_free(release, before),
        detectable: enough.doubling(),
        verdict: Verdict::TooLittleData,
        reasons: Vec::new(),
    };
    for (at, issue) in issues.iter().enumerate() {
        let (up, down) = (worse.change(issue, at), better.change(issue, at));
        match issue.past {
            Past::New if issue.release.events > 0 => found.new.push(up),
            Past::Regressed(_) => found.regressed.push(up),
            _ if up.sure => found.worse.push(up),
            _ if down.sure && issue.release.events == 0 => found.gone.push(down),
            _ if down.sure => found.better.push(down),
            _ => {}
        }
    }
    found
        .new
        .sort_by_key(|it| std::cmp::Reverse(it.release.tally.events));
    found
        .regressed
        .sort_by_key(|it| std::cmp::Reverse(it.release.tally.events));
    for surest_first in [&mut found.worse, &mut found.better, &mut found.gone] {
        surest_first.sort_by(|a, b| a.p.total_cmp(&b.p));
    }
    (found.verdict, found.reasons) = verdict::judge(release, baseline, &found, &enough, limits);
    found
}

/// All issues, tested in one direction.
struct Judged<'a> {
    exposures: &'a Exposures,
    suspect: Suspect,
    usual: f64,
    pairs: Vec<Option<Pair>>,
    p: Vec<f64>,
}

impl<'a> Judged<'a> {
    fn of(issues: &[Observed], exposures: &'a Exposures, suspect: Suspect) -> Self {
        let usual = burst::usual(issues, exposures, suspect);
        let pair = |(it, over): (&Observed, &Option<Exposure>)| {
            Some(burst::pair(it.release, it.baseline, (*over)?, suspect, usual))
        };
        let pairs: Vec<_> = issues.iter().zip(&exposures.each).map(pair).collect();
        let p = corrected(&pairs, FALSE_ALARMS);
        Self {
            exposures,
            suspect,
            usual,
            pairs,
            p,
        }
    }

    fn change(&self, issue: &Observed, at: usize) -> Change {
        let rate = |tally: Tally, over: Option<f64>| Rate {
            tally,
            per_thousand: over
                .filter(|over| *over > 0.0)
                .map(|over| tally.events as f64 / over * 1000.0),
        };
        let over = self.exposures.each[at];
        let (pair, p) = (self.pairs[at], self.p[at]);
        let sure = p <= FALSE_ALARMS && pair.is_some_and(is_notable);
        let ratio = |value: f64| {
            let value = if self.suspect == Suspect::Release {
                value
            } else {
                1.0 / value
            };
            value.is_finite().then_some(value)
        };
        Change {
            id: issue.id,
            title: issue.title.clone(),
            regression: match &issue.past {
                Past::Regressed(why) => Some(why.clone()),
                Past::New | Past::Known => None,
            },
            release: rate(issue.release, over.map(|it| it.release)),
            baseline: rate(issue.baseline, over.map(|it| it.baseline)),
            ratio: over.and_then(|over| times(issue, over)),
            interval: pair.filter(|_| sure).map(|it| {
                let (low, high) = it.interval();
                let (low, high) = if self.suspect == Suspect::Release {
                    (low, high)
                } else {
                    (high, low)
                };
                (ratio(low).unwrap_or(0.0), ratio(high))
            }),
            p,
            sure,
        }
    }
}

/// How many times as frequent an issue is in the release; none against a baseline without it.
fn times(issue: &Observed, over: Exposure) -> Option<f64> {
    let (here, there) = (issue.release.events as f64, issue.baseline.events as f64);
    let ratio = here * over.baseline / (there * over.release);
    ratio.is_finite().then_some(ratio)
}

/// Whether a change matters, however sure it is.
fn is_notable(pair: Pair) -> bool {
    // Against a count of zero the ratio is infinite, which is notable.
    pair.ratio() >= NOTABLE && pair.excess() >= LEAST_EXCESS
}

/// Crashed sessions are compared like the events of an issue: users whose program crashes at each start are bursts.
fn crash_free(release: &Side, baseline: &Side) -> Option<CrashFree> {
    let (here, there) = (release.sessions?, baseline.sessions?);
    if here.started == 0 || there.started == 0 {
        return None;
    }
    let tally = |it: Sessions| Tally {
        events: it.crashed,
        users: crashed_users(it),
    };
    let free = |it: Sessions| 1.0 - it.crashed.min(it.started) as f64 / it.started as f64;
    let over = Exposure {
        release: here.started as f64,
        baseline: there.started as f64,
        doubt: 0.0,
    };
    let pair = burst::pair(tally(here), tally(there), over, Suspect::Release, burst::ASSUMED);
    let p = pair.p();
    Some(CrashFree {
        release: free(here),
        baseline: free(there),
        p,
        fell: p <= FALSE_ALARMS && is_notable(pair),
    })
}

/// For how many users it crashed, had all sessions named theirs. They may be few that do, or one user's that are many:
/// as many sessions a user as there are in general are no burst.
fn crashed_users(sessions: Sessions) -> Option<u64> {
    let users = sessions.users.filter(|it| it.all > 0 && it.crashed > 0)?;
    let each = (sessions.started as f64 / users.all as f64).max(1.0);
    Some((users.crashed as f64 * each).round() as u64)
}
