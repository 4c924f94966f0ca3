//! When what is counted makes a rule fire.

use super::*;
use crate::model::alert::{Condition, Test};

fn world(when: When, at_most_every: u32) -> World {
    World::new([rule(1, |rule| {
        rule.when = vec![when];
        rule.at_most_every = at_most_every;
    })])
}

/// Judges minutes from noon on, and says in which the rule fired.
fn fired(world: &mut World, minutes: impl IntoIterator<Item = Pulse>) -> Vec<i64> {
    for (n, pulse) in (0..).zip(minutes) {
        world.minute(n, &[pulse]);
    }
    world.until(100_000_000);
    let firings = std::mem::take(&mut world.judged.firings).into_iter();
    let minutes = firings.map(|firing| Minute::of(firing.time).0 - NOON / 60);
    minutes.collect()
}

#[test]
fn so_many_events_in_so_many_minutes() {
    let mut world = world(
        When::Events {
            count: 10,
            minutes: 3,
        },
        0,
    );
    let events = [4, 4, 1, 1, 8, 1, 0, 0, 0, 10, 0, 0, 0];
    let minutes = (0..).zip(events).map(|(n, events)| pulse(n, 7, events));
    // Over at the end of the fifth minute (1+1+8) until that of the sixth, and again at that of the tenth.
    assert_eq!(fired(&mut world, minutes), [5, 10]);
}

#[test]
fn what_stays_over_is_told_again_after_a_while() {
    let constant = || (0..61).map(|n| pulse(n, 7, 10));
    let mut again = world(
        When::Events {
            count: 10,
            minutes: 1,
        },
        30,
    );
    assert_eq!(fired(&mut again, constant()), [1, 31, 61]);
    let mut once = world(
        When::Events {
            count: 10,
            minutes: 1,
        },
        0,
    );
    assert_eq!(fired(&mut once, constant()), [1]);
    // Up and down is not told each time.
    let mut flapping = world(
        When::Events {
            count: 10,
            minutes: 1,
        },
        30,
    );
    let minutes = (0..61).map(|n| pulse(n, 7, if n % 2 == 0 { 10 } else { 0 }));
    assert_eq!(fired(&mut flapping, minutes), [1, 31, 61]);
}

#[test]
fn issues_are_counted_apart() {
    let mut world = world(
        When::Events {
            count: 10,
            minutes: 1,
        },
        30,
    );
    world.minute(0, &[pulse(0, 1, 9), pulse(0, 2, 9), pulse(0, 3, 10)]);
    world.until(120_000);
    assert_eq!(world.fired(), ["rule 1 at 60: 3"]);
}

#[test]
fn among_very_many_issues_the_quiet_ones_have_their_turn() {
    let mut world = World::new([rule(1, |rule| {
        rule.when = vec![When::Events {
            count: 10,
            minutes: 1,
        }];
        rule.conditions = vec![Condition {
            test: Test::Title {
                pattern: "the quiet one".into(),
            },
            negated: false,
        }];
    })]);
    // 3,000 louder issues of which the rule says nothing: a sixth of those behind the 500 loudest has its turn at a time.
    for n in 0..6 {
        let loud = (1..=3_000).map(|issue| pulse(n, issue, 50));
        let pulses: Vec<_> = loud.chain([pulse(n, 5_000, 10)]).collect();
        world.counts.add(&world.rules, SHOP, &pulses);
        let counted = world.counts.end(&world.rules, &world.memory, minute(n));
        assert!(counted.over.len() <= 1_000);
        let subjects = counted.over.iter().map(|over| {
            let is_quiet = over.issue == Some(IssueId(5_000));
            Some(Subject {
                title: if is_quiet { "the quiet one" } else { "a loud one" }.into(),
                first_seen: Some(at(0)),
                ..Subject::default()
            })
        });
        let subjects = subjects.collect();
        let judged = judge_minute(&world.rules, &mut world.memory, minute(n), counted, subjects);
        world.judged.join(judged);
    }
    world.until(400_000);
    let fired = world.fired();
    assert_eq!(fired.len(), 1, "{fired:?}");
    assert!(fired[0].ends_with(": 5000"), "{fired:?}");
}

#[test]
fn the_environment_narrows_down_what_is_counted() {
    let mut world = World::new([rule(1, |rule| {
        rule.when = vec![When::Events {
            count: 10,
            minutes: 5,
        }];
        rule.conditions = vec![Condition {
            test: Test::Environment {
                names: vec!["staging".into()],
            },
            negated: true,
        }];
    })]);
    let of = |n, environment: &str, events| Pulse {
        environment: Some(environment.into()),
        ..pulse(n, 7, events)
    };
    world.minute(0, &[of(0, "staging", 100), of(0, "production", 6)]);
    world.until(60_000);
    assert_eq!(world.fired(), [""; 0]);
    world.minute(1, &[of(1, "production", 4)]);
    world.until(130_000);
    assert_eq!(world.fired(), ["rule 1 at 120: 7"]);
}

#[test]
fn users_are_told_apart_over_the_whole_period() {
    let mut world = world(
        When::Users {
            count: 4,
            minutes: 10,
        },
        30,
    );
    let of = |n, users: &[u32], weight| Pulse {
        users: users.to_vec(),
        users_weight: weight,
        ..pulse(n, 7, 100)
    };
    let minutes = [of(0, &[1, 2, 3], 1), of(1, &[2, 3], 1), of(2, &[3, 4], 1)];
    assert_eq!(fired(&mut world, minutes), [3]);
    // Of a sample each one stands for several: 4, 8 and 12 of what is kept are in the coarser one, too.
    let mut sampled = self::world(
        When::Users {
            count: 12,
            minutes: 10,
        },
        30,
    );
    let minutes = [of(0, &[4, 5, 6, 8], 1), of(1, &[4, 12], 4)];
    assert_eq!(fired(&mut sampled, minutes), [2]);
}

fn sessions(n: i64, sessions: u64, errored: u64, crashed: u64) -> Pulse {
    Pulse {
        sessions,
        errored,
        crashed,
        ..pulse(n, 0, 0)
    }
}

#[test]
fn a_share_of_sessions_falls_below() {
    let (below, minutes) = (9_900, 2);
    let when = When::CrashFree {
        below,
        minutes,
        sessions: 100,
    };
    // Few sessions say nothing; 1 of 100 is not below 99 %; 2 of 101 are.
    let minutes = [
        sessions(0, 50, 50, 50),
        sessions(1, 0, 0, 0),
        sessions(2, 100, 1, 1),
        sessions(3, 1, 1, 1),
    ];
    let mut world = world(when, 30);
    let fired = fired(&mut world, minutes);
    assert_eq!(fired, [4]);
}

#[test]
fn an_error_rate_rises_above() {
    let when = When::ErrorRate {
        above: 500,
        minutes: 1,
        sessions: 10,
    };
    let mut world = world(when, 0);
    world.minute(0, &[sessions(0, 100, 5, 0)]);
    world.minute(1, &[sessions(1, 100, 6, 0)]);
    world.until(200_000);
    let firing = world.judged.firings.pop().unwrap();
    let reason = &firing.causes[0].reason;
    assert_eq!((firing.time, firing.causes[0].issue), (at(120_000), None));
    assert_eq!(
        *reason,
        crate::model::alert::Reason::Counted {
            observed: 600,
            of: Some(100)
        }
    );
    assert!(world.judged.firings.is_empty());
}

#[test]
fn silence_is_told_once_each_time() {
    let mut world = world(When::Silence { minutes: 3 }, 5);
    let events = [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0];
    let minutes = (0..).zip(events).map(|(n, events)| pulse(n, 7, events));
    // Silent, heard again, silent again.
    assert_eq!(fired(&mut world, minutes), [8, 15, 18]);
}

#[test]
fn silence_that_falls_into_a_pause_is_told_behind_it() {
    let mut world = world(When::Silence { minutes: 1 }, 5);
    let events = [1, 0, 1, 0, 0, 0, 0, 0, 0, 0];
    let minutes = (0..).zip(events).map(|(n, events)| pulse(n, 7, events));
    // Silent, heard again, and still silent when it may be said.
    assert_eq!(fired(&mut world, minutes), [2, 3, 7]);
}

/// What rule 1 fired for, minute by minute: `!` over, `.` over no more.
fn ups_and_downs(world: &mut World) -> Vec<String> {
    world.until(100_000_000);
    let firings = std::mem::take(&mut world.judged.firings).into_iter();
    let said = firings.map(|firing| {
        let sign = if firing.causes[0].is_end() { '.' } else { '!' };
        format!("{}{sign}", Minute::of(firing.time).0 - NOON / 60)
    });
    said.collect()
}

#[test]
fn who_heard_that_a_share_is_bad_hears_that_it_is_well_again() {
    let error_rate = |at_most_every| {
        let (above, minutes, sessions) = (500, 1, 10);
        world(
            When::ErrorRate {
                above,
                minutes,
                sessions,
            },
            at_most_every,
        )
    };
    let bad = |n| sessions(n, 100, 50, 0);
    let well = |n| sessions(n, 100, 0, 0);
    let few = |n| sessions(n, 9, 0, 0);
    let minutes = [
        well(0),
        bad(1),
        bad(2),
        few(3),
        sessions(4, 0, 0, 0),
        well(5),
        well(6),
        bad(7),
    ];
    let mut each = error_rate(0);
    minutes
        .iter()
        .for_each(|pulse| each.minute(pulse.minute.0 - NOON / 60, std::slice::from_ref(pulse)));
    assert_eq!(ups_and_downs(&mut each), ["2!", "6.", "8!"]);
    // In a pause nothing is bad again, and nobody hears of the end of what nobody heard of.
    let mut seldom = error_rate(30);
    minutes
        .iter()
        .for_each(|pulse| seldom.minute(pulse.minute.0 - NOON / 60, std::slice::from_ref(pulse)));
    seldom.minute(8, &[well(8)]);
    assert_eq!(ups_and_downs(&mut seldom), ["2!", "6."]);
}

#[test]
fn a_rule_that_asks_for_something_else_meanwhile_says_nothing_of_the_end() {
    let ends = |change: fn(&mut AlertRule)| {
        let mut world = world(When::Silence { minutes: 1 }, 0);
        world.minute(0, &[pulse(0, 7, 1)]);
        world.minute(1, &[]);
        world.rules = rules([rule(1, change)]);
        world.counts = Counts::default();
        world.minute(2, &[pulse(2, 7, 1)]);
        ups_and_downs(&mut world)
    };
    assert_eq!(
        ends(|rule| rule.when = vec![When::Silence { minutes: 2 }]),
        ["2!", "3."]
    );
    assert_eq!(ends(|_| ()), ["2!"]);
    assert_eq!(ends(|rule| rule.enabled = false), [""; 0]);
}

#[test]
fn that_nothing_could_be_heard_ends_no_silence() {
    let mut world = world(When::Silence { minutes: 2 }, 0);
    world.minute(0, &[pulse(0, 7, 1)]);
    (1..5).for_each(|n| world.minute(n, &[]));
    world.counts.excuse(minute(5));
    (5..9).for_each(|n| world.minute(n, &[]));
    world.minute(9, &[pulse(9, 7, 1)]);
    assert_eq!(ups_and_downs(&mut world), ["3!", "10."]);
}

#[test]
fn one_second_holds_what_was_counted_and_what_happened() {
    let both = |rule: &mut AlertRule| {
        rule.when = vec![
            When::NewIssue,
            When::Events {
                count: 10,
                minutes: 1,
            },
        ]
    };
    let mut world = World::new([rule(1, both)]);
    world.minute(0, &[pulse(0, 1, 10), pulse(0, 2, 10), pulse(0, 3, 10)]);
    world.happens(60_900, 4, Happened::New);
    world.until(62_000);
    assert_eq!(world.fired(), ["rule 1 at 60.9: 1+2+3+4"]);
}

#[test]
fn ten_thousand_issues_are_judged_in_no_time() {
    let counting = |rule: &mut AlertRule| {
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
    };
    let mut world = World::new([rule(1, counting)]);
    let started = std::time::Instant::now();
    for n in 0..10 {
        let pulses: Vec<Pulse> = (1..=10_000)
            .map(|issue| Pulse {
                users: vec![n as u32, issue as u32],
                ..pulse(n, issue, 3)
            })
            .collect();
        world.minute(n, &pulses);
    }
    // Unoptimised, on a busy machine: the bound is what is promised of an optimised build.
    assert!(
        started.elapsed() < std::time::Duration::from_secs(10),
        "{:?}",
        started.elapsed()
    );
}
