//! What somebody on call would call a spike, and what not.

use super::series::HOUR;
use super::{Evidence, Ongoing, Series, Verdict, judge};

/// 2026-03-12, a Thursday, 02:30.
const NIGHT: i64 = 1_773_282_600;
const DAY: i64 = 24 * HOUR;

/// Counts that a story sets hour by hour and minute by minute.
struct Story {
    hours: Vec<(i64, u64)>,
    since: i64,
    minutes: Vec<u32>,
    end: i64,
}

impl Story {
    /// As it was in the last `days` days by `an_hour(start of an hour)`, up to now; minutes follow suit, evenly.
    fn of(days: i64, an_hour: impl Fn(i64) -> u64) -> Self {
        Self::at(NIGHT, days, an_hour)
    }

    fn at(end: i64, days: i64, an_hour: impl Fn(i64) -> u64) -> Self {
        let running = (end - 1) / HOUR * HOUR;
        let hours = (1..=days * 24)
            .map(|ago| running - ago * HOUR)
            .map(|hour| (hour, an_hour(hour)))
            .filter(|(_, count)| *count > 0)
            .collect();
        let minute = |ago: i64| {
            let start = end - ago * 60;
            let (count, at) = (an_hour(start / HOUR * HOUR), (start % HOUR / 60) as u64);
            (count * (at + 1) / 60 - count * at / 60) as u32
        };
        Self {
            hours,
            since: running - days * DAY,
            minutes: (1..=120).rev().map(minute).collect(),
            end,
        }
    }

    /// With so many events in each of the last minutes, one after the other.
    fn then(mut self, minutes: &[u32]) -> Self {
        let start = self.minutes.len() - minutes.len();
        self.minutes[start..].copy_from_slice(minutes);
        self
    }

    fn verdict(&self, ongoing: Option<&Ongoing>) -> Verdict {
        let series = Series {
            hours: &self.hours,
            since: self.since,
            minutes: &self.minutes,
            minute_end: self.end,
        };
        judge(&series, ongoing)
    }

    fn spike(&self) -> (Evidence, Ongoing) {
        match self.verdict(None) {
            Verdict::Spiking { evidence, ongoing } => (evidence, ongoing),
            other => panic!("{other:?}"),
        }
    }

    fn is_quiet(&self) -> bool {
        self.verdict(None) == Verdict::Quiet
    }
}

#[test]
fn a_flood_is_found_in_its_first_minute_and_said_in_a_sentence() {
    let (evidence, ongoing) = Story::of(28, |_| 168).then(&[140]).spike();
    assert_eq!(
        evidence.to_string(),
        "140 events in 1 minute, expected about 2.8 (median of this hour and weekday in the last 4 weeks)"
    );
    assert_eq!(evidence.factor().round(), 50.0);
    assert_eq!(ongoing.since, NIGHT - 60);
    let kept = evidence.spike(&ongoing);
    assert_eq!(
        (kept.observed, kept.minutes, kept.expected_milli),
        (140, 1, 2_800)
    );
    assert_eq!(kept.since.to_string(), "2026-03-12T02:29:00Z");
}

#[test]
fn three_times_as_many_takes_some_minutes_where_there_are_few() {
    assert!(Story::of(28, |_| 120).then(&[6, 6, 6]).is_quiet());
    let (evidence, _) = Story::of(28, |_| 120).then(&[6; 15]).spike();
    assert_eq!((evidence.minutes, evidence.observed), (15, 90));
}

#[test]
fn a_quiet_issue_that_strikes_three_times_is_none() {
    for before in [0, 1] {
        let quiet = |_| before;
        assert!(Story::of(28, quiet).then(&[3]).is_quiet());
        assert!(Story::of(28, quiet).then(&[1, 0, 2, 0, 1]).is_quiet());
        assert!(Story::of(28, quiet).then(&[9]).is_quiet(), "below the floor");
    }
    let (evidence, _) = Story::of(28, |_| 0).then(&[10, 10, 10]).spike();
    assert_eq!(
        evidence.to_string(),
        "30 events in 3 minutes, expected about 0.1 (fewer than 3 an hour are taken for 3)"
    );
}

#[test]
fn what_comes_every_morning_or_monday_is_none() {
    let morning = |hour: i64| if hour % DAY / HOUR == 9 { 3_000 } else { 300 };
    let nine = NIGHT / DAY * DAY + 9 * HOUR;
    assert!(Story::at(nine + 600, 8, morning).is_quiet());
    // 1970 began on a Thursday.
    let weekdays = |hour: i64| if (hour / DAY + 3) % 7 < 5 { 600 } else { 60 };
    let monday = NIGHT / DAY * DAY + 4 * DAY;
    for days in [5, 10, 15, 28] {
        for minutes in [1, 5, 30, 90, 600] {
            let story = Story::at(monday + minutes * 60, days, weekdays);
            assert!(story.is_quiet(), "{days} days, {minutes} minutes into Monday");
        }
    }
}

#[test]
fn a_job_that_fails_every_night_is_a_habit() {
    let nightly = |hour: i64| if hour % DAY / HOUR == 3 { 520 } else { 20 };
    let three = NIGHT / DAY * DAY + 3 * HOUR;
    for days in [4, 10, 28] {
        assert!(Story::at(three + 60, days, nightly).then(&[500]).is_quiet());
        assert!(
            Story::at(three + 300, days, nightly)
                .then(&[0, 500, 0, 0, 0])
                .is_quiet()
        );
        assert!(
            Story::at(three - 60, days, nightly).then(&[480]).is_quiet(),
            "early"
        );
    }
    let busy = |hour: i64| if hour % DAY / HOUR == 3 { 1_000 } else { 500 };
    assert!(Story::at(three + 60, 28, busy).then(&[508]).is_quiet());
    // Three times as many failures are none.
    assert!(!Story::at(three + 60, 28, nightly).then(&[2_000]).is_quiet());
}

#[test]
fn a_job_that_fails_every_hour_is_a_habit_too() {
    let mut story = Story::of(28, |_| 60);
    for (at, minute) in story.minutes.iter_mut().enumerate() {
        *minute = if at % 60 == 59 { 60 } else { 0 };
    }
    assert!(story.is_quiet());
}

#[test]
fn an_issue_is_no_spike_because_it_is_new() {
    let born = |minutes: i64, then: &[u32]| {
        let mut story = Story::of(0, |_| 0).then(then);
        story.since = story.end - minutes * 60;
        story.hours = vec![(NIGHT / HOUR * HOUR - HOUR, 120)];
        story
    };
    assert!(born(1, &[50]).is_quiet());
    assert!(born(10, &[1, 5, 20, 80, 200, 300, 300, 300, 300, 300]).is_quiet());
    // Two hours after its birth it is everywhere.
    let mut later = vec![2; 119];
    assert!(born(119, &later).is_quiet());
    later[116..].fill(20);
    let (evidence, ongoing) = born(119, &later).spike();
    assert_eq!(
        evidence.to_string(),
        "60 events in 3 minutes, expected about 6.0 (the last hours: it is too young to have usual ones)"
    );
    assert_eq!(ongoing.usual, 120.0);
}

#[test]
fn it_lasts_until_it_is_calm_and_does_not_become_usual_meanwhile() {
    let (_, ongoing) = Story::of(28, |_| 120).then(&[20; 3]).spike();
    let hour = |story: Story| Story {
        end: story.end + HOUR,
        ..story
    };
    let still = hour(Story::of(28, |_| 120))
        .then(&[20; 60])
        .verdict(Some(&ongoing));
    assert!(
        matches!(&still, Verdict::Spiking { evidence, ongoing: kept } if evidence.expected == 30.0 && *kept == ongoing),
        "{still:?}"
    );
    let ebbing = hour(Story::of(28, |_| 120))
        .then(&[4; 15])
        .verdict(Some(&ongoing));
    assert!(matches!(ebbing, Verdict::Spiking { .. }), "twice the usual");
    let calm = hour(Story::of(28, |_| 120))
        .then(&[2; 15])
        .verdict(Some(&ongoing));
    assert!(
        matches!(&calm, Verdict::Recovered(evidence) if evidence.observed == 30),
        "{calm:?}"
    );
}

#[test]
fn a_short_flood_is_over_after_a_quarter_of_an_hour() {
    let (_, ongoing) = Story::of(28, |_| 0).then(&[200]).spike();
    let at = |minutes: i64| {
        let mut story = Story::of(28, |_| 0);
        story.end += minutes * 60;
        let at = story.minutes.len() - 1 - minutes as usize;
        story.minutes[at] = 200;
        story.verdict(Some(&ongoing))
    };
    assert!(matches!(at(14), Verdict::Spiking { .. }));
    assert!(matches!(at(15), Verdict::Recovered(_)));
}

#[test]
fn a_spike_of_yesterday_neither_hides_one_nor_makes_one() {
    let now = NIGHT / HOUR * HOUR;
    let with_past = |ago: i64| {
        move |hour: i64| {
            if (now - hour) / HOUR / 6 == ago / 6 {
                3_000
            } else {
                120
            }
        }
    };
    for ago in [6, 24, 48, 168] {
        for days in [4, 8, 28] {
            let story = Story::of(days, with_past(ago));
            assert!(story.is_quiet(), "{ago} hours ago, {days} days");
            let story = Story::of(days, with_past(ago)).then(&[20; 5]);
            assert!(!story.is_quiet(), "{ago} hours ago, {days} days");
        }
    }
}

#[test]
fn silence_does_not_make_the_usual_a_spike() {
    let now = NIGHT / HOUR * HOUR;
    for (from, to) in [(1, 12), (1, 30), (20, 60), (1, 160)] {
        let with_gap = |hour: i64| {
            let ago = (now - hour) / HOUR;
            if (from..=to).contains(&ago) { 0 } else { 600 }
        };
        assert!(Story::of(28, with_gap).is_quiet(), "{from} to {to} hours ago");
    }
}

#[test]
fn what_a_week_has_grown_to_is_usual() {
    let now = NIGHT;
    for percent in [-5_i64, 5, 10] {
        let grown = |hour: i64| {
            let days = (hour - now) as f64 / DAY as f64;
            (600.0 * (days * (percent as f64 / 100.0).ln_1p()).exp()) as u64
        };
        assert!(Story::of(28, grown).is_quiet(), "{percent} % a day");
        assert!(
            !Story::of(28, grown).then(&[30; 5]).is_quiet(),
            "{percent} % a day"
        );
    }
}

#[test]
fn senseless_counts_do_no_harm() {
    let judged = |hours: &[(i64, u64)], since: i64, minutes: &[u32], minute_end: i64| {
        judge(
            &Series {
                hours,
                since,
                minutes,
                minute_end,
            },
            None,
        )
    };
    let hours = [
        (i64::MIN, u64::MAX),
        (0, u64::MAX),
        (i64::MAX, 1),
        (NIGHT - 7, u64::MAX),
    ];
    for since in [i64::MIN, 0, NIGHT, i64::MAX] {
        for end in [i64::MIN, 0, NIGHT + 13, i64::MAX] {
            for minutes in [&[][..], &[u32::MAX], &[u32::MAX; 300]] {
                let _ = judged(&hours, since, minutes, end);
            }
        }
    }
    let ongoing = Ongoing {
        since: i64::MIN,
        calm: 0,
        usual: f64::INFINITY,
        level: f64::NAN,
    };
    let series = Series {
        hours: &hours,
        since: NIGHT - HOUR,
        minutes: &[],
        minute_end: NIGHT,
    };
    assert_eq!(judge(&series, Some(&ongoing)), Verdict::Quiet, "nothing is known");
}
