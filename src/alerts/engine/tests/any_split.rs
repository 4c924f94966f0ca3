//! Whatever happens: judged as it comes, or in one go, or with a restart after each step, the same fires.

use proptest::prelude::*;

use super::*;
use crate::model::alert::QuietHours;

/// Something to be judged, so many milliseconds after what was before.
#[derive(Debug, Clone)]
enum Thing {
    Happening(i64, u64, u8),
    Minute(Vec<(u64, u64)>),
}

fn what(kind: u8) -> Happened {
    match kind {
        0..4 => Happened::New,
        4 => Happened::Spiking(spike()),
        5 => Happened::Recovered(spike()),
        _ => released("v2"),
    }
}

fn said() -> Vec<AlertRule> {
    vec![
        rule(1, |rule| rule.at_most_every = 2),
        rule(2, |rule| {
            rule.when = vec![When::NewIssue, When::IssueSpike, When::ProjectSpike];
            rule.at_most_every = 0;
            rule.quiet = Some(QuietHours {
                from: 723,
                until: 725,
                zone: "UTC".into(),
            });
        }),
        rule(3, |rule| {
            rule.when = vec![
                When::Events { count: 4, minutes: 2 },
                When::Silence { minutes: 1 },
            ];
            rule.muted_until = Some(at(400_000));
            rule.at_most_every = 3;
        }),
    ]
}

/// How the steps are taken.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    /// Things are judged, and nothing in between.
    InOneGo,
    /// In between, all is told that can be.
    StepByStep,
    /// After each step, all is read from the rows that were kept.
    WithRestarts,
}

fn judge(things: &[Thing], way: Way) -> Judged {
    let mut world = World::new(said());
    let mut rows = std::collections::BTreeMap::new();
    let (mut time, mut minutes) = (0, 0);
    let end = |minutes: i64| (minutes + 1) * 60_000;
    for thing in things {
        match thing {
            Thing::Happening(after, issue, kind) => {
                // What happens behind the end of a minute is judged behind the minute.
                time = (time + after).min(end(minutes) - 1);
                step(&mut world, way, time);
                world.happens(time, *issue, what(*kind));
            }
            Thing::Minute(issues) => {
                let pulses: Vec<_> = issues
                    .iter()
                    .map(|(issue, n)| pulse(minutes, *issue, *n))
                    .collect();
                step(&mut world, way, end(minutes));
                world.minute(minutes, &pulses);
                time = end(minutes);
                minutes += 1;
            }
        }
        if way == Way::WithRestarts {
            for (key, row) in world.memory.changes() {
                match row {
                    Some(row) => rows.insert(key, row),
                    None => rows.remove(&key),
                };
            }
            world.memory = Memory::read(rows.clone());
        }
    }
    world.until(100_000_000);
    world.judged
}

/// Tells what can be told before `millis`, bit by bit.
fn step(world: &mut World, way: Way, millis: i64) {
    if way == Way::StepByStep {
        for back in [20_000, 1_500, 300, 10, 0] {
            world.until(millis - back);
        }
    }
}

fn things() -> impl Strategy<Value = Vec<Thing>> {
    let issues = prop::collection::vec((1_u64..6, 1_u64..6), 0..4);
    let after = prop_oneof![0_i64..50, 200_i64..3_000, 3_000_i64..30_000];
    let thing = prop_oneof![
        4 => (after, 0_u64..12, 0_u8..7).prop_map(|(after, issue, kind)| Thing::Happening(after, issue, kind)),
        1 => issues.prop_map(Thing::Minute),
    ];
    prop::collection::vec(thing, 0..60)
}

proptest! {
    #[test]
    fn how_the_steps_are_taken_does_not_matter(things in things()) {
        let whole = judge(&things, Way::InOneGo);
        prop_assert_eq!(&judge(&things, Way::StepByStep), &whole);
        prop_assert_eq!(&judge(&things, Way::WithRestarts), &whole);
    }
}
