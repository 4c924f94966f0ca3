//! How fast alerts are judged: microseconds a look for a spike on one core, and milliseconds a minute of 10,000 issues that
//! a rule counts.
//!
//! Of four weeks of hours and two hours of minutes: of an issue with too few events to be one, of one that is as usual,
//! of one with a spike, of that spike going on, and of one that is a day old. What is measured is the time that the
//! thread had a processor, and the median of 200 rounds counts. Reads and writes nothing.

use std::hint::black_box;
use std::io::Write;

use rustix::time::{ClockId, clock_gettime};
use tripline::alerts::engine::{Counts, Memory, People, Rules, judge_minute};
use tripline::alerts::spike::{Ongoing, Series, Verdict, judge};
use tripline::model::IssueId;
use tripline::model::alert::{AlertRule, Minute, Pulse, RuleId, Subject, When};
use tripline::model::timeline::at;
use tripline::protocol::ids::ProjectId;

const HOUR: i64 = 3_600;
/// 2026-03-12, 02:30.
const END: i64 = 1_773_282_600;
const ROUNDS: usize = 200;
const JUDGEMENTS: u32 = 100;

/// An issue with so many events an hour, for so many hours, with so many in the last minutes.
fn judged(
    name: &str,
    hours: i64,
    an_hour: u64,
    lately: u32,
    ongoing: Option<&Ongoing>,
    out: &mut impl Write,
) -> Verdict {
    let since = END - HOUR / 2 - hours * HOUR;
    // Not a single hour is like another, as sorting those is slower.
    let hours: Vec<_> = (0..hours)
        .map(|at| {
            (
                since + at * HOUR,
                an_hour + (at * 7919 % 101) as u64 * an_hour / 1_000,
            )
        })
        .collect();
    let mut minutes = [(an_hour / 60) as u32; 120];
    minutes[110..].fill(lately);
    let series = Series {
        hours: &hours,
        since,
        minutes: &minutes,
        minute_end: END,
    };
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = cpu();
            for _ in 0..JUDGEMENTS {
                black_box(judge(black_box(&series), ongoing));
            }
            (cpu() - start) / f64::from(JUDGEMENTS)
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    let _ = writeln!(out, "{name}: {:.1} µs", rounds[ROUNDS / 2] * 1e6);
    judge(&series, ongoing)
}

/// Minutes in each of which 10,000 issues have events, by a rule that counts events, users and silence over an hour; in the last
/// ones a thousand are over in each.
fn counted(out: &mut impl Write) {
    const ISSUES: u64 = 10_000;
    const MINUTES: i64 = 20;
    let project = ProjectId(1);
    let mut rule = AlertRule::first(RuleId(1), project, at(END));
    rule.when = vec![
        When::Events {
            count: 50,
            minutes: 60,
        },
        When::Users {
            count: 20,
            minutes: 60,
        },
        When::Silence { minutes: 60 },
    ];
    let rules = Rules::new([rule], People::default());
    let (mut counts, mut memory) = (Counts::default(), Memory::default());
    let mut times: Vec<f64> = (0..MINUTES)
        .map(|n| {
            let minute = Minute(END / 60 + n);
            let pulses: Vec<_> = (1..=ISSUES).map(|issue| pulse(minute, issue, n)).collect();
            let start = cpu();
            counts.add(&rules, project, &pulses);
            let counted = counts.end(&rules, &memory, minute);
            let subjects = counted.over.iter().map(|_| Some(Subject::default())).collect();
            black_box(judge_minute(&rules, &mut memory, minute, counted, subjects));
            black_box(memory.changes());
            cpu() - start
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let (median, most) = (times[times.len() / 2] * 1e3, times[times.len() - 1] * 1e3);
    let _ = writeln!(
        out,
        "a minute of 10,000 issues: {median:.1} ms, at most {most:.1} ms"
    );
}

/// Three events by two users, one of whom is there every minute.
fn pulse(minute: Minute, issue: u64, n: i64) -> Pulse {
    Pulse {
        minute,
        issue: Some(IssueId(issue)),
        environment: None,
        events: 3,
        latest: None,
        users: vec![issue as u32, n as u32],
        users_weight: 1,
        sessions: 0,
        errored: 0,
        crashed: 0,
    }
}

/// Seconds that this thread had a processor.
fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

fn main() {
    let mut out = std::io::stdout().lock();
    judged("too few events", 672, 3, 0, None, &mut out);
    judged("as usual", 672, 600, 10, None, &mut out);
    let found = judged("a spike", 672, 600, 60, None, &mut out);
    if let Verdict::Spiking { ongoing, .. } = found {
        judged("it goes on", 672, 600, 60, Some(&ongoing), &mut out);
        judged("it is over", 672, 600, 10, Some(&ongoing), &mut out);
    }
    judged("a day old", 24, 600, 60, None, &mut out);
    counted(&mut out);
}
